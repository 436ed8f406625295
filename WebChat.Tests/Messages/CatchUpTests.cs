using System.Text.RegularExpressions;

namespace WebChat.Tests.Messages;

public sealed partial class CatchUpTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task What_was_missed_comes_in_order_and_goes_on_live()
    {
        var (ann, ben, room) = await app.FriendsAsync("ann1", "ben1");
        var token = await ann.TokenAsync();
        for (var i = 0; i < 10; i++)
            await ann.SayAsync(room, $"missed {i}", token);

        await using var socket = await ben.ConnectAsync();
        await socket.OpenAsync(room, rev: 4);
        var live = await ann.SayAsync(room, "live", token);
        await socket.NextMessageAsync(room, live);

        Assert.Equal(Enumerable.Range(5, 8).Select(i => (long)i), Seen(socket));
    }

    [Fact]
    public async Task How_far_the_others_have_read_meanwhile_is_told_to_members_alone()
    {
        var (ann, ben, room) = await app.FriendsAsync("ann-marks", "ben-marks");
        await ann.SayAsync(room, "read by ben before this socket opens");
        await ben.GetPageAsync($"/rooms/{room}");
        using var eve = await app.SignUpAsync("eve-marks");
        await using var strange = await eve.ConnectAsync();
        await strange.OpenAsync(room);

        await using var socket = await ann.ConnectAsync();
        await socket.OpenAsync(room, rev: 2);

        Assert.Contains($$$"""{"seen":{"room":"{{{room}}}","marks":[[{{{await ben.IdAsync()}}},2]]}}""", socket.All);
        Assert.DoesNotContain(strange.All, f => f.Contains("seen", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_one_member_was_told_a_moment_ago_is_not_told_to_those_who_may_not_read_it()
    {
        var (ann, ben, direct) = await app.FriendsAsync("ann-secret", "ben-secret");
        using var eve = await app.SignUpAsync("eve-secret");
        var group = await ann.NewGroupAsync("Secrets");
        await eve.SubmitAsync($"/rooms/find?q={group}", "Join");
        await ann.SayAsync(group, "said in the group");
        await using (var member = await eve.ConnectAsync())
        {
            await member.OpenAsync(group, 1);
            Assert.Contains(member.All, f => f.Contains("said in the group", StringComparison.Ordinal)); // so it is kept for others
        }
        await ann.SayAsync(direct, "said to ben");
        await using (var member = await ben.ConnectAsync())
        {
            await member.OpenAsync(direct, 1);
            Assert.Contains(member.All, f => f.Contains("said to ben", StringComparison.Ordinal));
        }

        await eve.SubmitAsync(await Person.ReadAsync(await eve.SubmitAsync($"/rooms/{group}/settings", "Leave group")), "Leave group");
        await ben.SubmitAsync("/people/ann-secret/block", "Block");
        await ann.SayAsync(direct, "said to one who does not listen");

        await using var outsider = await eve.ConnectAsync();
        await outsider.OpenAsync(group, 1);
        await outsider.OpenAsync(direct, 1);
        await using var deaf = await ben.ConnectAsync();
        await deaf.OpenAsync(direct, 1);
        await using var heard = await ann.ConnectAsync();
        await heard.OpenAsync(direct, 1);
        Assert.Equal(2, outsider.All.Count(f => f.Contains("unknown-room", StringComparison.Ordinal)));
        Assert.DoesNotContain(outsider.All, f => f.Contains("<article", StringComparison.Ordinal));
        Assert.Contains(deaf.All, f => f.Contains("unknown-room", StringComparison.Ordinal));
        Assert.DoesNotContain(deaf.All, f => f.Contains("<article", StringComparison.Ordinal));
        Assert.Contains(heard.All, f => f.Contains("said to one who does not listen", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Many_who_come_back_at_once_get_what_they_missed_each_in_their_own_language_and_go_on_live()
    {
        var (ann, ben, room) = await app.FriendsAsync("ann-many", "ben-many");
        await ann.SubmitAsync("/me", "Save", ("Nickname", "Ann"), ("Language", "zh-Hans"));
        await ann.SayAsync(room, "missed by many");
        var english = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => ben.ConnectAsync()));
        await using var chinese = await ann.ConnectAsync();

        await Task.WhenAll(english.Append(chinese).Select(s => s.OpenAsync(room, 0)));
        await ann.SayAsync(room, "live");

        foreach (var socket in english.Append(chinese))
        {
            await socket.NextMessageAsync(room, 3);
            Assert.Equal([1, 2, 3], Seen(socket));
        }
        Assert.All(english, s => Assert.DoesNotContain(s.All, f => f.Contains("好友", StringComparison.Ordinal)));
        Assert.Contains(chinese.All, f => f.Contains("好友", StringComparison.Ordinal));
        foreach (var socket in english)
            await socket.DisposeAsync();
    }

    [Fact]
    public async Task After_more_than_two_hundred_the_latest_page_comes_anew()
    {
        var (ann, ben, room) = await app.FriendsAsync("ann2", "ben2");
        var token = await ann.TokenAsync();
        for (var i = 0; i < 210; i++)
            await ann.SayAsync(room, $"missed {i}", token);

        await using var socket = await ben.ConnectAsync();
        await socket.OpenAsync(room, rev: 1);

        Assert.Contains(socket.All, f => f.Contains("data-anew", StringComparison.Ordinal));
        Assert.Equal(Enumerable.Range(162, 50).Select(i => (long)i), Seen(socket));
    }

    [Theory]
    [InlineData(9_000_000_000_000_000_000)]
    [InlineData(long.MaxValue)]
    [InlineData(40)]
    public async Task Who_claims_to_have_seen_what_is_yet_to_come_gets_the_page_anew_and_keeps_nothing_from_others(long rev)
    {
        var (ann, ben, room) = await app.FriendsAsync($"ann{rev % 1000}x", $"ben{rev % 1000}x");
        var token = await ann.TokenAsync();
        await ann.SayAsync(room, "before", token);
        await using var forged = await ben.ConnectAsync();
        await forged.OpenAsync(room, rev);
        Assert.Contains(forged.All, f => f.Contains("data-anew", StringComparison.Ordinal) && f.Contains("before", StringComparison.Ordinal));
        await using var honest = await ann.ConnectAsync();
        await honest.OpenAsync(room, 2);

        await ann.SayAsync(room, "after", token);

        await honest.NextMessageAsync(room, 3);
        await forged.NextMessageAsync(room, 3);
        Assert.Equal([3], Seen(honest));
        Assert.Equal([1, 2, 3], Seen(forged));
    }

    [Fact]
    public async Task Readers_who_come_and_go_while_others_write_see_every_place_once_and_in_order()
    {
        var (ann, ben, room) = await app.FriendsAsync("ann3", "ben3");
        var token = await ann.TokenAsync();
        const int posts = 150;
        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < posts; i++)
                await ann.SayAsync(room, $"line {i}", token);
        });

        var seen = new List<long>();
        var rev = 0L;
        while (seen.Count == 0 || seen[^1] < posts + 1)
        {
            await using var socket = await ben.ConnectAsync();
            await socket.OpenAsync(room, rev);
            if (Seen(socket).Count == 0) // else what was missing came with the opening, and it may have been the last
                await socket.NextAsync(f => f.Contains("<article", StringComparison.Ordinal));
            var here = Seen(socket);
            seen.AddRange(here);
            rev = Math.Max(rev, here.DefaultIfEmpty(0).Max()); // every change here is a post: rev and seq are alike
        }
        await writing;

        Assert.Equal(Enumerable.Range(1, posts + 1).Select(i => (long)i), seen);
    }

    /// <summary>First sights of places, in the order of the frames.</summary>
    private static List<long> Seen(LiveSocket socket)
    {
        lock (socket.All)
            return socket.All.SelectMany(f => Place().Matches(f)).Select(m => long.Parse(m.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture)).Distinct().ToList();
    }

    [GeneratedRegex("data-seq=\"(\\d+)\"", RegexOptions.None, 1000)]
    private static partial Regex Place();
}
