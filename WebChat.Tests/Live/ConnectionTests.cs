using System.Diagnostics.Metrics;
using WebChat.Live;
using WebChat.Shared;

namespace WebChat.Tests.Live;

public sealed class ConnectionTests
{
    private static readonly Reader Ann = new() { UserId = 1, Name = "Ann", SessionId = "s", Language = "en" };

    [Fact]
    public async Task All_is_taken_when_the_other_side_has_taken_it_and_not_before()
    {
        var line = new StuckLine();
        using var connection = new Connection(line, () => { }, new Topics(), TimeProvider.System, Ann);
        Assert.True(connection.TakenAsync().IsCompleted);

        connection.Send("one"u8.ToArray());
        connection.Send("two"u8.ToArray());
        var taken = connection.TakenAsync();
        Assert.False(taken.IsCompleted);

        line.Take();
        await taken.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal("onetwo", line.Written);
    }

    [Fact]
    public async Task An_empty_frame_holds_nothing_back()
    {
        var line = new StuckLine();
        using var connection = new Connection(line, () => { }, new Topics(), TimeProvider.System, Ann);

        connection.Send("one"u8.ToArray());
        connection.Send(default);
        connection.Send("two"u8.ToArray());
        line.Take();

        await connection.TakenAsync().WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal("onetwo", line.Written);
    }

    [Fact]
    public async Task Nobody_waits_for_one_who_was_told_goodbye()
    {
        using var connection = new Connection(new StuckLine(), () => { }, new Topics(), TimeProvider.System, Ann);
        connection.Send("one"u8.ToArray());
        var taken = connection.TakenAsync();
        Assert.False(taken.IsCompleted);

        connection.Close(CloseCode.SignIn, "sign in");

        await taken.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.True(connection.TakenAsync().IsCompleted);
    }

    [Fact]
    public async Task Who_is_too_slow_is_counted_and_who_is_to_try_again_is_not()
    {
        using var put = new Connection(new StuckLine(), () => { }, new Topics(), TimeProvider.System, Ann);
        using var slow = new Connection(new StuckLine(), () => { }, new Topics(), TimeProvider.System, Ann);
        var counted = new AsyncLocal<int[]> { Value = [0] };
        var mine = counted.Value;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, me) =>
        {
            if (instrument.Meter.Name == Meters.Name && instrument.Name == "webchat.closed_too_slow")
                me.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, _, _, _) =>
        {
            if (counted.Value is { } count) // what this test does, not what others do meanwhile
                count[0]++;
        });
        listener.Start();

        put.Close(CloseCode.TooFarBehind, "try again");
        Assert.Equal(0, mine[0]);
        while (!slow.IsClosing)
            slow.Send("much"u8.ToArray());
        Assert.Equal(1, mine[0]);
        await slow.TakenAsync();
    }

    /// <summary>Takes nothing until it is told to.</summary>
    private sealed class StuckLine : MemoryStream
    {
        private readonly TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Written => System.Text.Encoding.ASCII.GetString(ToArray());

        public void Take() => opened.SetResult();

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await opened.Task;
            Write(buffer.Span);
        }
    }
}
