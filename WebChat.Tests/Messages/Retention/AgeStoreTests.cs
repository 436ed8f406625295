using Dapper;
using WebChat.Media;
using WebChat.Messages;
using WebChat.Messages.Formatting;
using WebChat.Messages.Retention;
using WebChat.Messages.Search;
using WebChat.Rooms;

namespace WebChat.Tests.Messages.Retention;

public sealed class AgeStoreOnSqlite() : AgeStoreTests(Engine.Sqlite);

public sealed class AgeStoreOnPostgres() : AgeStoreTests(Engine.Postgres);

public abstract class AgeStoreTests(Engine engine) : IAsyncLifetime
{
    private const long Old = 1_000;
    private const long Border = 5_000;
    private const long New = 9_000;

    private readonly Rows rows = new(engine);
    private AgeStore store = null!;
    private long ann, ben, room;

    public async Task InitializeAsync()
    {
        await rows.InitializeAsync();
        store = new AgeStore(rows.Database, rows.Index);
        ann = await rows.UserAsync("ann");
        ben = await rows.UserAsync("ben");
        room = await rows.GroupAsync(ann);
        await rows.JoinAsync(room, ben);
        await rows.Database.ExecuteAsync("UPDATE messages SET created_at = @Old", new { Old }); // the notes of how it began
    }

    public Task DisposeAsync() => rows.DisposeAsync();

    [Fact]
    public async Task What_is_old_is_gone_in_small_steps_and_the_rest_keeps_its_places()
    {
        var before = (await rows.Rooms.FindAsync(room, ann))!.Seq;
        for (var i = 0; i < 7; i++)
            await SayAsync(ann, $"old {i}", Old);
        var kept = await SayAsync(ann, "kept", New);
        Assert.True(kept.Follows);
        var (_, rev, _) = (await rows.Messages.EndsAsync([room]))[0];

        Assert.Equal([room], await store.RoomsAsync(Border, 0, 10));
        var steps = 0;
        while (await store.DeleteSomeAsync(room, Border, 2))
            steps++;

        Assert.InRange(steps, 4, 5);
        var left = Assert.Single(await rows.Messages.BeforeAsync(ann, room, long.MaxValue, 50));
        Assert.Equal((before + 8, "kept", false), (left.Seq, left.Body, left.Follows));
        Assert.Empty(await store.RoomsAsync(Border, 0, 10));
        Assert.Equal([(room, rev, before + 8)], await rows.Messages.EndsAsync([room]));
        var view = (await rows.Rooms.FindAsync(room, ben))!;
        Assert.Equal((before + 8, before + 8, rev), (view.Seq, view.FirstSeq, view.Rev));
        Assert.Equal(before + 9, (await SayAsync(ben, "next", New)).Seq);
    }

    [Fact]
    public async Task Who_had_read_nothing_has_only_what_is_left_unread_and_who_was_further_stays_there()
    {
        await SayAsync(ann, "one", Old);
        await SayAsync(ann, "two", Old);
        await SayAsync(ann, "three", New);

        await store.DeleteSomeAsync(room, Border, 50);

        Assert.Equal((1, 0), ((await rows.Reads.CountAsync(ben)).Unread, (await rows.Reads.CountAsync(ann)).Unread));
        Assert.Equal(1, (await rows.Rooms.ListAsync(ben)).Single(c => c.Number == room).Unread);
        Assert.Equal(0, (await rows.Rooms.ListAsync(ann)).Single(c => c.Number == room).Unread);
    }

    [Fact]
    public async Task A_room_of_which_all_is_old_stands_empty_and_goes_on_where_it_was()
    {
        var last = await SayAsync(ann, "last", Old);
        await store.DeleteSomeAsync(room, Border, 50);

        Assert.Empty(await rows.Messages.BeforeAsync(ann, room, long.MaxValue, 50));
        var listed = (await rows.Rooms.ListAsync(ben)).Single(c => c.Number == room);
        Assert.Null(listed.Last);
        Assert.Equal(0, listed.Unread);
        Assert.Empty(await store.RoomsAsync(Border, 0, 10));
        Assert.False(await store.DeleteSomeAsync(room, Border, 50));
        var next = await SayAsync(ben, "next", New);
        Assert.Equal((last.Seq + 1, last.Rev + 1), (next.Seq, next.Rev));
        Assert.Equal(next.Seq, Assert.Single(await rows.Messages.ChangesAsync(room, 0, 50)).Seq);
    }

    [Fact]
    public async Task Words_files_and_former_words_go_and_what_others_say_of_them_stays()
    {
        var old = await SayAsync(ann, "heron at the weir", Old);
        var both = await SayAsync(ann, "heron again", New);
        var answer = (await rows.Messages.PostAsync(new NewPost(ben, room, "which heron?", "answer", New) { ReplyTo = old.Seq })).Message!;
        await rows.Changes.EditAsync(ann, room, old.Seq, "heron at the mill", Mentioned.Nobody, Old);
        await rows.Database.WriteAsync(c => MediaStore.AddAsync(c, new MediaFile { Id = "file", Kind = MediaKind.File, Name = "x", Type = "text/plain", Bytes = 1, Hash = "" }, ann, room, old.Seq, Old));
        while (await rows.Index.IndexAsync(room))
        {
            // Until all is read.
        }
        Assert.Contains("mill", await WordsAsync());

        await store.DeleteSomeAsync(room, Border, 50);

        var words = await WordsAsync();
        Assert.DoesNotContain("mill", words);
        Assert.DoesNotContain("weir", words);
        Assert.Contains("heron", words);
        Assert.Equal(0, await CountAsync("media"));
        Assert.Equal(0, await CountAsync("edits"));
        Assert.Equal([answer.Seq, both.Seq], (await rows.Search.FindAsync(ben, new SearchQuery(new Sought("heron")))).Hits.Select(h => h.Seq));
        Assert.Null((await rows.Messages.FindAsync(ben, room, answer.Seq))!.Quoted);
        Assert.Equal(both.Seq, await rows.Search.FirstSinceAsync(ben, room, 0));
        Assert.Equal(both.Seq, await rows.Search.FirstSinceAsync(ben, room, Border));
    }

    [Fact]
    public async Task Newer_messages_and_other_rooms_are_not_touched_and_one_that_is_closed_is()
    {
        var other = await rows.GroupAsync(ann, "Rowers");
        await SayAsync(ann, "here", New);
        await rows.Database.ExecuteAsync("UPDATE messages SET created_at = @New WHERE room = @other; UPDATE rooms SET closed_at = 1 WHERE number = @room", new { New, other, room });

        Assert.Equal([room], await store.RoomsAsync(Border, 0, 10));
        await store.DeleteSomeAsync(room, Border, 50);
        Assert.False(await store.DeleteSomeAsync(other, Border, 50));

        Assert.Equal(2, await CountAsync("messages"));
    }

    private async Task<StoredMessage> SayAsync(long user, string body, long at) =>
        (await rows.Messages.PostAsync(new NewPost(user, room, body, Guid.NewGuid().ToString("N"), at))).Message!;

    private Task<List<string>> WordsAsync() => rows.Database.ReadAsync(async c => (await c.QueryAsync<string>("SELECT word FROM search_words")).AsList());

    private Task<long> CountAsync(string table) => rows.Database.ReadAsync(c => c.ExecuteScalarAsync<long>($"SELECT count(*) FROM {table}"));
}
