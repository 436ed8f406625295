using Dapper;
using WebChat.Messages;
using WebChat.Messages.Formatting;
using WebChat.Messages.Kinds;
using WebChat.Messages.Search;
using WebChat.Rooms;

namespace WebChat.Tests.Messages.Search;

public sealed class SearchStoreOnSqlite() : SearchStoreTests(Engine.Sqlite);

public sealed class SearchStoreOnPostgres() : SearchStoreTests(Engine.Postgres);

public abstract class SearchStoreTests(Engine engine) : IAsyncLifetime
{
    private readonly Rows rows = new(engine);
    private Rows other = null!;
    private long ann, ben, outsider, room, second, now = 1_000;

    public async Task InitializeAsync()
    {
        await rows.InitializeAsync();
        other = await rows.OtherNodeAsync();
        ann = await rows.UserAsync("ann");
        ben = await rows.UserAsync("ben", "Ben Thermos");
        outsider = await rows.UserAsync("outsider");
        room = await rows.GroupAsync(ann);
        second = await rows.GroupAsync(ann, "Choir");
        await rows.JoinAsync(room, ben);
        await rows.JoinAsync(second, ben);
    }

    public async Task DisposeAsync()
    {
        if (other != rows)
            await other.DisposeAsync();
        await rows.DisposeAsync();
    }

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
        await SayAsync(room, ben, body);

        Assert.Equal(isFound ? [body] : [], await FindAsync(ann, query));
    }

    [Theory]
    [InlineData("%", "100% sure")]
    [InlineData("_", "snake_case")]
    [InlineData("snake_case", "a snake_case name")]
    [InlineData("\"", "he said \"no\"")]
    [InlineData("'", "it's")]
    [InlineData("\\", "C:\\temp")]
    [InlineData("*", "2 * 3")]
    [InlineData("a-b", "say a-b now")]
    [InlineData("@1", "give @1 a call")]
    [InlineData("'; DROP", "x '; DROP TABLE messages; --")]
    public async Task Every_character_is_only_itself(string query, string body)
    {
        await SayAsync(room, ben, body);
        foreach (var different in new[] { "one sure", "snakeXcase", "a NEAR b", "c", "say ab now" })
            await SayAsync(room, ben, different);

        Assert.Equal([body], await FindAsync(ann, query));
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
        await SayAsync(room, ben, "one sure snake");

        Assert.Empty(await FindAsync(ann, query));
    }

    [Fact]
    public async Task Only_members_find_what_is_said_in_a_room()
    {
        await SayAsync(room, ben, "the causeway");

        Assert.Equal(["the causeway"], await FindAsync(ann, "causeway"));
        Assert.Empty(await FindAsync(outsider, "causeway"));
        Assert.Empty(await FindAsync(outsider, "causeway", q => q with { Room = room }));
        Assert.Empty(await FindAsync(outsider, "", q => q with { By = "ben" }));
        Assert.Null(await rows.Search.FirstSinceAsync(outsider, room, 0));
        await rows.Members.LeaveAsync(room, ben, _ => { });
        Assert.Empty(await FindAsync(ben, "causeway"));
        await rows.Rooms.DissolveAsync(room, ann);
        Assert.Empty(await FindAsync(ann, "causeway"));
    }

    [Fact]
    public async Task Who_has_blocked_the_other_finds_nothing_that_came_after()
    {
        var direct = await rows.BefriendAsync((ann, "ann"), (ben, "ben"));
        await SayAsync(direct, ben, "causeway before");
        await rows.Contacts.BlockAsync(ann, "ben");
        await SayAsync(direct, ben, "causeway after");

        Assert.Equal(["causeway before"], await FindAsync(ann, "causeway"));
        Assert.Equal(["causeway after", "causeway before"], await FindAsync(ben, "causeway"));
    }

    [Fact]
    public async Task An_edit_is_found_by_its_new_words_alone_and_a_recall_by_none()
    {
        var edited = await SayAsync(room, ben, "the old bridge");
        var recalled = await SayAsync(room, ben, "the door code");
        Assert.Equal(2, (await FindAsync(ann, "the")).Count);

        await rows.Changes.EditAsync(ben, room, edited.Seq, "the new causeway", Mentioned.Nobody, 2_000);
        await rows.Changes.RecallAsync(ben, room, recalled.Seq, 0, 2_000);

        Assert.Empty(await FindAsync(ann, "bridge"));
        Assert.Equal(["the new causeway"], await FindAsync(ann, "causeway"));
        Assert.Equal(["the new causeway"], await FindAsync(ann, "the"));
        Assert.Equal(["the new causeway"], await FindAsync(ann, "", q => q with { By = "ben" }));
        Assert.Empty(await WordsAsync("bridge", "old", "door", "code"));
        Assert.Equal(["causeway"], await WordsAsync("causeway"));
    }

    [Fact]
    public async Task What_is_read_twice_or_by_two_nodes_stands_once()
    {
        var said = await SayAsync(room, ben, "twice told");
        await Task.WhenAll(Enumerable.Range(0, 8).Select(n => (n % 2 == 0 ? rows : other).Index.IndexAsync(room)));
        await rows.Changes.ReactAsync(ann, room, said.Seq, "👍");
        await ReadAsync();
        await rows.Changes.PinAsync(ann, room, said.Seq, null, 1);
        await ReadAsync();

        var places = await rows.Database.ReadAsync(c => c.QuerySingleAsync<string>("SELECT places FROM search_words WHERE word = 'told'"));
        Assert.Equal(Places.Write(said.Seq), places);
        Assert.Empty(await rows.Index.BehindAsync() is var behind ? behind.Where(r => r == room) : []);
    }

    [Fact]
    public async Task A_change_before_the_message_was_read_is_what_is_read()
    {
        var said = (await rows.Messages.PostAsync(new NewPost(ben, room, "first words", "x", 1))).Message!;
        await rows.Changes.EditAsync(ben, room, said.Seq, "second words", Mentioned.Nobody, 2);

        Assert.Equal(["second words"], await FindAsync(ann, "words"));
        Assert.Empty(await WordsAsync("first"));
    }

    [Fact]
    public async Task By_person_by_room_and_by_days()
    {
        await SayAsync(room, ann, "causeway one", 1_000_000);
        await SayAsync(room, ben, "causeway two", 2_000_000);
        await SayAsync(second, ben, "causeway three", 3_000_000);

        Assert.Equal(["causeway three", "causeway two", "causeway one"], await FindAsync(ann, "causeway"));
        Assert.Equal(["causeway three", "causeway two"], await FindAsync(ann, "causeway", q => q with { By = "BEN" }));
        Assert.Equal(["causeway three", "causeway two"], await FindAsync(ann, "", q => q with { By = "ben" }));
        Assert.Empty(await FindAsync(ann, "causeway", q => q with { By = "nobody" }));
        Assert.Equal(["causeway two", "causeway one"], await FindAsync(ann, "causeway", q => q with { Room = room }));
        Assert.Equal(["causeway three", "causeway two"], await FindAsync(ann, "causeway", q => q with { From = 2_000_000 }));
        Assert.Equal(["causeway two", "causeway one"], await FindAsync(ann, "causeway", q => q with { Before = new Instant(3_000_000, 0, 0) }));
        Assert.Empty(await FindAsync(ann, ""));
    }

    [Fact]
    public async Task Pages_are_disjoint_and_hold_everything_newest_first()
    {
        var said = new List<string>();
        for (var i = 0; i < 100; i++)
        {
            await SayAsync(i % 3 == 0 ? second : room, i % 2 == 0 ? ann : ben, $"walk number {i}", 1_000_000 + i / 4);
            said.Add($"walk number {i}");
        }
        await ReadAsync();

        var (found, sizes) = (new List<StoredMessage>(), new List<int>());
        Instant? before = Instant.Last;
        while (before is not null)
        {
            var page = await rows.Search.FindAsync(ann, new SearchQuery(new Sought("walk")) { Before = before });
            found.AddRange(page.Hits);
            sizes.Add(page.Hits.Count);
            before = page.Older;
        }

        Assert.Equal([30, 30, 30, 10], sizes);
        Assert.Equal(said.Order(StringComparer.Ordinal), found.Select(m => m.Body).Order(StringComparer.Ordinal));
        Assert.Equal(found.OrderByDescending(m => (m.CreatedAt, m.Room, m.Seq)), found);
    }

    [Fact]
    public async Task A_search_reaches_over_stretches_and_stays_short_however_common_its_words_are()
    {
        await FillAsync(3 * Places.Stretch, n => n % 2 == 0 ? "alpha beta" : "beta alpha");
        await SayAsync(room, ben, "alpha-beta", 9_000_000);
        await ReadAsync();

        Assert.Equal(["alpha-beta"], (await rows.Search.FindAsync(ann, new SearchQuery(new Sought("alpha-beta")))).Hits.Select(m => m.Body));
        var common = await rows.Search.FindAsync(ann, new SearchQuery(new Sought("beta alpha")));
        Assert.Equal(SearchStore.PageSize, common.Hits.Count);
        var (seen, before) = (0, (Instant?)Instant.Last);
        while (before is not null)
        {
            var page = await rows.Search.FindAsync(ann, new SearchQuery(new Sought("betaalpha")) { Before = before });
            (seen, before) = (seen + page.Hits.Count, page.Older);
        }
        Assert.Equal(0, seen);
    }

    [Fact]
    public async Task Of_messages_that_are_none_only_so_many_are_looked_at_for_a_page()
    {
        await SayAsync(room, ben, "alpha-beta", 500_000);
        await FillAsync(2 * Places.Stretch, _ => "alpha beta -");
        await ReadAsync();

        var pages = await PagesAsync("alpha-beta");

        Assert.InRange(pages.Count, 2, 4);
        Assert.Equal(["alpha-beta"], pages.SelectMany(p => p));
    }

    [Fact]
    public async Task Of_long_ones_fewer_the_more_is_looked_for()
    {
        await SayAsync(room, ben, "alpha-beta yyyyyy", 500_000);
        await FillAsync(1000, _ => "alpha beta - " + new string('y', 3_900));
        await ReadAsync();

        var pages = await PagesAsync("alpha beta alpha-beta yyy yyyy yyyyy yyyyyy");

        Assert.InRange(pages.Count, 3, 12);
        Assert.Equal(["alpha-beta yyyyyy"], pages.SelectMany(p => p));
        Assert.Equal(7, new Sought("alpha beta alpha-beta yyy yyyy yyyyy yyyyyy yyyyyy alpha").Pieces);
    }

    [Fact]
    public async Task Where_more_words_begin_alike_than_are_read_nothing_is_missed()
    {
        await SayAsync(room, ben, "tide wordless", 500_000);
        await FillAsync(2000, n => string.Join(' ', Enumerable.Range(0, 12).Select(i => $"word{n}x{i}")));
        await ReadAsync();

        Assert.Equal(["tide wordless"], await FindAsync(ann, "tide word"));
        Assert.Equal(["tide wordless"], await FindAsync(ann, "word tide"));
        Assert.Equal(SearchStore.PageSize, (await FindAsync(ann, "word")).Count);
        Assert.Single(await FindAsync(ann, "word7x1"));
        Assert.Empty(await FindAsync(outsider, "word"));
    }

    private async Task<List<List<string>>> PagesAsync(string query)
    {
        var (pages, before) = (new List<List<string>>(), (Instant?)Instant.Last);
        while (before is not null)
        {
            var page = await rows.Search.FindAsync(ann, new SearchQuery(new Sought(query)) { Before = before });
            Assert.True(page.Older is null || Instant.Compare(page.Older, before) < 0); // each leads further back
            pages.Add([.. page.Hits.Select(h => h.Body)]);
            before = page.Older;
        }
        return pages;
    }

    [Fact]
    public async Task The_first_message_of_a_day_is_found_by_halving()
    {
        await FillAsync(1000, _ => "filling");
        var all = (await rows.Messages.AfterAsync(ann, room, 0, 2000)).Where(m => m.Body == "filling").ToList();

        Assert.Equal(all[500].Seq, await rows.Search.FirstSinceAsync(ann, room, all[500].CreatedAt));
        Assert.Equal(all[501].Seq, await rows.Search.FirstSinceAsync(ann, room, all[500].CreatedAt + 1));
        Assert.Null(await rows.Search.FirstSinceAsync(ann, room, long.MaxValue));
    }

    [Fact]
    public async Task Cards_are_found_by_what_they_say_and_notes_by_nothing()
    {
        var card = new NewPost(ben, room, "", "card", now) { Kind = NewsKind.Id, Content = Content.Pack(new NewsCard("Ferry timetable", "https://ferry.example/", "Winter sailings", null)) };
        await rows.Messages.PostAsync(card);

        Assert.Single(await FindAsync(ann, "timetable"));
        Assert.Single(await FindAsync(ann, "winter"));
        Assert.Empty(await FindAsync(ann, "created"));
        Assert.Empty(await FindAsync(ann, "Thermos"));
    }

    /// <summary>Messages by ben, a second apart, as if they had always been there.</summary>
    private Task FillAsync(int count, Func<int, string> body) => rows.Database.WriteAsync(async c =>
    {
        var (seq, rev) = await c.QuerySingleAsync<(long, long)>("SELECT seq, rev FROM rooms WHERE number = @room", new { room });
        await c.ExecuteAsync(
            "INSERT INTO messages (room, seq, rev, author_id, kind, body, follows, created_at) VALUES (@room, @Seq, @Rev, @ben, 0, @Body, 0, @At)",
            Enumerable.Range(1, count).Select(n => new { room, ben, Seq = seq + n, Rev = rev + n, Body = body(n), At = 1_000_000L + n * 1000 }));
        await c.ExecuteAsync("UPDATE rooms SET seq = seq + @count, rev = rev + @count, last_at = 8000000 WHERE number = @room", new { room, count });
    });

    private async Task<StoredMessage> SayAsync(long where, long who, string body, long? at = null) =>
        (await rows.Messages.PostAsync(new NewPost(who, where, body, Guid.NewGuid().ToString("N"), at ?? now++))).Message!;

    private async Task ReadAsync()
    {
        foreach (var behind in await rows.Index.BehindAsync())
        {
            while (await rows.Index.IndexAsync(behind))
            {
            }
        }
    }

    private async Task<IReadOnlyList<string>> FindAsync(long who, string query, Func<SearchQuery, SearchQuery>? with = null)
    {
        await ReadAsync();
        var search = new SearchQuery(new Sought(query));
        return [.. (await other.Search.FindAsync(who, with is null ? search : with(search))).Hits.Select(m => m.Body)];
    }

    private Task<IEnumerable<string>> WordsAsync(params string[] words) =>
        rows.Database.ReadAsync(c => c.QueryAsync<string>($"SELECT word FROM search_words WHERE {rows.Database.In("word", "@words")}", new { words }));
}
