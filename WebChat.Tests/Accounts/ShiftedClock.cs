namespace WebChat.Tests.Accounts;

/// <summary>The time as it is, and as much later as a test has let pass.</summary>
internal sealed class ShiftedClock : TimeProvider
{
    private long passed;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref passed));

    public void Pass(TimeSpan time) => Interlocked.Add(ref passed, time.Ticks);
}
