using Dapper;
using WebChat.Messages;

namespace WebChat.Tests.Messages;

public sealed class MessageStoreOnSqlite() : MessageStoreTests(Engine.Sqlite);

public sealed class MessageStoreOnPostgres() : MessageStoreTests(Engine.Postgres);

public abstract class MessageStoreTests(Engine engine) : IAsyncLifetime
{
    private readonly Rows rows = new(engine);
    private Rows other = null!;
    private long ann, ben, outsider, room;

    public async Task InitializeAsync()
    {
        await rows.InitializeAsync();
        other = await rows.OtherNodeAsync();
        ann = await rows.UserAsync("ann");
        ben = await rows.UserAsync("ben");
        outsider = await rows.UserAsync("outsider");
        room = await rows.GroupAsync(ann);
        await rows.JoinAsync(room, ben);
    }

    public async Task DisposeAsync()
    {
        if (other != rows)
            await other.DisposeAsync();
        await rows.DisposeAsync();
    }

    [Fact]
    public async Task A_message_that_names_nobody_in_the_room_is_stored_like_any_other()
    {
        SqlMapper.PurgeQueryCache(); // as after a start: SQLite says of a result without rows nothing of its types

        Assert.NotNull(await rows.SayAsync(room, ann, "is @somebody here?"));
    }

    [Fact]
    public async Task The_same_client_id_a_hundred_times_at_once_on_two_nodes_is_one_message_and_a_hundred_equal_answers()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => PostAsync(i % 2 == 0 ? rows : other, ann, room, "once", "same")));

        Assert.Single(answers, a => a.Outcome == PostOutcome.Stored);
        Assert.All(answers, a => Assert.Equal(answers[0].Message!.Seq, a.Message!.Seq));
        Assert.Single(await rows.Messages.BeforeAsync(ben, room, long.MaxValue, 50), m => m.Body == "once");
    }

    [Fact]
    public async Task A_client_id_used_for_other_words_or_another_room_is_taken()
    {
        var second = await rows.GroupAsync(ann, "Second");
        await PostAsync(rows, ann, room, "first words", "one");

        Assert.Equal(PostOutcome.ClientIdTaken, (await PostAsync(other, ann, room, "other words", "one")).Outcome);
        Assert.Equal(PostOutcome.ClientIdTaken, (await PostAsync(rows, ann, second, "first words", "one")).Outcome);
        Assert.Equal(PostOutcome.Stored, (await PostAsync(other, ben, room, "other words", "one")).Outcome);
    }

    [Fact]
    public async Task A_client_id_used_in_two_rooms_at_once_on_two_nodes_is_taken_in_one_and_refuses_no_other_post()
    {
        var second = await rows.GroupAsync(ann, "Second");
        await rows.JoinAsync(second, ben);
        for (var round = 0; round < 25; round++)
        {
            var id = $"twice-{round}";
            var twice = Task.WhenAll(PostAsync(rows, ann, room, "here", id), PostAsync(other, ann, second, "there", id));
            var others = Task.WhenAll(Enumerable.Range(0, 10).Select(i => PostAsync(i % 2 == 0 ? rows : other, ben, i % 2 == 0 ? room : second, $"{i}", $"ben-{round}-{i}")));

            Assert.Equal([PostOutcome.Stored, PostOutcome.ClientIdTaken], (await twice).Select(p => p.Outcome).Order());
            Assert.All(await others, p => Assert.Equal(PostOutcome.Stored, p.Outcome));
        }
    }

    [Fact]
    public async Task An_outsider_writes_nothing_even_among_members()
    {
        var answers = await Task.WhenAll(PostAsync(rows, ann, room, "a", "a"), PostAsync(rows, outsider, room, "b", "b"), PostAsync(rows, ben, room, "c", "c"), PostAsync(rows, ann, 1, "d", "d"));

        Assert.Equal([PostOutcome.Stored, PostOutcome.UnknownRoom, PostOutcome.Stored, PostOutcome.UnknownRoom], answers.Select(a => a.Outcome));
        Assert.Empty(await rows.Messages.BeforeAsync(outsider, room, long.MaxValue, 50));
    }

    [Fact]
    public async Task Many_writers_in_many_rooms_on_two_nodes_leave_no_gap_and_wait_for_nobody_in_a_circle()
    {
        var rooms = new List<long> { room };
        for (var i = 0; i < 4; i++)
        {
            rooms.Add(await rows.GroupAsync(ann, $"Room {i}"));
            await rows.JoinAsync(rooms[^1], ben);
        }

        var posts = Enumerable.Range(0, 400).Select(i => PostAsync(i % 2 == 0 ? rows : other, i % 3 == 0 ? ann : ben, rooms[i % rooms.Count], $"{i}", $"client-{i}"));
        var marks = Enumerable.Range(0, 200).Select(i => (i % 2 == 0 ? other : rows).Reads.MarkAsync(i % 3 == 0 ? ben : ann, rooms[i % rooms.Count], 1 + i % 3));
        var joins = Enumerable.Range(0, 20).Select(i => (i % 2 == 0 ? rows : other).JoinAsync(rooms[i % rooms.Count], outsider));
        await Task.WhenAll(posts.Concat<Task>(marks).Concat(joins));

        foreach (var number in rooms)
        {
            var all = await rows.Messages.AfterAsync(ann, number, 0, 1000);
            Assert.Equal(Enumerable.Range(1, all.Count).Select(i => (long)i), all.Select(m => m.Seq));
            Assert.Equal(all.Count, all.Select(m => m.Rev).Distinct().Count());
            var head = await rows.Rooms.FindAsync(number, ann);
            Assert.Equal(all.Count, head!.Seq);
            Assert.InRange(head.ReadSeq, 0, head.Seq);
        }
    }

    [Fact]
    public async Task What_one_write_breaks_it_breaks_for_itself()
    {
        var broken = rows.Database.WriteAsync(async c =>
        {
            await c.ExecuteAsync("UPDATE rooms SET name = 'Spoilt' WHERE number = @room", new { room });
            await c.ExecuteAsync("INSERT INTO rooms (number) VALUES (@room)", new { room });
        });
        var whole = Task.WhenAll(Enumerable.Range(0, 20).Select(i => PostAsync(rows, ann, room, $"{i}", $"client-{i}")));

        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => broken);
        Assert.All(await whole, a => Assert.Equal(PostOutcome.Stored, a.Outcome));
        Assert.Equal("Walkers", (await rows.Rooms.FindAsync(room, ann))!.Name);
    }

    private static Task<Posted> PostAsync(Rows node, long user, long number, string body, string clientId) =>
        node.Messages.PostAsync(new NewPost(user, number, body, clientId, 1_000));
}
