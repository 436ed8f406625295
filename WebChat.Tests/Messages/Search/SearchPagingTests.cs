using WebChat.Messages.Search;
using WebChat.Rooms;

namespace WebChat.Tests.Messages.Search;

public sealed class SearchPagingOnSqlite() : SearchPagingTests(Engine.Sqlite);

public sealed class SearchPagingOnPostgres() : SearchPagingTests(Engine.Postgres);

/// <summary>How much is looked at for a page, and that no page leaves anything out.</summary>
public abstract class SearchPagingTests(Engine engine) : IAsyncLifetime
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

    [Fact]
    public async Task Pages_are_disjoint_and_hold_everything_newest_first()
    {
        var said = new List<string>();
        for (var i = 0; i < 100; i++)
        {
            await house.SayAsync(i % 3 == 0 ? second : room, i % 2 == 0 ? ann : ben, $"walk number {i}", 1_000_000 + i / 4);
            said.Add($"walk number {i}");
        }
        await house.ReadAsync();

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
        await house.FillAsync(3 * Places.Stretch, n => n % 2 == 0 ? "alpha beta" : "beta alpha");
        await house.SayAsync(room, ben, "alpha-beta", 9_000_000);
        await house.ReadAsync();

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
        await house.SayAsync(room, ben, "alpha-beta", 500_000);
        await house.FillAsync(2 * Places.Stretch, _ => "alpha beta -");
        await house.ReadAsync();

        var pages = await house.PagesAsync("alpha-beta");

        Assert.InRange(pages.Count, 2, 4);
        Assert.Equal(["alpha-beta"], pages.SelectMany(p => p));
    }

    [Fact]
    public async Task Of_long_ones_fewer_the_more_is_looked_for()
    {
        await house.SayAsync(room, ben, "alpha-beta yyyyyy", 500_000);
        await house.FillAsync(1000, _ => "alpha beta - " + new string('y', 3_900));
        await house.ReadAsync();

        var pages = await house.PagesAsync("alpha beta alpha-beta yyy yyyy yyyyy yyyyyy");

        Assert.InRange(pages.Count, 3, 12);
        Assert.Equal(["alpha-beta yyyyyy"], pages.SelectMany(p => p));
        Assert.Equal(7, new Sought("alpha beta alpha-beta yyy yyyy yyyyy yyyyyy yyyyyy alpha").Pieces);
    }

    [Fact]
    public async Task Where_more_words_begin_alike_than_are_read_nothing_is_missed()
    {
        await house.SayAsync(room, ben, "tide wordless", 500_000);
        await house.FillAsync(2000, n => string.Join(' ', Enumerable.Range(0, 12).Select(i => $"word{n}x{i}")));
        await house.ReadAsync();

        Assert.Equal(["tide wordless"], await house.FindAsync(ann, "tide word"));
        Assert.Equal(["tide wordless"], await house.FindAsync(ann, "word tide"));
        Assert.Equal(SearchStore.PageSize, (await house.FindAsync(ann, "word")).Count);
        Assert.Single(await house.FindAsync(ann, "word7x1"));
        Assert.Empty(await house.FindAsync(outsider, "word"));
    }

    [Fact]
    public async Task The_first_message_of_a_day_is_found_by_halving()
    {
        await house.FillAsync(1000, _ => "filling");
        var all = (await rows.Messages.AfterAsync(ann, room, 0, 2000)).Where(m => m.Body == "filling").ToList();

        Assert.Equal(all[500].Seq, await rows.Search.FirstSinceAsync(ann, room, all[500].CreatedAt));
        Assert.Equal(all[501].Seq, await rows.Search.FirstSinceAsync(ann, room, all[500].CreatedAt + 1));
        Assert.Null(await rows.Search.FirstSinceAsync(ann, room, long.MaxValue));
    }
}
