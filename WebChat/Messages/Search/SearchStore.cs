using System.Data.Common;
using Dapper;
using WebChat.Rooms;
using WebChat.Shared;
using WebChat.Storage;

namespace WebChat.Messages.Search;

/// <summary>
/// Finds messages that the user may read. The index says in which places words may stand; what stands there is read with the
/// user's membership, and looked at once more.
/// </summary>
internal sealed class SearchStore(Database database)
{
    public const int PageSize = 30;

    /// <summary>Messages looked at for one page. Words that are common each, and rarely side by side, would have all of them read: the page then ends early, and leads on.</summary>
    private const int MostRead = 3000;

    /// <summary>Characters looked at for one page, once for each piece that is looked for: the same bound, for messages that are long.</summary>
    private const int MostLooked = 4_000_000;

    /// <summary>Messages read together: as many of each stretch as fit, so that of many the last alone is read, and says whether the others can matter.</summary>
    private const int Together = 64;

    /// <summary>Words of the index that are read at once, for each stretch and altogether at least. Where more begin like that, what stands in these stretches is looked at itself.</summary>
    private const int ManyWords = 200;
    private const int FewWords = 20_000;

    private const int FewStretches = 8;
    private const int ManyStretches = 512;

    /// <summary>One page of what is looked for, the newest first.</summary>
    public async Task<Found> FindAsync(long userId, SearchQuery search)
    {
        return await database.ReadAsync(async c =>
        {
            var spans = search.Sought.Spans.ToList();
            if (search.By is not null)
            {
                if (await c.QuerySingleOrDefaultAsync<long?>("SELECT id FROM users WHERE account_key = @key", new { key = search.By.ToUpperInvariant() }) is not { } by)
                    return Found.Nothing;
                spans.Add(new WordSpan(Terms.By(by), Terms.By(by) + "\u0001"));
            }
            return spans.Count == 0 ? Found.Nothing : await new Reading(database, c, userId, search, spans).ReadAsync();
        });
    }

    /// <summary>True while one of these rooms is far from being read into the index. Only those in which much was said are asked for.</summary>
    public async Task<bool> IsBehindAsync(IEnumerable<Conversation> rooms)
    {
        var large = rooms.Where(r => r.Rev > SearchIndex.Step).Select(r => new { room = r.Number, rev = r.Rev }).ToList();
        return large.Count > 0 && await database.ReadAsync(c => c.ExecuteScalarAsync<long>(
            $"SELECT count(*) FROM {database.Table("@large", ("room", "bigint"), ("rev", "bigint"))} LEFT JOIN search_rooms s ON s.room = t.room WHERE t.rev > coalesce(s.rev, 0) + @step",
            new { large = Database.Pack(large), step = SearchIndex.Step })) > 0;
    }

    /// <summary>The first message of a room at or after a moment, that the user may read; null where there is none.</summary>
    public Task<long?> FirstSinceAsync(long userId, long room, long at) =>
        database.ReadAsync(async c =>
        {
            var end = await c.QuerySingleOrDefaultAsync<long?>(
                "SELECT coalesce(me.until_seq, r.seq) FROM members me JOIN rooms r ON r.number = me.room AND r.closed_at IS NULL WHERE me.room = @room AND me.user_id = @userId", new { room, userId });
            if (end is not { } last)
                return null;
            var first = (await CutAsync(database, c, [new Ends(0, room, 1, last + 1)], at)).Single().First;
            return first <= last ? first : (long?)null;
        });

    /// <summary>
    /// The first places at or after a moment, each within its ends: time goes on with places, so halving finds them, all in one
    /// statement. Where the oldest are swept away, those that are left begin.
    /// </summary>
    private static async Task<List<Cut>> CutAsync(Database database, DbConnection connection, IEnumerable<Ends> ends, long at) =>
        (await connection.QueryAsync<Cut>(
            $"""
            WITH RECURSIVE half (n, room, low, high) AS (
                SELECT t.n, t.room, coalesce((SELECT m.seq FROM messages m WHERE m.room = t.room AND m.seq >= t.low ORDER BY m.seq LIMIT 1), t.high), t.high
                FROM {database.Table("@ends", ("n", "bigint"), ("room", "bigint"), ("low", "bigint"), ("high", "bigint"))}
                UNION ALL
                SELECT h.n, h.room, CASE WHEN m.created_at < @at THEN m.seq + 1 ELSE h.low END, CASE WHEN m.created_at < @at THEN h.high ELSE m.seq END
                FROM half h JOIN messages m ON m.room = h.room AND m.seq = h.low + (h.high - h.low) / 2 WHERE h.low < h.high)
            SELECT h.n, h.low AS first, m.created_at AS last_at FROM half h LEFT JOIN messages m ON m.room = h.room AND m.seq = h.low - 1 WHERE h.low >= h.high
            """, new { ends = Database.Pack(ends.Select(e => new { n = e.N, room = e.Room, low = e.From, high = e.To })), at })).AsList();

    /// <summary>Places of a room, the last not among them.</summary>
    private sealed record Ends(long N, long Room, long From, long To);

    /// <summary>Where a moment is: the first place at or after it, and when the message before that was written.</summary>
    private sealed record Cut(long N, long First, long? LastAt);

    /// <summary>A stretch of a room, as far as it has been read.</summary>
    private sealed record Stretch
    {
        public required long Room { get; init; }
        public required long Number { get; init; }
        /// <summary>The place after its last, as far as the user may read.</summary>
        public required long End { get; init; }
        /// <summary>From which place on it is younger than wanted; null where none is.</summary>
        public int? Cut { get; set; }
        /// <summary>No message that is left in it is younger.</summary>
        public required long LastAt { get; set; }
        /// <summary>Where the words may stand; null before the index was asked.</summary>
        public Places? Places { get; set; }
        public bool IsDone => Places is { IsEmpty: true };

        public void CutOff()
        {
            if (Cut is { } cut)
                Places!.CutFrom(cut);
        }
    }

    /// <summary>One search: of all stretches the one with the youngest messages is read first, until no other can have younger ones than those that were found.</summary>
    private sealed class Reading(Database database, DbConnection connection, long userId, SearchQuery search, List<WordSpan> spans)
    {
        private readonly SortedDictionary<Instant, StoredMessage> hits = new(Comparer<Instant>.Create(static (one, other) => Instant.Compare(other, one)));
        private List<Stretch> stretches = [];
        private int asked = FewStretches;
        private int read;
        private long looked;

        /// <summary>The last hit of the page: older ones do not matter.</summary>
        private long Edge => hits.Count > PageSize ? hits.Keys.ElementAt(PageSize).At : long.MinValue;

        public async Task<Found> ReadAsync()
        {
            stretches = await StretchesAsync();
            await CutAsync();
            while (true)
            {
                var edge = Edge;
                stretches.RemoveAll(s => s.IsDone);
                stretches.Sort(static (one, other) => other.LastAt.CompareTo(one.LastAt));
                var open = stretches.TakeWhile(s => s.LastAt >= edge).ToList();
                if (open.Count == 0)
                    return Page(hits.Values);
                if (open[0].Places is null)
                    await AskAsync(open.Where(s => s.Places is null).Take(asked).ToList());
                else if (read < MostRead && looked < MostLooked)
                    await LookAsync(open.TakeWhile(s => s.Places is not null).DistinctBy(s => s.Room).Take(Together).ToList());
                else
                    return Broken(open[0].LastAt);
            }
        }

        private static Found Page(IEnumerable<StoredMessage> hits)
        {
            var page = hits.Take(PageSize + 1).ToList();
            return page.Count > PageSize ? new Found(page[..PageSize], Instant.Of(page[PageSize - 1])) : new Found(page, null);
        }

        /// <summary>What is certain: nothing younger than the youngest that was not looked at.</summary>
        private Found Broken(long youngest)
        {
            var page = Page(hits.Values.Where(hit => hit.CreatedAt > youngest));
            return page.Older is null ? page with { Older = new Instant(youngest + 1, 0, 0) } : page;
        }

        private async Task<List<Stretch>> StretchesAsync()
        {
            var room = search.Room is null ? "" : "AND me.room = @Room";
            if (search.LookedSince is not null)
                return (await connection.QueryAsync<Stretch>(
                    $"""
                    SELECT s.room, CAST(s.stretch AS bigint) AS number, s.last_at FROM rooms r JOIN search_stretches s ON s.room = r.number
                    WHERE r.number = @Room AND r.closed_at IS NULL AND {Looking.Into("@Room")} AND s.first_at <= @before AND s.last_at >= @From
                    """, new { userId, search.Room, since = search.LookedSince, before = search.Before.At, search.From })).AsList();
            return (await connection.QueryAsync<Stretch>(
                $"""
                SELECT s.room, CAST(s.stretch AS bigint) AS number, coalesce(me.until_seq, r.seq) + 1 AS "end", s.last_at FROM members me
                JOIN rooms r ON r.number = me.room AND r.closed_at IS NULL
                JOIN search_stretches s ON s.room = me.room AND s.stretch <= coalesce(me.until_seq, r.seq) / {Places.Stretch}
                WHERE me.user_id = @userId {room} AND s.first_at <= @before AND s.last_at >= @From
                """, new { userId, search.Room, before = search.Before.At, search.From })).AsList();
        }

        /// <summary>Asks the index for these stretches, one word after the other, the next only where the last one was. Each time more.</summary>
        private async Task AskAsync(List<Stretch> some)
        {
            asked = Math.Min(4 * asked, ManyStretches);
            var left = some;
            foreach (var span in spans)
            {
                var there = new Places?[left.Count];
                var most = Math.Max(FewWords, ManyWords * left.Count);
                var rows = (await connection.QueryAsync<(long N, string Places)>(
                    $"""
                    SELECT t.n, w.places FROM {database.Table("@left", ("n", "bigint"), ("room", "bigint"), ("stretch", "int"))}
                    JOIN search_words w ON w.room = t.room AND w.stretch = t.stretch AND w.word >= @From AND w.word < @To
                    LIMIT @most
                    """, new { left = Database.Pack(left.Select((s, n) => new { n, room = s.Room, stretch = s.Number })), span.From, span.To, most })).AsList();
                if (rows.Count == most)
                {
                    foreach (var stretch in left)
                        stretch.Places ??= Places.All();
                    continue;
                }
                foreach (var (n, places) in rows)
                    (there[n] ??= new Places()).Add(places);
                for (var n = 0; n < left.Count; n++)
                    left[n].Places = And(left[n].Places, there[n] ?? new Places());
                left = left.FindAll(s => !s.IsDone);
                if (left.Count == 0)
                    return;
            }
            foreach (var stretch in left)
                stretch.CutOff();
        }

        private static Places And(Places? places, Places other)
        {
            if (places is null)
                return other;
            places.And(other);
            return places;
        }

        /// <summary>Finds where the moment is that is looked back from, in those that go on beyond it: what is younger needs no look, and the rest is as old as its last.</summary>
        private async Task CutAsync()
        {
            var across = stretches.FindAll(s => s.LastAt >= search.Before.At);
            if (across.Count == 0)
                return;
            var ends = across.Select((s, n) => new Ends(n, s.Room, Math.Max(1, s.Number * Places.Stretch), Math.Min(s.End, (s.Number + 1) * Places.Stretch)));
            foreach (var (n, first, lastAt) in await SearchStore.CutAsync(database, connection, ends, search.Before.At + 1))
            {
                across[(int)n].Cut = (int)(first - across[(int)n].Number * Places.Stretch);
                across[(int)n].LastAt = lastAt ?? long.MinValue;
            }
            stretches.RemoveAll(s => s.LastAt < search.From);
        }

        /// <summary>Reads the last places of these stretches.</summary>
        private async Task LookAsync(List<Stretch> some)
        {
            var each = Together / some.Count;
            var wanted = some.SelectMany(stretch => stretch.Places!.TakeLast(each).Select(place => new { room = stretch.Room, seq = stretch.Number * Places.Stretch + place })).ToList();
            read += wanted.Count;
            var messages = (await connection.QueryAsync<StoredMessage>(
                $"""
                SELECT m.room, m.seq, m.rev, m.author_id, u.account, u.nickname, u.picture, u.is_bot, m.kind, m.body, m.content, m.created_at
                FROM {database.Table("@wanted", ("room", "bigint"), ("seq", "bigint"))}
                JOIN messages m ON m.room = t.room AND m.seq = t.seq
                {(search.LookedSince is null ? "JOIN members me ON me.room = m.room AND me.user_id = @userId AND m.seq <= coalesce(me.until_seq, m.seq)" : "")}
                JOIN rooms r ON r.number = m.room AND r.closed_at IS NULL
                JOIN users u ON u.id = m.author_id
                WHERE m.recalled_at IS NULL AND m.kind <> {MessageKind.Note} {(search.LookedSince is null ? "" : $"AND {Looking.Into("@Room")}")}
                """, new { wanted = Database.Pack(wanted), userId, search.Room, since = search.LookedSince })).AsList();
            foreach (var message in messages.Where(IsHit))
                hits[Instant.Of(message)] = message;
            var oldest = messages.GroupBy(m => (m.Room, m.Seq / Places.Stretch)).ToDictionary(g => g.Key, g => g.Min(m => m.CreatedAt));
            foreach (var stretch in some.Where(s => oldest.ContainsKey((s.Room, s.Number))))
            {
                stretch.LastAt = Math.Min(stretch.LastAt, oldest[(stretch.Room, stretch.Number)]);
                if (stretch.LastAt < search.From)
                    stretch.Places = new Places(); // it only gets older
            }
        }

        private bool IsHit(StoredMessage message)
        {
            if (message.CreatedAt < search.From || Instant.Compare(Instant.Of(message), search.Before) >= 0
                || (search.By is not null && !string.Equals(message.Account, search.By, StringComparison.OrdinalIgnoreCase)))
                return false;
            var words = Terms.Clean(Kinds.Kind.Of(message).Words(message));
            looked += (long)words.Length * search.Sought.Pieces;
            return search.Sought.In(words) is not null;
        }
    }
}
