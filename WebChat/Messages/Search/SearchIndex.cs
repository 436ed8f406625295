using System.Data.Common;
using System.Text;
using Dapper;
using WebChat.Rooms;
using WebChat.Storage;

namespace WebChat.Messages.Search;

/// <summary>
/// Writes where words stand. Each room is read on from the last <c>rev</c> that was read, in steps: what is read again, by this
/// node or another, finds the cursor moved and writes nothing. Words that a change takes away leave with that change.
/// </summary>
internal sealed class SearchIndex
{
    /// <summary>Messages in a step.</summary>
    public const int Step = 1024;

    private readonly Database database;
    private readonly RoomLog log;
    private readonly GroupWrite<Batch, bool> batches;

    public SearchIndex(Database database, RoomLog log)
    {
        this.database = database;
        this.log = log;
        batches = database.Group<Batch, bool>(WriteAsync);
    }

    /// <summary>The open rooms in which something was not read yet.</summary>
    public Task<List<long>> BehindAsync() =>
        database.ReadAsync(async c => (await c.QueryAsync<long>(
            "SELECT r.number FROM rooms r LEFT JOIN search_rooms s ON s.room = r.number WHERE r.closed_at IS NULL AND r.rev > coalesce(s.rev, 0)")).AsList());

    /// <summary>Reads a room on by one step.</summary>
    /// <returns>True where there may be more.</returns>
    public async Task<bool> IndexAsync(long room)
    {
        var cursor = await database.ReadAsync(c => CursorAsync(c, room));
        var messages = await database.ReadAsync(async c => (await c.QueryAsync<StoredMessage>(
            """
            SELECT room, seq, rev, author_id, '' AS account, '' AS nickname, kind, body, content, created_at, recalled_at
            FROM messages WHERE room = @room AND rev > @Rev ORDER BY rev LIMIT @most
            """, new { room, cursor.Rev, most = Step })).AsList());
        if (messages.Count == 0)
            return false;
        // Another node may be ahead: then it was for nothing, and the next step begins where that one ended.
        return !await batches.WriteAsync(new Batch(cursor, messages)) || messages.Count == Step;
    }

    /// <summary>Takes away the words that a message has no more, inside the write that changes it.</summary>
    public async Task ForgetAsync(DbConnection connection, StoredMessage before, StoredMessage after)
    {
        if (string.Equals(before.Body, after.Body, StringComparison.Ordinal) && string.Equals(before.Content, after.Content, StringComparison.Ordinal) && before.IsRecalled == after.IsRecalled)
            return;
        var gone = Terms.Of(before);
        gone.ExceptWith(Terms.Of(after));
        if (gone.Count == 0)
            return;
        var (room, stretch) = (before.Room, Places.StretchOf(before.Seq));
        var rows = await RowsAsync(connection, room, gone.Select(word => (stretch, word)));
        await connection.ExecuteAsync(
            $"""
            UPDATE search_words SET places = t.places FROM {database.Table("@rows", ("word", "text"), ("places", "text"))}
            WHERE search_words.room = @room AND search_words.stretch = @stretch AND search_words.word = t.word
            """,
            new { room, stretch, rows = Database.Pack(rows.Select(r => new { word = r.Word, places = Places.Without(r.Places, before.Seq) })) });
        await connection.ExecuteAsync("DELETE FROM search_words WHERE room = @room AND stretch = @stretch AND places = ''", new { room, stretch });
    }

    /// <summary>Takes away the words of messages that are deleted, inside the write that does.</summary>
    public async Task ForgetAsync(DbConnection connection, long room, IReadOnlyList<StoredMessage> gone)
    {
        var places = gone.SelectMany(m => Terms.Of(m).Select(word => (Stretch: Places.StretchOf(m.Seq), Word: word, m.Seq))).ToLookup(p => (p.Stretch, p.Word), p => p.Seq);
        foreach (var stretch in places.GroupBy(p => p.Key.Stretch))
        {
            var rows = (await RowsAsync(connection, room, stretch.Select(p => p.Key)))
                .Select(r => new { word = r.Word, places = places[(stretch.Key, r.Word)].Aggregate(r.Places, Places.Without) }).ToList();
            var columns = new[] { ("word", "text"), ("places", "text") };
            await connection.ExecuteAsync(
                $"""
                UPDATE search_words SET places = t.places FROM {database.Table("@kept", columns)} WHERE search_words.room = @room AND search_words.stretch = @stretch AND search_words.word = t.word;
                DELETE FROM search_words WHERE room = @room AND stretch = @stretch AND word IN (SELECT t.word FROM {database.Table("@emptied", columns)});
                """, new { room, stretch = stretch.Key, kept = Database.Pack(rows.Where(r => r.places.Length > 0)), emptied = Database.Pack(rows.Where(r => r.places.Length == 0)) });
        }
        await connection.ExecuteAsync("DELETE FROM search_stretches WHERE room = @room AND stretch < @next", new { room, next = Places.StretchOf(gone[^1].Seq + 1) });
    }

    private async Task<IReadOnlyList<bool>> WriteAsync(DbConnection connection, IReadOnlyList<Batch> group)
    {
        var open = await log.LockAsync(connection, group.Select(b => b.Cursor.Room));
        var written = new List<bool>(group.Count);
        foreach (var batch in group)
            written.Add(open.ContainsKey(batch.Cursor.Room) && await IsNextAsync(connection, batch) && await WriteAsync(connection, batch));
        return written;
    }

    /// <summary>True while nobody else has read on, and no message has changed since it was read.</summary>
    private static async Task<bool> IsNextAsync(DbConnection connection, Batch batch) =>
        await CursorAsync(connection, batch.Cursor.Room) == batch.Cursor
        && await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM messages WHERE room = @Room AND rev > @Rev AND rev <= @last", new { batch.Cursor.Room, batch.Cursor.Rev, last = batch.Messages[^1].Rev }) == batch.Messages.Count;

    private async Task<bool> WriteAsync(DbConnection connection, Batch batch)
    {
        var room = batch.Cursor.Room;
        var words = await WordsAsync(connection, batch);
        await connection.ExecuteAsync(
            $"""
            INSERT INTO search_words (room, stretch, word, places)
            SELECT CAST(@room AS bigint), t.stretch, t.word, t.places FROM {database.Table("@words", ("stretch", "int"), ("word", "text"), ("places", "text"))} WHERE true
            ON CONFLICT (room, stretch, word) DO UPDATE SET places = search_words.places || excluded.places;
            INSERT INTO search_stretches (room, stretch, first_at, last_at)
            SELECT CAST(@room AS bigint), t.stretch, t.first_at, t.last_at FROM {database.Table("@stretches", ("stretch", "int"), ("first_at", "bigint"), ("last_at", "bigint"))} WHERE true
            ON CONFLICT (room, stretch) DO UPDATE SET
                first_at = CASE WHEN excluded.first_at < search_stretches.first_at THEN excluded.first_at ELSE search_stretches.first_at END,
                last_at = CASE WHEN excluded.last_at > search_stretches.last_at THEN excluded.last_at ELSE search_stretches.last_at END;
            INSERT INTO search_rooms (room, rev, seq) VALUES (@room, @rev, @seq) ON CONFLICT (room) DO UPDATE SET rev = excluded.rev, seq = excluded.seq;
            """,
            new
            {
                room,
                rev = batch.Messages[^1].Rev,
                seq = Math.Max(batch.Cursor.Seq, batch.Messages.Max(m => m.Seq)),
                words = Database.Pack(words.Select(w => new { stretch = w.Key.Stretch, word = w.Key.Word, places = w.Value.ToString() })),
                stretches = Database.Pack(batch.Messages.GroupBy(m => Places.StretchOf(m.Seq)).Select(s => new { stretch = s.Key, first_at = s.Min(m => m.CreatedAt), last_at = s.Max(m => m.CreatedAt) })),
            });
        return true;
    }

    /// <summary>What is to be written. A message that changed may be in the index already, in part or whole: its place is written once.</summary>
    private async Task<WordPlaces> WordsAsync(DbConnection connection, Batch batch)
    {
        var changed = batch.Messages.Where(m => m.Seq <= batch.Cursor.Seq).ToList();
        if (changed.Count == 0)
            return batch.Words;
        var words = batch.Words.Copy(); // the write may be repeated
        foreach (var message in changed)
        {
            var terms = Terms.Of(message);
            var stretch = Places.StretchOf(message.Seq);
            terms.ExceptWith((await RowsAsync(connection, message.Room, terms.Select(word => (stretch, word)))).Where(r => Places.Has(r.Places, message.Seq)).Select(r => r.Word));
            words.Add(message, terms);
        }
        return words;
    }

    private async Task<List<Row>> RowsAsync(DbConnection connection, long room, IEnumerable<(int Stretch, string Word)> words) =>
        (await connection.QueryAsync<Row>(
            $"""
            SELECT w.word, w.places FROM {database.Table("@words", ("stretch", "int"), ("word", "text"))}
            JOIN search_words w ON w.room = @room AND w.stretch = t.stretch AND w.word = t.word
            """, new { room, words = Database.Pack(words.Select(w => new { stretch = w.Stretch, word = w.Word })) })).AsList();

    private static async Task<Cursor> CursorAsync(DbConnection connection, long room) =>
        await connection.QuerySingleOrDefaultAsync<Cursor>("SELECT room, rev, seq FROM search_rooms WHERE room = @room", new { room }) ?? new Cursor(room, 0, 0);

    private sealed record Row(string Word, string Places);

    /// <summary>How far a room has been read.</summary>
    private sealed record Cursor(long Room, long Rev, long Seq);

    /// <summary>What was read after a cursor, and the words of what had never been read before.</summary>
    private sealed class Batch
    {
        public Batch(Cursor cursor, List<StoredMessage> messages)
        {
            (Cursor, Messages) = (cursor, messages);
            foreach (var message in messages.Where(m => m.Seq > cursor.Seq))
                Words.Add(message, Terms.Of(message));
        }

        public Cursor Cursor { get; }
        public List<StoredMessage> Messages { get; }
        public WordPlaces Words { get; } = [];
    }

    /// <summary>Words in stretches of a room, and their places there, as they are written.</summary>
    private sealed class WordPlaces : Dictionary<(int Stretch, string Word), StringBuilder>
    {
        public void Add(StoredMessage message, IEnumerable<string> terms)
        {
            var (stretch, place) = (Places.StretchOf(message.Seq), Places.Write(message.Seq));
            foreach (var term in terms)
            {
                if (!TryGetValue((stretch, term), out var places))
                    Add((stretch, term), places = new StringBuilder());
                places.Append(place);
            }
        }

        public WordPlaces Copy()
        {
            var copy = new WordPlaces();
            foreach (var (word, places) in this)
                copy.Add(word, new StringBuilder().Append(places));
            return copy;
        }
    }
}
