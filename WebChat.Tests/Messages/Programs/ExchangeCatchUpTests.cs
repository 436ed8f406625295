using WebChat.Messages;
using static WebChat.Tests.Messages.Programs.Exchanged;

namespace WebChat.Tests.Messages.Programs;

/// <summary>What a program gets of what it missed.</summary>
public sealed class ExchangeCatchUpTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task From_now_on_from_the_beginning_and_from_a_change_on()
    {
        using var ann = await app.SignUpAsync("ann-x10");
        var room = await ann.NewGroupAsync("Times");
        for (var i = 2; i <= 4; i++)
            await ann.SayAsync(room, $"number {i}");
        await using var script = await ann.RunProgramAsync();

        foreach (var (opening, expected) in new (object, long[])[]
        {
            (new { room = Text(room) }, []), (new { room = Text(room), rev = (long?)null }, []), (new { room = Text(room), rev = 0 }, [1, 2, 3, 4]), (new { room = Text(room), rev = 2 }, [3, 4]),
            (new { room = Text(room), rev = 4 }, []), (new { room = Text(room), rev = 999 }, [1, 2, 3, 4]), (new { room = Text(room), rev = -1 }, [1, 2, 3, 4]),
        })
        {
            script.All.Clear();
            await script.SayAsync(opening);
            Assert.Equal(4, Json(await script.NextMessageAsync("\"open\"")).GetProperty("rev").GetInt64());
            Assert.Equal(expected, Seqs(script));
        }
        await script.SendAsync("""{"room":null}""");
        await script.RoundTripAsync();
        await ann.SayAsync(room, "into silence");
        await script.RoundTripAsync();
        Assert.DoesNotContain(script.All, f => f.Contains("silence", StringComparison.Ordinal));
    }

    [Fact]
    public async Task However_much_was_missed_nothing_is_left_out_and_first_sights_are_in_order()
    {
        using var ann = await app.SignUpAsync("ann-x11");
        var room = await ann.NewGroupAsync("Long");
        var id = await ann.IdAsync();
        const int many = 3 * Missed.Most;
        await Task.WhenAll(Enumerable.Range(0, many).Select(i => app.Get<MessageStore>().PostAsync(new NewPost(id, room, $"number {i}", $"long-{i}", 1))));
        await ann.ActAsync(room, 5, "reactions", ("emoji", "👍")); // its last change comes after all others
        await using var script = await ann.RunProgramAsync();

        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < 20; i++)
            {
                await ann.ActAsync(room, 10 + i, "reactions", ("emoji", "🎉"));
                await ann.SayAsync(room, $"meanwhile {i}");
            }
        });
        await script.SayAsync(new { room = Text(room), rev = 0 });
        await script.NextMessageAsync("\"open\"");
        await writing;
        await ann.SayAsync(room, "the end");
        await script.NextMessageAsync("the end");

        var told = Told(script);
        Assert.Equal(Enumerable.Range(1, many + 22).Select(i => (long)i), told.Select(m => m.Seq).Distinct());
        var last = new Dictionary<long, long>();
        foreach (var (seq, rev) in told)
        {
            Assert.True(rev > last.GetValueOrDefault(seq), $"{seq} was told twice as change {rev}");
            last[seq] = rev;
        }
        foreach (var changed in await app.Get<MessageStore>().ChangesAsync(room, 0, 10_000))
            Assert.Equal(changed.Rev, last[changed.Seq]);
    }
}
