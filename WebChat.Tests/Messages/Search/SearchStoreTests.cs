using Dapper;
using WebChat.Messages;
using WebChat.Messages.Formatting;
using WebChat.Messages.Kinds;
using WebChat.Messages.Search;

namespace WebChat.Tests.Messages.Search;

public sealed class SearchStoreOnSqlite() : SearchStoreTests(Engine.Sqlite);

public sealed class SearchStoreOnPostgres() : SearchStoreTests(Engine.Postgres);

/// <summary>What is found, and by whom.</summary>
public abstract class SearchStoreTests(Engine engine) : IAsyncLifetime
{
    private readonly SearchHouse house = new(engine);
    private Rows rows = null!;
    private long ann, ben, outsider, room, second;

    public async Task InitializeAsync()
    {
        await house.InitializeAsync();
        rows = house.Rows;
        (ann, ben, outsider, room, second) = (house.Ann, house.Ben, house.Outsider, house.Room, house.Second);
    }

    public Task DisposeAsync() => house.DisposeAsync();

    [Theory]
    [InlineData("causeway", "The Causeway is open", true)]
    [InlineData("CAUSEWAY", "the causeway", true)]
    [InlineData("caus", "the causeway", true)]
    [InlineData("auseway", "the causeway", false)]
    [InlineData("open causeway", "The causeway is open", true)]
    [InlineData("open bridge", "The causeway is open", false)]
    [InlineData("at", "at ten", true)]
    [InlineData("at", "attention", false)]
    [InlineData("ten.", "at ten. or later", true)]
    [InlineData("ten.", "at ten or later.", false)]
    [InlineData("散步", "明天去散步吗？", true)]
    [InlineData("步", "明天去散步吗？", true)]
    [InlineData("去散步", "明天去散步吗？", true)]
    [InlineData("明步", "明天去散步吗？", false)]
    [InlineData("天 吗", "明天去散步吗？", true)]
    [InlineData("散步causeway", "去散步causeway那边", true)]
    [InlineData("ｃａｕｓｅｗａｙ", "the causeway", true)]
    [InlineData("散歩", "公園を散歩する", true)]
    [InlineData("서울", "내일 서울에서", true)]
    [InlineData("café", "au cafe\u0301 Noir", true)]
    [InlineData("Ёлка", "наша ёлка", true)]
    [InlineData("👍", "good 👍 then", true)]
    [InlineData("👍", "good 👎 then", false)]
    [InlineData("bold", "**bold** words", true)]
    public async Task What_is_found(string query, string body, bool isFound)
    {
        await house.SayAsync(room, ben, body);

        Assert.Equal(isFound ? [body] : [], await house.FindAsync(ann, query));
    }

    [Theory]
    [InlineData("%", "100% sure")]
    [InlineData("_", "snake_case")]
    [InlineData("snake_case", "a snake_case name")]
    [InlineData("\"", "he said \"no\"")]
    [InlineData("'", "it's")]
    [InlineData("\\", "C:\\temp")]
    [InlineData("*", "2 * 3")]
    [InlineData("a-b", "say a-b house.Now")]
    [InlineData("@1", "give @1 a call")]
    [InlineData("'; DROP", "x '; DROP TABLE messages; --")]
    public async Task Every_character_is_only_itself(string query, string body)
    {
        await house.SayAsync(room, ben, body);
        foreach (var different in new[] { "one sure", "snakeXcase", "a NEAR b", "c", "say ab house.Now" })
            await house.SayAsync(room, ben, different);

        Assert.Equal([body], await house.FindAsync(ann, query));
    }

    [Theory]
    [InlineData("sure OR snake")]
    [InlineData("sur* NEAR")]
    [InlineData("body:sure")]
    [InlineData("NOT sure")]
    [InlineData("^sure")]
    [InlineData("(sure)")]
    [InlineData("%sure%")]
    [InlineData("\uD800")]
    public async Task Nothing_is_an_operator(string query)
    {
        await house.SayAsync(room, ben, "one sure snake");

        Assert.Empty(await house.FindAsync(ann, query));
    }

    [Fact]
    public async Task Only_members_find_what_is_said_in_a_room()
    {
        await house.SayAsync(room, ben, "the causeway");

        Assert.Equal(["the causeway"], await house.FindAsync(ann, "causeway"));
        Assert.Empty(await house.FindAsync(outsider, "causeway"));
        Assert.Empty(await house.FindAsync(outsider, "causeway", q => q with { Room = room }));
        Assert.Empty(await house.FindAsync(outsider, "", q => q with { By = "ben" }));
        Assert.Null(await rows.Search.FirstSinceAsync(outsider, room, 0));
        await rows.Members.LeaveAsync(room, ben, _ => { });
        Assert.Empty(await house.FindAsync(ben, "causeway"));
        await rows.Rooms.DissolveAsync(room, ann);
        Assert.Empty(await house.FindAsync(ann, "causeway"));
    }

    [Fact]
    public async Task Who_has_blocked_the_other_finds_nothing_that_came_after()
    {
        var direct = await rows.BefriendAsync((ann, "ann"), (ben, "ben"));
        await house.SayAsync(direct, ben, "causeway before");
        await rows.Contacts.BlockAsync(ann, "ben");
        await house.SayAsync(direct, ben, "causeway after");

        Assert.Equal(["causeway before"], await house.FindAsync(ann, "causeway"));
        Assert.Equal(["causeway after", "causeway before"], await house.FindAsync(ben, "causeway"));
    }

    [Fact]
    public async Task An_edit_is_found_by_its_new_words_alone_and_a_recall_by_none()
    {
        var edited = await house.SayAsync(room, ben, "the old bridge");
        var recalled = await house.SayAsync(room, ben, "the door code");
        Assert.Equal(2, (await house.FindAsync(ann, "the")).Count);

        await rows.Changes.EditAsync(ben, room, edited.Seq, "the new causeway", Mentioned.Nobody, 2_000);
        await rows.Changes.RecallAsync(ben, room, recalled.Seq, 0, 2_000);

        Assert.Empty(await house.FindAsync(ann, "bridge"));
        Assert.Equal(["the new causeway"], await house.FindAsync(ann, "causeway"));
        Assert.Equal(["the new causeway"], await house.FindAsync(ann, "the"));
        Assert.Equal(["the new causeway"], await house.FindAsync(ann, "", q => q with { By = "ben" }));
        Assert.Empty(await house.WordsAsync("bridge", "old", "door", "code"));
        Assert.Equal(["causeway"], await house.WordsAsync("causeway"));
    }

    [Fact]
    public async Task What_is_read_twice_or_by_two_nodes_stands_once()
    {
        var said = await house.SayAsync(room, ben, "twice told");
        await Task.WhenAll(Enumerable.Range(0, 8).Select(n => (n % 2 == 0 ? rows : house.Other).Index.IndexAsync(room)));
        await rows.Changes.ReactAsync(ann, room, said.Seq, "👍");
        await house.ReadAsync();
        await rows.Changes.PinAsync(ann, room, said.Seq, null, 1);
        await house.ReadAsync();

        var places = await rows.Database.ReadAsync(c => c.QuerySingleAsync<string>("SELECT places FROM search_words WHERE word = 'told'"));
        Assert.Equal(Places.Write(said.Seq), places);
        Assert.Empty(await rows.Index.BehindAsync() is var behind ? behind.Where(r => r == room) : []);
    }

    [Fact]
    public async Task A_change_before_the_message_was_read_is_what_is_read()
    {
        var said = (await rows.Messages.PostAsync(new NewPost(ben, room, "first words", "x", 1))).Message!;
        await rows.Changes.EditAsync(ben, room, said.Seq, "second words", Mentioned.Nobody, 2);

        Assert.Equal(["second words"], await house.FindAsync(ann, "words"));
        Assert.Empty(await house.WordsAsync("first"));
    }

    [Fact]
    public async Task By_person_by_room_and_by_days()
    {
        await house.SayAsync(room, ann, "causeway one", 1_000_000);
        await house.SayAsync(room, ben, "causeway two", 2_000_000);
        await house.SayAsync(second, ben, "causeway three", 3_000_000);

        Assert.Equal(["causeway three", "causeway two", "causeway one"], await house.FindAsync(ann, "causeway"));
        Assert.Equal(["causeway three", "causeway two"], await house.FindAsync(ann, "causeway", q => q with { By = "BEN" }));
        Assert.Equal(["causeway three", "causeway two"], await house.FindAsync(ann, "", q => q with { By = "ben" }));
        Assert.Empty(await house.FindAsync(ann, "causeway", q => q with { By = "nobody" }));
        Assert.Equal(["causeway two", "causeway one"], await house.FindAsync(ann, "causeway", q => q with { Room = room }));
        Assert.Equal(["causeway three", "causeway two"], await house.FindAsync(ann, "causeway", q => q with { From = 2_000_000 }));
        Assert.Equal(["causeway two", "causeway one"], await house.FindAsync(ann, "causeway", q => q with { Before = new Instant(3_000_000, 0, 0) }));
        Assert.Empty(await house.FindAsync(ann, ""));
    }

    [Fact]
    public async Task Cards_are_found_by_what_they_say_and_notes_by_nothing()
    {
        var card = new NewPost(ben, room, "", "card", house.Now) { Kind = NewsKind.Id, Content = Content.Pack(new NewsCard("Ferry timetable", "https://ferry.example/", "Winter sailings", null)) };
        await rows.Messages.PostAsync(card);

        Assert.Single(await house.FindAsync(ann, "timetable"));
        Assert.Single(await house.FindAsync(ann, "winter"));
        Assert.Empty(await house.FindAsync(ann, "created"));
        Assert.Empty(await house.FindAsync(ann, "Thermos"));
    }
}
