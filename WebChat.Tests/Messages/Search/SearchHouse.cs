using Dapper;
using WebChat.Messages;
using WebChat.Messages.Search;
using WebChat.Rooms;

namespace WebChat.Tests.Messages.Search;

/// <summary>Ann and Ben in two groups, and what they say in the index whenever it is looked for.</summary>
internal sealed class SearchHouse(Engine engine) : IAsyncLifetime
{
    public Rows Rows { get; } = new(engine);

    /// <summary>Another node, where it is looked for.</summary>
    public Rows Other { get; private set; } = null!;

    public long Ann { get; private set; }
    public long Ben { get; private set; }
    public long Outsider { get; private set; }
    public long Room { get; private set; }
    public long Second { get; private set; }
    public long Now { get; set; } = 1_000;

    public async Task InitializeAsync()
    {
        await Rows.InitializeAsync();
        Other = await Rows.OtherNodeAsync();
        Ann = await Rows.UserAsync("ann");
        Ben = await Rows.UserAsync("ben", "Ben Thermos");
        Outsider = await Rows.UserAsync("outsider");
        Room = await Rows.GroupAsync(Ann);
        Second = await Rows.GroupAsync(Ann, "Choir");
        await Rows.JoinAsync(Room, Ben);
        await Rows.JoinAsync(Second, Ben);
    }

    public async Task DisposeAsync()
    {
        if (Other != Rows)
            await Other.DisposeAsync();
        await Rows.DisposeAsync();
    }

    /// <summary>Messages by Ben, a Second apart, as if they had always been there.</summary>
    public Task FillAsync(int count, Func<int, string> body) => Rows.Database.WriteAsync(async c =>
    {
        var (seq, rev) = await c.QuerySingleAsync<(long, long)>("SELECT seq, rev FROM rooms WHERE number = @room", new { room = Room });
        await c.ExecuteAsync(
            "INSERT INTO messages (room, seq, rev, author_id, kind, body, follows, created_at) VALUES (@room, @Seq, @Rev, @ben, 0, @Body, 0, @At)",
            Enumerable.Range(1, count).Select(n => new { room = Room, ben = Ben, Seq = seq + n, Rev = rev + n, Body = body(n), At = 1_000_000L + n * 1000 }));
        await c.ExecuteAsync("UPDATE rooms SET seq = seq + @count, rev = rev + @count, last_at = 8000000 WHERE number = @room", new { room = Room, count });
    });

    public async Task<StoredMessage> SayAsync(long where, long who, string body, long? at = null) =>
        (await Rows.Messages.PostAsync(new NewPost(who, where, body, Guid.NewGuid().ToString("N"), at ?? Now++))).Message!;

    public async Task ReadAsync()
    {
        foreach (var behind in await Rows.Index.BehindAsync())
        {
            while (await Rows.Index.IndexAsync(behind))
            {
            }
        }
    }

    public async Task<IReadOnlyList<string>> FindAsync(long who, string query, Func<SearchQuery, SearchQuery>? with = null)
    {
        await ReadAsync();
        var search = new SearchQuery(new Sought(query));
        return [.. (await Other.Search.FindAsync(who, with is null ? search : with(search))).Hits.Select(m => m.Body)];
    }

    public Task<IEnumerable<string>> WordsAsync(params string[] words) =>
        Rows.Database.ReadAsync(c => c.QueryAsync<string>($"SELECT word FROM search_words WHERE {Rows.Database.In("word", "@words")}", new { words }));

    public async Task<List<List<string>>> PagesAsync(string query)
    {
        var (pages, before) = (new List<List<string>>(), (Instant?)Instant.Last);
        while (before is not null)
        {
            var page = await Rows.Search.FindAsync(Ann, new SearchQuery(new Sought(query)) { Before = before });
            Assert.True(page.Older is null || Instant.Compare(page.Older, before) < 0); // each leads further back
            pages.Add([.. page.Hits.Select(h => h.Body)]);
            before = page.Older;
        }
        return pages;
    }
}
