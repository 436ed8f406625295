using Dapper;
using WebChat.Messages;
using WebChat.Messages.Lucky;
using WebChat.Rooms;
using WebChat.Storage;

namespace WebChat.Tests.Messages.Lucky;

public sealed class LuckyStoreOnSqlite() : LuckyStoreTests(Engine.Sqlite);

public sealed class LuckyStoreOnPostgres() : LuckyStoreTests(Engine.Postgres);

public abstract class LuckyStoreTests(Engine engine) : IAsyncLifetime
{
    private const long Day = 86_400_000;
    private const long Sent = 1_000;

    private readonly Rows rows = new(engine);
    private readonly LuckyOptions options = new();
    private Rows other = null!;
    private LuckyStore lucky = null!, second = null!;
    private long ann, ben, cas, outsider, room;

    public async Task InitializeAsync()
    {
        await rows.InitializeAsync();
        other = await rows.OtherNodeAsync();
        (lucky, second) = (new LuckyStore(rows.Database, rows.Changes, options), new LuckyStore(other.Database, other.Changes, options));
        ann = await rows.UserAsync("ann");
        ben = await rows.UserAsync("ben");
        cas = await rows.UserAsync("cas");
        outsider = await rows.UserAsync("outsider");
        room = await rows.GroupAsync(ann);
        await rows.JoinAsync(room, ben);
        await rows.JoinAsync(room, cas);
    }

    public async Task DisposeAsync()
    {
        if (other != rows)
            await other.DisposeAsync();
        await rows.DisposeAsync();
    }

    [Fact]
    public async Task What_is_sent_leaves_the_sender_and_what_is_opened_comes_to_who_opened_it()
    {
        Assert.Equal(1000, await lucky.BalanceAsync(ann));
        var message = await SendAsync(ann, Equal(90, 3));
        Assert.Equal(910, await lucky.BalanceAsync(ann));

        var changed = await lucky.OpenAsync(ben, room, message.Seq, Sent + 1);

        Assert.Equal((ChangeOutcome.Changed, message.Rev + 1), (changed.Outcome, changed.Message!.Rev));
        Assert.Equal([new LuckyClaim(ben, 30)], changed.Message.Read<LuckyPacket>()!.Claims);
        Assert.Equal([new LuckyClaim(ben, 30)], (await rows.Messages.FindAsync(cas, room, message.Seq))!.Read<LuckyPacket>()!.Claims);
        Assert.Equal([message.Seq], (await rows.Messages.ChangesAsync(room, message.Rev, 10)).Select(m => m.Seq));
        Assert.Equal((910, 1030), (await lucky.BalanceAsync(ann), await lucky.BalanceAsync(ben)));
        Assert.Equal([(ben, 30L)], (await lucky.SharesAsync(cas, room, message.Seq)).Select(s => (s.UserId, s.Points)));
    }

    [Fact]
    public async Task Each_opens_once_the_sender_too_and_then_nothing_is_left()
    {
        var message = await SendAsync(ann, Equal(20, 2));

        Assert.Equal(ChangeOutcome.Changed, (await lucky.OpenAsync(ann, room, message.Seq, Sent)).Outcome);
        Assert.Equal(ChangeOutcome.Same, (await lucky.OpenAsync(ann, room, message.Seq, Sent)).Outcome);
        var last = await lucky.OpenAsync(ben, room, message.Seq, Sent);
        Assert.Equal(ChangeOutcome.Same, (await lucky.OpenAsync(cas, room, message.Seq, Sent)).Outcome);

        Assert.True(last.Message!.Read<LuckyPacket>()!.IsSpent);
        Assert.Equal((990, 1010, 1000), (await lucky.BalanceAsync(ann), await lucky.BalanceAsync(ben), await lucky.BalanceAsync(cas)));
    }

    [Fact]
    public async Task Who_is_not_in_the_room_opens_nothing_and_sees_nobody()
    {
        var message = await SendAsync(ann, Equal(20, 2));
        var text = (await rows.SayAsync(room, ann, "no money"))!;
        await lucky.OpenAsync(ben, room, message.Seq, Sent);

        foreach (var (who, where, place) in new[] { (outsider, room, message.Seq), (ben, room, 999L), (ben, 1L, message.Seq), (ben, room, -1L), (ben, room, text.Seq) })
            Assert.Equal(ChangeOutcome.Unknown, (await lucky.OpenAsync(who, where, place, Sent)).Outcome);

        Assert.Empty(await lucky.SharesAsync(outsider, room, message.Seq));
        await rows.Members.LeaveAsync(room, ben, rows.Notes.Add);
        Assert.Empty(await lucky.SharesAsync(ben, room, message.Seq));
        Assert.Equal(1000, await lucky.BalanceAsync(outsider));
        await AssertSumAsync();
    }

    [Fact]
    public async Task In_a_direct_room_it_is_the_others()
    {
        var direct = await rows.BefriendAsync((ann, "ann"), (ben, "ben"));
        var message = await SendAsync(ann, Equal(50, 1) with { IsDirect = true }, direct);

        Assert.Equal(ChangeOutcome.Forbidden, (await lucky.OpenAsync(ann, direct, message.Seq, Sent)).Outcome);
        Assert.Equal(ChangeOutcome.Unknown, (await lucky.OpenAsync(cas, direct, message.Seq, Sent)).Outcome);
        Assert.Equal(ChangeOutcome.Changed, (await lucky.OpenAsync(ben, direct, message.Seq, Sent)).Outcome);
        Assert.Equal((950, 1050), (await lucky.BalanceAsync(ann), await lucky.BalanceAsync(ben)));
    }

    [Fact]
    public async Task More_than_one_has_is_refused_and_leaves_neither_message_nor_gap()
    {
        var before = (await rows.Rooms.FindAsync(room, ann))!;

        var refused = await Assert.ThrowsAsync<PostRefusedException>(() => PostAsync(rows, lucky, ann, Equal(1001, 1), room));
        var rest = await SendAsync(ann, Equal(1000, 1));
        await Assert.ThrowsAsync<PostRefusedException>(() => PostAsync(other, second, ann, Equal(1, 1), room));

        Assert.Equal((400, nameof(LuckyModel.Points)), (refused.Status, refused.Field));
        Assert.Equal((before.Seq + 1, 0), (rest.Seq, await lucky.BalanceAsync(ann)));
        Assert.Equal(rest.Seq, (await rows.Rooms.FindAsync(room, ann))!.Seq);
    }

    [Fact]
    public async Task Sent_again_it_is_one_message_and_taken_once_even_when_it_was_all_one_had()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => PostAsync(i % 2 == 0 ? rows : other, i % 2 == 0 ? lucky : second, ann, Random(1000, 4), room, "once")));
        var message = answers.First(a => a.Outcome == PostOutcome.Stored).Message!;
        await lucky.OpenAsync(ben, room, message.Seq, Sent);
        var again = await PostAsync(other, second, ann, Random(1000, 4), room, "once");

        Assert.Single(answers, a => a.Outcome == PostOutcome.Stored);
        Assert.All(answers.Append(again), a => Assert.Equal(message.Seq, a.Message!.Seq));
        Assert.Equal(PostOutcome.AlreadyStored, again.Outcome);
        Assert.Equal(PostOutcome.ClientIdTaken, (await PostAsync(rows, lucky, ann, Random(999, 4), room, "once")).Outcome);
        Assert.Equal(0, await lucky.BalanceAsync(ann));
        await AssertSumAsync();
    }

    [Fact]
    public async Task The_same_person_at_two_nodes_at_once_gets_one_share()
    {
        var message = await SendAsync(ann, Random(100, 10));

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => (i % 2 == 0 ? lucky : second).OpenAsync(ben, room, message.Seq, Sent)));

        Assert.Single(outcomes, o => o.Outcome == ChangeOutcome.Changed);
        Assert.All(outcomes, o => Assert.Single(o.Message!.Read<LuckyPacket>()!.Claims));
        await AssertSumAsync();
    }

    [Fact]
    public async Task What_nobody_opened_in_time_goes_back_once_and_the_message_says_so()
    {
        var message = await SendAsync(ann, Equal(90, 3));
        await lucky.OpenAsync(ben, room, message.Seq, Sent);
        Assert.Empty(await lucky.DueAsync(Sent + Day - 1, 10));
        Assert.Equal(ChangeOutcome.Unknown, (await lucky.ReturnAsync(room, message.Seq, Sent + Day - 1)).Outcome);
        Assert.Equal([(room, message.Seq)], await second.DueAsync(Sent + Day, 10));

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => (i % 2 == 0 ? lucky : second).ReturnAsync(room, message.Seq, Sent + Day)));

        Assert.Single(outcomes, o => o.Outcome == ChangeOutcome.Changed);
        Assert.True((await rows.Messages.FindAsync(cas, room, message.Seq))!.Read<LuckyPacket>()!.IsReturned);
        Assert.Equal(970, await lucky.BalanceAsync(ann));
        Assert.Empty(await lucky.DueAsync(Sent + (2 * Day), 10));
        Assert.Equal(ChangeOutcome.Same, (await lucky.OpenAsync(cas, room, message.Seq, Sent + Day)).Outcome);
        await AssertSumAsync();
    }

    [Fact]
    public async Task Who_opens_too_late_gets_nothing_and_the_rest_goes_back_at_once()
    {
        var message = await SendAsync(ann, Equal(90, 3));

        var changed = await lucky.OpenAsync(ben, room, message.Seq, Sent + Day);

        Assert.True(changed.Message!.Read<LuckyPacket>() is { IsReturned: true, Claims.Count: 0 });
        Assert.Equal((1000, 1000), (await lucky.BalanceAsync(ann), await lucky.BalanceAsync(ben)));
        Assert.Empty(await lucky.DueAsync(Sent + (2 * Day), 10));
    }

    [Fact]
    public async Task The_rest_goes_back_to_one_who_left_and_from_a_room_that_is_gone()
    {
        var (left, gone) = (room, await rows.GroupAsync(ben, "Gone"));
        var one = await SendAsync(cas, Equal(100, 2));
        await rows.Members.LeaveAsync(left, cas, rows.Notes.Add);
        var two = await SendAsync(ben, Equal(100, 2), gone);
        await rows.Rooms.DissolveAsync(gone, ben);
        var rev = (await rows.Rooms.FindAsync(left, ann))!.Rev;
        Assert.Equal(ChangeOutcome.Unknown, (await lucky.OpenAsync(ben, gone, two.Seq, Sent)).Outcome);

        await new LuckySweep(lucky, new Later(Sent + Day), Microsoft.Extensions.Logging.Abstractions.NullLogger<LuckySweep>.Instance).SweepAsync();

        Assert.Equal((1000, 1000), (await lucky.BalanceAsync(cas), await lucky.BalanceAsync(ben)));
        Assert.Equal(rev + 1, (await rows.Messages.FindAsync(ann, left, one.Seq))!.Rev);
        Assert.Empty(await lucky.DueAsync(Sent + (2 * Day), 10));
        await AssertSumAsync();
    }

    [Fact]
    public async Task It_cannot_be_taken_back_by_anybody_and_keeps_what_was_opened_when_it_is_reacted_to()
    {
        var message = await SendAsync(ben, Equal(20, 2));
        await lucky.OpenAsync(cas, room, message.Seq, Sent);
        await rows.Changes.ReactAsync(cas, room, message.Seq, "🙏");

        Assert.Equal(ChangeOutcome.Forbidden, (await rows.Changes.RecallAsync(ben, room, message.Seq, 0, Sent)).Outcome);
        Assert.Equal(ChangeOutcome.Forbidden, (await rows.Changes.RecallAsync(ann, room, message.Seq, 0, Sent)).Outcome);
        Assert.Equal([new LuckyClaim(cas, 10)], (await rows.Messages.FindAsync(ann, room, message.Seq))!.Read<LuckyPacket>()!.Claims);
    }

    [Fact]
    public async Task Whatever_many_do_at_once_on_two_nodes_the_sum_of_all_points_stays()
    {
        var people = new List<long> { ann, ben, cas };
        for (var i = 0; i < 9; i++)
        {
            people.Add(await rows.UserAsync($"person{i}"));
            await rows.JoinAsync(room, people[^1]);
        }
        var sent = new System.Collections.Concurrent.ConcurrentBag<long>();
        var chance = new Random(4711);
        var plans = people.SelectMany((person, i) => Enumerable.Range(0, 3).Select(_ => (person, i, Total: chance.Next(1, 700), Shares: chance.Next(1, 15), IsRandom: chance.Next(2) == 0))).ToList();

        await Task.WhenAll(plans.Select(async plan =>
        {
            var (node, store) = plan.i % 2 == 0 ? (rows, lucky) : (other, second);
            var packet = plan.IsRandom ? Random(plan.Total + plan.Shares, plan.Shares) : Equal(plan.Total * plan.Shares, plan.Shares);
            try
            {
                var seq = (await PostAsync(node, store, plan.person, packet, room)).Message!.Seq;
                sent.Add(seq);
                await Task.WhenAll(people.SelectMany(person => new[] { lucky.OpenAsync(person, room, seq, Sent), second.OpenAsync(person, room, seq, Sent) })
                    .Append(second.ReturnAsync(room, seq, Sent + (seq % 2 == 0 ? Day : 0))));
            }
            catch (PostRefusedException)
            {
                // They had less than that by then.
            }
        }));

        Assert.NotEmpty(sent);
        await AssertSumAsync();
        foreach (var seq in sent)
        {
            var packet = (await rows.Messages.FindAsync(ann, room, seq))!.Read<LuckyPacket>()!;
            var shares = await lucky.SharesAsync(ann, room, seq);
            Assert.Equal(shares.Select(s => (s.UserId, s.Points)).Order(), packet.Claims.Select(c => (c.By, (long)c.Points)).Order());
            Assert.All(shares, s => Assert.True(s.Points >= 1));
            Assert.Distinct(shares.Select(s => s.UserId));
            Assert.True(shares.Count <= packet.Shares);
            Assert.True(packet.Left > 0 || shares.Sum(s => s.Points) == packet.Total);
            Assert.True(packet.IsRandom || shares.All(s => s.Points == packet.Total / packet.Shares));
        }
    }

    private static LuckyPacket Equal(int total, int shares) => new() { Greeting = "", Total = total, Shares = shares };

    private static LuckyPacket Random(int total, int shares) => Equal(total, shares) with { IsRandom = true };

    private async Task<StoredMessage> SendAsync(long user, LuckyPacket packet, long? where = null) => (await PostAsync(rows, lucky, user, packet, where ?? room)).Message!;

    private static Task<Posted> PostAsync(Rows node, LuckyStore store, long user, LuckyPacket packet, long room, string? clientId = null) =>
        node.Messages.PostAsync(new NewPost(user, room, "", clientId ?? Guid.NewGuid().ToString("N"), Sent) { Kind = LuckyKind.Id, Content = Content.Pack(packet) }, store.TakeAsync);

    /// <summary>Balances and what is left in packets are what everybody began with.</summary>
    private async Task AssertSumAsync()
    {
        var (users, sum) = await rows.Database.ReadAsync(c => c.QuerySingleAsync<(long, long)>(
            """
            SELECT count(*), CAST(sum(coalesce(p.balance, @start)) + (SELECT coalesce(sum(left_points), 0) FROM lucky) AS bigint)
            FROM users u LEFT JOIN points p ON p.user_id = u.id
            """, new { start = (long)options.Start }));
        Assert.Equal(users * options.Start, sum);
    }

    private sealed class Later(long at) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(at);
    }
}
