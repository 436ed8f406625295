using Dapper;
using WebChat.Accounts;
using WebChat.Messages;
using WebChat.Messages.Retention;
using WebChat.Rooms;
using WebChat.Shared;
using WebChat.Storage;

namespace WebChat.Tests.Nodes;

/// <summary>What people at different nodes see of each other.</summary>
public sealed class NodesTests(Cluster cluster) : IClassFixture<Cluster>
{
    [Fact]
    public async Task What_is_said_at_one_node_is_read_at_the_others_in_order_and_by_nobody_else()
    {
        var (ann, ben, room) = await cluster.First.FriendsAsync("says", "reads");
        using var eve = await cluster.First.SignUpAsync("elsewhere");
        await using var second = await cluster.ConnectAsync(ben, 1);
        await using var third = await cluster.ConnectAsync(ann, 2);
        await using var strange = await cluster.ConnectAsync(eve, 1);
        await second.OpenAsync(room, 1);
        await third.OpenAsync(room, 1);

        var token = await ann.TokenAsync();
        for (var i = 2; i <= 30; i++)
            Assert.Equal(i, await ann.SayAsync(room, $"number {i}", token));

        foreach (var tab in new[] { second, third })
        {
            await tab.NextMessageAsync(room, 30);
            Assert.Equal(Enumerable.Range(2, 29).Select(i => (long)i), tab.Seqs(room));
        }
        await strange.RoundTripAsync();
        Assert.DoesNotContain(strange.All, f => f.Contains("number", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_an_administrator_sets_and_announces_holds_at_the_other_nodes()
    {
        using var admin = await cluster.First.SignUpAsync("decides");
        using var ben = await cluster.First.SignUpAsync("obeys");
        await cluster.First.Get<Database>().ExecuteAsync("UPDATE users SET is_admin = 1 WHERE account = 'decides'", new { });
        await using var open = await cluster.ConnectAsync(ben, 2);
        using var there = ben.At(cluster.Nodes[1]);

        await admin.SubmitAsync("/admin/announcement", "Announce", ("Text", "Down at ten"));
        await admin.SubmitAsync("/admin/settings", "Save", ("Words that are refused", "darn"));

        await open.NextAsync(f => f.Contains("Down at ten", StringComparison.Ordinal));
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while ((await there.SubmitAsync("/me", "Save", ("Signature", "darn"))).StatusCode == System.Net.HttpStatusCode.Redirect)
            await Task.Delay(20, soon.Token);
        await admin.SubmitAsync("/admin/settings", "Save", ("Words that are refused", ""));
        await admin.SubmitAsync("/admin/announcement", "Withdraw");
        await open.NextAsync(f => f == "{\"announcement\":null}");
    }

    [Fact]
    public async Task What_one_node_deletes_for_its_age_is_seen_no_more_at_the_others()
    {
        var (ann, ben, room) = await cluster.First.FriendsAsync("keeps-not", "watches");
        var kept = await ann.SayAsync(room, "today");
        await cluster.First.Get<Database>().ExecuteAsync("UPDATE messages SET created_at = 1 WHERE room = @room AND seq < @kept", new { room, kept });
        await using var there = await cluster.ConnectAsync(ben, 2);
        await there.OpenAsync(room);
        Assert.DoesNotContain(there.All, f => f.Contains("begins", StringComparison.Ordinal));

        await cluster.First.Get<AgeStore>().DeleteSomeAsync(room, before: 2, most: 50);

        await there.NextAsync(f => f == $$$"""{"begins":{"room":"{{{room}}}","seq":{{{kept}}}}}""");
    }

    [Fact]
    public async Task A_node_listens_to_a_room_from_its_first_reader_to_its_last()
    {
        var (ann, ben, room) = await cluster.First.FriendsAsync("first-reader", "last-reader");
        Assert.Equal(0, await cluster.Redis.ListenersAsync(room));
        await using (var one = await cluster.ConnectAsync(ann, 1))
        {
            await one.OpenAsync(room);
            await using var two = await cluster.ConnectAsync(ben, 1);
            await two.OpenAsync(room);
            await using var three = await cluster.ConnectAsync(ben, 2);
            await three.OpenAsync(room);
            Assert.Equal(2, await cluster.Redis.ListenersAsync(room));
            await two.SendAsync("""{"room":null}""");
            await two.RoundTripAsync();
            Assert.Equal(2, await cluster.Redis.ListenersAsync(room));
        }
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (await cluster.Redis.ListenersAsync(room) > 0)
            await Task.Delay(20, limit.Token);
    }

    [Fact]
    public async Task Programs_at_other_nodes_hear_the_same_and_end_with_their_tokens()
    {
        var (ann, ben, room) = await cluster.First.FriendsAsync("ann-scripts", "ben-scripts");
        var token = await ann.MakeTokenAsync();
        await using var there = await LiveSocket.ProgramAsync(cluster.Nodes[1].Address, token);
        await using var elsewhere = await LiveSocket.ProgramAsync(cluster.Nodes[2].Address, await ben.MakeTokenAsync());
        await there.SayAsync(new { room = $"{room}" });
        await there.NextMessageAsync("open");

        await elsewhere.SayAsync(new { room = $"{room}", message = "from the third node" });
        await ben.SayAsync(room, "from the first");

        await there.NextMessageAsync("from the third node");
        await there.NextMessageAsync("from the first");
        await elsewhere.NextMessageAsync("from the first");
        await ann.SubmitAsync("/me/tokens", "Remove");
        Assert.Equal(4401, await there.ClosedAsync());
        await elsewhere.RoundTripAsync();
    }

    [Fact]
    public async Task A_list_at_another_node_hears_what_came_last()
    {
        var (ann, ben, room) = await cluster.First.FriendsAsync("heads", "lists");
        await using var tab = await cluster.ConnectAsync(ben, 2);
        await tab.RoundTripAsync();

        await ann.SayAsync(room, "the boat is late");

        await tab.NextAsync(f => f.StartsWith("""{"head":""", StringComparison.Ordinal) && f.Contains("the boat is late", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Signing_out_at_one_node_ends_the_sockets_at_all()
    {
        var ann = await cluster.First.SignUpAsync("leaves-all");
        await using var here = await cluster.ConnectAsync(ann, 0);
        await using var there = await cluster.ConnectAsync(ann, 1);
        await here.RoundTripAsync();
        await there.RoundTripAsync();

        await ann.SubmitAsync("/me", "Sign out");

        Assert.Equal(4401, await here.ClosedAsync());
        Assert.Equal(4401, await there.ClosedAsync());
    }

    [Fact]
    public async Task Who_is_put_out_of_a_group_at_one_node_reads_no_more_at_another()
    {
        var (ann, ben, _) = await cluster.First.FriendsAsync("owner-here", "member-there");
        var group = await ann.NewGroupAsync("Ferrymen");
        await ben.SubmitAsync($"/rooms/find?q={group}", "Join");
        await using var tab = await cluster.ConnectAsync(ben, 2);
        await tab.OpenAsync(group);

        Assert.Equal(MemberOutcome.Done, await cluster.First.Get<Groups>().RemoveAsync(group, await ann.IdAsync(), await ben.IdAsync()));

        await tab.NextAsync(f => f.Contains("unknown-room", StringComparison.Ordinal));
        await ann.SayAsync(group, "now we are alone");
        await tab.RoundTripAsync();
        Assert.DoesNotContain(tab.All, f => f.Contains("alone", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_comes_at_one_node_is_here_at_the_others_and_gone_when_the_last_tab_anywhere_is()
    {
        var (ann, ben, _) = await cluster.First.FriendsAsync("comes-first", "watches-second");
        var id = await ann.IdAsync();
        await using var watching = await cluster.ConnectAsync(ben, 1);
        await watching.NextAsync(f => f.StartsWith("""{"online":""", StringComparison.Ordinal));

        await using var first = await cluster.ConnectAsync(ann, 0);
        await watching.NextAsync(f => f == $$$"""{"here":{"user":{{{id}}},"on":true}}""");
        await using (await cluster.ConnectAsync(ann, 2))
            Assert.Contains("comes-first", (await ben.At(cluster.Nodes[1]).GetPageAsync("/online")).Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains("comes-first", (await ben.At(cluster.Nodes[2]).GetPageAsync("/online")).Body!.TextContent, StringComparison.Ordinal);
        await ann.SubmitAsync("/me", "Sign out");

        await watching.NextAsync(f => f == $$$"""{"here":{"user":{{{id}}},"on":false}}""");
    }

    [Fact]
    public async Task Who_types_at_one_node_is_seen_typing_at_another()
    {
        var (ann, ben, room) = await cluster.First.FriendsAsync("types", "sees-it");
        await using var typing = await cluster.ConnectAsync(ann, 0);
        await using var seeing = await cluster.ConnectAsync(ben, 1);
        await typing.OpenAsync(room);
        await seeing.OpenAsync(room);

        await typing.SendAsync($$$"""{"typing":"{{{room}}}"}""");

        await seeing.NextAsync(f => f.StartsWith("""{"typing":""", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_word_that_was_lost_is_read_from_the_database_even_the_last_one()
    {
        var (ann, ben, room) = await cluster.First.FriendsAsync("unheard", "hears-later");
        await using var tab = await cluster.ConnectAsync(ben, 1);
        await tab.OpenAsync(room, 1);

        // Committed past every node's ears, as by one that died before it could say so.
        await CommitSilentlyAsync(room, await ann.IdAsync(), "nobody was told");

        Assert.Contains("nobody was told", await tab.NextMessageAsync(room, 2), StringComparison.Ordinal);
        Assert.Equal(3, await ann.SayAsync(room, "and on we go"));
        await tab.NextMessageAsync(room, 3);
        Assert.Equal([2, 3], tab.Seqs(room));
    }

    [Fact]
    public async Task A_session_that_ended_unheard_loses_its_socket_and_so_does_a_membership()
    {
        var (ann, ben, room) = await cluster.First.FriendsAsync("session-ends", "parted");
        await using var signedOut = await cluster.ConnectAsync(ann, 1);
        await using var parted = await cluster.ConnectAsync(ben, 2);
        await signedOut.RoundTripAsync();
        await parted.OpenAsync(room);
        var database = cluster.First.Get<Database>();
        var (a, b) = (await ann.IdAsync(), await ben.IdAsync());

        await database.WriteAsync(c => c.ExecuteAsync("DELETE FROM sessions WHERE user_id = @a; DELETE FROM members WHERE room = @room AND user_id = @b", new { a, b, room }));
        var since = System.Diagnostics.Stopwatch.StartNew();

        Assert.Equal(4401, await signedOut.ClosedAsync());
        await parted.NextAsync(f => f.Contains("unknown-room", StringComparison.Ordinal));
        Assert.InRange(since.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(6));
    }

    [Fact]
    public async Task Without_redis_posts_and_sign_ins_go_on_and_reach_other_nodes_within_seconds()
    {
        var (ann, ben, room) = await cluster.First.FriendsAsync("posts-on", "reads-on");
        await using var tab = await cluster.ConnectAsync(ben, 1);
        await tab.OpenAsync(room, 1);
        await cluster.Redis.StopAsync();

        Assert.Equal(2, await ann.SayAsync(room, "nobody passes words on"));
        Assert.Contains("nobody passes words on", await tab.NextMessageAsync(room, 2), StringComparison.Ordinal);
        using var visitor = cluster.Nodes[1].Visitor();
        var refused = await visitor.SubmitAsync("/accounts/register", "Send code", ("E-mail", "later@example.org"));
        Assert.Contains("Try again soon.", (await Person.ReadAsync(refused)).Body!.TextContent, StringComparison.Ordinal);
        using var again = new Person(cluster.Nodes[2], "posts-on", "en");
        Assert.Equal(System.Net.HttpStatusCode.Redirect, (await again.SignInAsync()).StatusCode);

        await cluster.Redis.StartAsync();
        Assert.Equal(3, await ann.SayAsync(room, "words again"));
        await tab.NextMessageAsync(room, 3);
        Assert.Equal([2, 3], tab.Seqs(room));
    }

    [Fact]
    public async Task A_code_asked_for_at_one_node_is_good_once_at_another()
    {
        using var zoe = cluster.First.Visitor();
        await zoe.SubmitAsync("/accounts/register", "Send code", ("E-mail", "zoe@example.org"));
        var code = cluster.First.CodeFor("zoe@example.org");
        using var there = zoe.At(cluster.Nodes[1]);

        var wrong = await there.SubmitAsync("/accounts/register", "Create account", ("Code", code[0] == '9' ? "00000000" : "99999999"), ("Account", "zoe"), ("Nickname", "Zoe"), ("Password", App.Password));
        Assert.Equal(System.Net.HttpStatusCode.OK, wrong.StatusCode);
        var page = await there.GetPageAsync("/accounts/register");
        var right = await there.SubmitAsync(page, "Create account", ("Code", code), ("Account", "zoe"), ("Nickname", "Zoe"), ("Password", App.Password));

        Assert.Equal(System.Net.HttpStatusCode.Redirect, right.StatusCode);
        Assert.False(await cluster.Nodes[2].Get<Codes>().TryUseAsync("ZOE@EXAMPLE.ORG", CodeFlow.Register, "any", code));
    }

    [Fact]
    public async Task Tries_at_all_nodes_are_counted_together()
    {
        var rates = cluster.Nodes.Select(n => n.Get<RateLimits>()).ToList();
        for (var i = 0; i < 3; i++)
            Assert.Null(await rates[i].TakeAsync("try", "somebody", 3, TimeSpan.FromMinutes(1)));
        Assert.NotNull(await rates[0].TakeAsync("try", "somebody", 3, TimeSpan.FromMinutes(1)));
        Assert.Null(await rates[0].TakeAsync("try", "somebody else", 3, TimeSpan.FromMinutes(1)));

        var lockouts = cluster.Nodes.Select(n => n.Get<Lockouts>()).ToList();
        for (var i = 0; i < 5; i++)
            Assert.True(await lockouts[i % 3].TryBeginAsync("ANN", "192.0.2.9"));
        Assert.False(await lockouts[2].TryBeginAsync("ANN", "192.0.2.9"));
        Assert.True(await lockouts[2].TryBeginAsync("ANN", "192.0.2.10"));
        await lockouts[1].SucceededAsync("ANN", "192.0.2.9");
        Assert.True(await lockouts[0].TryBeginAsync("ANN", "192.0.2.9"));
    }

    private Task CommitSilentlyAsync(long room, long author, string body) =>
        cluster.First.Get<Database>().WriteAsync(async c =>
        {
            var log = cluster.First.Get<RoomLog>();
            var head = (await log.LockAsync(c, [room]))[room];
            var message = head.Next(new Author { Id = author, Account = "x", Nickname = "x" }, MessageKind.Text, body, Guid.NewGuid().ToString("N"), 1_000);
            await log.AppendAsync(c, [head], [message]);
        });
}
