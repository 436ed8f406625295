using System.Data.Common;
using Dapper;
using WebChat.Messages.Formatting;
using WebChat.Messages.Kinds;
using WebChat.Messages.Search;
using WebChat.Rooms;
using WebChat.Shared;
using WebChat.Storage;

namespace WebChat.Messages;

/// <summary>
/// What becomes of messages that are there: each change takes the room's next <c>rev</c>, and readers get the message as it
/// is after it. Who may do what is <see cref="MessageRights"/>; whoever may not read the message finds none.
/// </summary>
internal sealed class ChangeStore(Database database, RoomLog log, RoomNotes notes, RoomFeed feed, SearchIndex index, TimeProvider clock)
{
    /// <summary>Writes a message's words anew; the old ones are kept for administrators.</summary>
    public Task<Changed> EditAsync(long userId, long room, long seq, string body, Mentioned calls, long now) =>
        ChangeAsync(userId, room, seq, async (connection, who, message) =>
        {
            if (!who.MayEdit(message))
                return who.Room.IsMuted ? Changed.Muted : Changed.Forbidden;
            if (string.Equals(message.Body, body, StringComparison.Ordinal))
                return Changed.Nothing(message);
            await connection.ExecuteAsync(
                "INSERT INTO edits (room, seq, rev, body, until_at) VALUES (@Room, @Seq, @Rev, @Body, @now)", new { message.Room, message.Seq, message.Rev, message.Body, now });
            var kind = Kind.Of(message);
            var named = calls.Among(await NamedAsync(connection, room, calls), who.MayCallAll);
            return Changed.To(message with { Body = body, Content = kind.Naming(await kind.RewordAsync(connection, message), named), EditedAt = now });
        });

    /// <summary>Takes a message back: its words, what it carried and how it was answered by emoji are gone, its place stays.</summary>
    public Task<Changed> RecallAsync(long userId, long room, long seq, long window, long now) =>
        ChangeAsync(userId, room, seq, async (connection, who, message) =>
        {
            if (message.IsRecalled)
                return Changed.Nothing(message);
            if (!who.MayRecall(message, window, now))
                return message.AuthorId == userId && Kind.Of(message).IsRecallable ? Changed.TooLate : Changed.Forbidden;
            await Kind.Of(message).ForgetAsync(connection, message);
            await connection.ExecuteAsync("DELETE FROM edits WHERE room = @Room AND seq = @Seq", message);
            return Changed.To(message with { Body = "", Content = null, Digest = null, Reactions = null, PinnedAt = null, RecalledAt = now, RecalledBy = userId }) with { Words = message.Body };
        });

    /// <summary>
    /// Takes back what somebody said, by one who looks after the house and may not even be in the room. Where others hold what it carried, its words
    /// alone go.
    /// </summary>
    /// <param name="actorId">Who does it.</param>
    /// <param name="room">Where; of a closed room there is nothing to take back.</param>
    /// <param name="seq">What.</param>
    /// <param name="now">When.</param>
    /// <param name="with">Says in the same transaction whether they may, and writes what else belongs to it.</param>
    public Task<Changed> RemoveAsync(long actorId, long room, long seq, long now, Func<DbConnection, StoredMessage, Task<bool>> with) =>
        ChangeAsync(room, seq, async (connection, message) =>
        {
            if (message is null || message.Kind == MessageKind.Note)
                return Changed.Unknown;
            var kind = Kind.Of(message);
            var after = kind.WithoutAuthor(message, now);
            if (message.IsRecalled || after == message)
                return Changed.Nothing(message);
            if (!await with(connection, message))
                return Changed.Forbidden;
            if (after.IsRecalled)
                await kind.ForgetAsync(connection, message);
            await connection.ExecuteAsync("DELETE FROM edits WHERE room = @Room AND seq = @Seq", message);
            return Changed.To(after.IsRecalled ? after with { RecalledBy = actorId } : after);
        });

    /// <summary>Puts the user's emoji under a message, or takes it away.</summary>
    public Task<Changed> ReactAsync(long userId, long room, long seq, string emoji) =>
        ChangeAsync(userId, room, seq, (_, who, message) =>
        {
            if (!who.MayReact(message))
                return Task.FromResult(who.Room.IsMuted ? Changed.Muted : Changed.Forbidden);
            var (isTaken, reactions) = Reaction.Toggle(message, emoji, userId);
            return Task.FromResult(isTaken ? Changed.To(message with { Reactions = reactions }) : Changed.Full);
        });

    /// <summary>Pins a message in its room, with a note of it, or unpins it; without <paramref name="wanted"/>, the other of the two.</summary>
    public Task<Changed> PinAsync(long userId, long room, long seq, bool? wanted, long now) =>
        ChangeAsync(userId, room, seq, (_, who, message) => Task.FromResult(
            !who.MayPin(message) ? Changed.Forbidden
            : wanted == (message.PinnedAt is not null) ? Changed.Nothing(message)
            : message.PinnedAt is null ? Changed.To(message with { PinnedAt = now }) with { Note = RoomNote.Pinned, At = now }
            : Changed.To(message with { PinnedAt = null })));

    /// <summary>Takes back some of what those wrote who left and wanted nothing to stay, in any room, also where nobody can read it any more.</summary>
    /// <returns>False when nothing is left to do.</returns>
    public async Task<bool> TakeBackSomeAsync(int most, long now)
    {
        var taken = await database.WriteAsync(async connection =>
        {
            if (await connection.QueryFirstOrDefaultAsync<Removal>("SELECT user_id, client_id FROM removals ORDER BY created_at, user_id LIMIT 1") is not { } removal)
                return null;
            var places = (await connection.QueryAsync<(long Room, long Seq, string ClientId)>(
                "SELECT room, seq, client_id FROM messages WHERE author_id = @UserId AND client_id > @ClientId ORDER BY client_id LIMIT @most", new { removal.UserId, removal.ClientId, most })).AsList();
            if (places.Count == 0)
                await connection.ExecuteAsync("DELETE FROM removals WHERE user_id = @UserId", removal);
            else
                await connection.ExecuteAsync("UPDATE removals SET client_id = @last WHERE user_id = @UserId", new { last = places[^1].ClientId, removal.UserId });
            return await TakeBackAsync(connection, [.. places.Select(p => (p.Room, p.Seq)).Order()], now);
        }, messages => messages?.ForEach(feed.Publish));
        return taken is not null;
    }

    /// <returns>Those that somebody may be reading.</returns>
    private async Task<List<StoredMessage>> TakeBackAsync(DbConnection connection, IReadOnlyList<(long Room, long Seq)> places, long now)
    {
        var heads = await log.LockAsync(connection, places.Select(p => p.Room));
        List<StoredMessage> open = [], closed = [];
        foreach (var (room, seq) in places)
        {
            if (await MessageStore.FindAsync(connection, room, seq) is not { IsRecalled: false } message)
                continue;
            var kind = Kind.Of(message);
            var after = kind.WithoutAuthor(message, now);
            if (after.IsRecalled)
                await kind.ForgetAsync(connection, message);
            await connection.ExecuteAsync("DELETE FROM edits WHERE room = @Room AND seq = @Seq", message);
            await index.ForgetAsync(connection, message, after);
            if (heads.GetValueOrDefault(room) is { } head)
                open.Add(after with { Rev = ++head.Rev, IsChange = true, IsNewest = head.Seq == seq });
            else
                closed.Add(after);
        }
        await log.ChangeAsync(connection, heads.Values, open);
        await log.ChangeAsync(connection, [], closed); // no reader, no rev
        return open;
    }

    /// <summary>
    /// Changes a message with its room locked. What <paramref name="change"/> gives is stored with the next <c>rev</c> and
    /// published when it is committed; what it throws undoes everything it wrote.
    /// </summary>
    public Task<Changed> ChangeAsync(long userId, long room, long seq, Func<DbConnection, MessageRights, StoredMessage, Task<Changed>> change) =>
        database.WriteAsync(async connection =>
        {
            if ((await log.LockAsync(connection, [room])).GetValueOrDefault(room) is not { } head ||
                await MemberStore.StandingAsync(connection, room, userId, clock.Now()) is not { Role: not null, HasBlocked: false } standing ||
                await MessageStore.FindAsync(connection, userId, room, seq) is not { } message)
                return Changed.Unknown;
            var changed = await change(connection, new MessageRights(userId, standing), message);
            changed = await StoreAsync(connection, head, message, changed);
            return changed.Note is null ? changed : changed with { Noted = await notes.AddAsync(connection, room, userId, changed.Note, changed.At) };
        }, Publish);

    /// <summary>The same by nobody: what time brings. Where the room is closed there is no message to change, and what else is written is.</summary>
    public Task<Changed> ChangeAsync(long room, long seq, Func<DbConnection, StoredMessage?, Task<Changed>> change) =>
        database.WriteAsync(async connection =>
        {
            if ((await log.LockAsync(connection, [room])).GetValueOrDefault(room) is not { } head)
                return await change(connection, null);
            var message = await MessageStore.FindAsync(connection, room, seq);
            return await StoreAsync(connection, head, message, await change(connection, message));
        }, Publish);

    private async Task<Changed> StoreAsync(DbConnection connection, RoomHead head, StoredMessage? before, Changed changed)
    {
        if (changed.Outcome != ChangeOutcome.Changed)
            return changed;
        changed = changed with { Message = changed.Message! with { Rev = ++head.Rev, IsChange = true, IsNewest = head.Seq == changed.Message.Seq } };
        await log.ChangeAsync(connection, [head], [changed.Message]);
        if (before is not null)
            await index.ForgetAsync(connection, before, changed.Message);
        return changed;
    }

    private void Publish(Changed changed)
    {
        if (changed.Outcome != ChangeOutcome.Changed)
            return;
        feed.Publish(changed.Message!);
        if (changed.Noted is { } note)
            feed.Publish(note);
    }

    private async Task<IEnumerable<Named>> NamedAsync(DbConnection connection, long room, Mentioned calls) =>
        calls.Accounts.Count == 0 ? [] : await connection.QueryAsync<Named>(
            $"SELECT me.room, u.id, u.account FROM users u JOIN members me ON me.room = @room AND me.user_id = u.id WHERE {database.In("u.account_key", "@keys")}",
            new { room, keys = calls.Accounts.Select(a => a.ToUpperInvariant()).ToArray() });

    private sealed record Removal
    {
        public required long UserId { get; init; }
        public required string ClientId { get; init; }
    }
}

internal enum ChangeOutcome
{
    /// <summary>Committed; readers get the message anew.</summary>
    Changed,
    /// <summary>It is so already.</summary>
    Same,
    /// <summary>No such message for this user.</summary>
    Unknown,
    Forbidden,
    /// <summary>Not while they are muted.</summary>
    Muted,
    /// <summary>The author might have, a while ago.</summary>
    TooLate,
    /// <summary>There are as many as there may be.</summary>
    Full,
}

/// <summary>What became of a change.</summary>
internal sealed record Changed(ChangeOutcome Outcome, StoredMessage? Message = null)
{
    public static readonly Changed Unknown = new(ChangeOutcome.Unknown);
    public static readonly Changed Forbidden = new(ChangeOutcome.Forbidden);
    public static readonly Changed Muted = new(ChangeOutcome.Muted);
    public static readonly Changed TooLate = new(ChangeOutcome.TooLate);
    public static readonly Changed Full = new(ChangeOutcome.Full);

    /// <summary>The words that are gone, for their author to write them again.</summary>
    public string? Words { get; init; }

    /// <summary>The body of a note that the room gets with it.</summary>
    public string? Note { get; init; }

    /// <summary>When the note is written.</summary>
    public long At { get; init; }

    public StoredMessage? Noted { get; init; }

    public static Changed To(StoredMessage message) => new(ChangeOutcome.Changed, message);

    public static Changed Nothing(StoredMessage message) => new(ChangeOutcome.Same, message);
}
