using System.Data.Common;
using Dapper;
using WebChat.Messages.Search;
using WebChat.Rooms;
using WebChat.Storage;

namespace WebChat.Messages.Retention;

/// <summary>
/// Deletes the oldest messages of rooms, with what hangs on them: files, former words, places in the index. No <c>seq</c> and no <c>rev</c> is given again and
/// the room's counters stay: history begins later, and that is all. What nobody opened of lucky money returns when it is due, as it does where a room is closed.
/// </summary>
internal sealed class AgeStore(Database database, SearchIndex index)
{
    /// <summary>Rooms, open and closed, whose first message is from before a moment, in order of their numbers.</summary>
    /// <param name="before">The moment.</param>
    /// <param name="after">The last room that is known already.</param>
    /// <param name="most">How many.</param>
    public Task<List<long>> RoomsAsync(long before, long after, int most) =>
        database.ReadAsync(async c => (await c.QueryAsync<long>(
            """
            SELECT r.number FROM rooms r JOIN messages m ON m.room = r.number AND m.seq = r.first_seq
            WHERE r.number > @after AND m.created_at < @before ORDER BY r.number LIMIT @most
            """, new { before, after, most })).AsList());

    /// <summary>Deletes some messages of a room, from its first on, up to one that is not from before a moment.</summary>
    /// <returns>True where more may be left to delete.</returns>
    public Task<bool> DeleteSomeAsync(long room, long before, int most) =>
        database.WriteAsync(async c =>
        {
            var first = (await c.QueryAsync<StoredMessage>(
                """
                SELECT m.room, m.seq, m.rev, m.author_id, '' AS account, '' AS nickname, m.kind, m.body, m.content, m.created_at, m.recalled_at
                FROM rooms r JOIN messages m ON m.room = r.number AND m.seq >= r.first_seq WHERE r.number = @room ORDER BY m.seq LIMIT @most
                """, new { room, most })).AsList();
            var old = first.TakeWhile(m => m.CreatedAt < before).ToList();
            if (old.Count == 0)
                return false;
            await index.ForgetAsync(c, room, old);
            await DeleteAsync(c, room, old[0].Seq, old[^1].Seq);
            return old.Count == most;
        });

    /// <summary>Nothing is written for members, of whom there may be many: what nobody can read any more counts as read (<c>Rooms/ReadStore</c>).</summary>
    private static Task<int> DeleteAsync(DbConnection connection, long room, long from, long last) =>
        connection.ExecuteAsync(
            """
            UPDATE rooms SET first_seq = @last + 1 WHERE number = @room;
            DELETE FROM messages WHERE room = @room AND seq >= @from AND seq <= @last;
            UPDATE messages SET follows = 0 WHERE room = @room AND seq = @last + 1;
            UPDATE reports SET kind = NULL, body = NULL, content = NULL
            WHERE case_id IN (SELECT id FROM cases WHERE room = @room AND seq >= @from AND seq <= @last AND closed_at IS NOT NULL);
            """, new { room, from, last }); // what is first has its author's name above it; what was reported is kept for as long as nobody has dealt with it
}
