using System.Data.Common;
using System.Text.Json.Serialization;
using Dapper;
using WebChat.Storage;

namespace WebChat.Rooms;

/// <summary>The kinds of message that rooms themselves know, as stored; all others are the business of those who show them.</summary>
internal static class MessageKind
{
    public const int Text = 0;
    /// <summary>Something that happened in the room: the body is a <see cref="RoomNote"/>'s name, maybe with a word after a space.</summary>
    public const int Note = 1;
}

/// <summary>What happened, as a note's body begins.</summary>
internal static class RoomNote
{
    public const string Created = "created";
    public const string Joined = "joined";
    public const string Left = "left";
    public const string Removed = "removed";
    public const string Renamed = "renamed";
    public const string Friends = "friends";
    public const string Pinned = "pinned";
    public const string BotAdded = "bot-added";
    public const string BotRemoved = "bot-removed";
    public const string Promoted = "promoted";
    public const string Demoted = "demoted";
    public const string HandedOver = "handed-over";
    public const string Muted = "muted";
    public const string Unmuted = "unmuted";
    public const string Admitted = "admitted";
    public const string Invited = "invited";
    public const string Announced = "announced";
    public const string Closed = "posting-closed";
    public const string Opened = "posting-opened";
}

/// <summary>Who said what: enough of a message for a line in a list or a quote.</summary>
internal record Said
{
    public required long AuthorId { get; init; }
    public required string Account { get; init; }
    public required string Nickname { get; init; }
    /// <summary>A program of the group's said it.</summary>
    public bool IsBot { get; init; }
    public required int Kind { get; init; }
    public required string Body { get; init; }
    /// <summary>What its kind carries beside the words, as JSON.</summary>
    public string? Content { get; init; }
    /// <summary>Since when its words and what it carried are gone.</summary>
    public long? RecalledAt { get; init; }
    public long? RecalledBy { get; init; }

    [JsonIgnore] public bool IsRecalled => RecalledAt is not null;
}

/// <summary>A message as it was committed, with what its author is called.</summary>
internal sealed record StoredMessage : Said
{
    public required long Room { get; init; }
    public required long Seq { get; init; }
    public required long Rev { get; init; }
    public string? Picture { get; init; }
    /// <summary>What the author's page called it before it had a place; null for a note.</summary>
    public string? ClientId { get; init; }
    /// <summary>Of what was posted; null once it is recalled.</summary>
    public string? Digest { get; init; }
    public bool Follows { get; init; }
    public required long CreatedAt { get; init; }
    public long? EditedAt { get; init; }
    public long? PinnedAt { get; init; }
    /// <summary>As <c>messages.reactions</c> has them.</summary>
    public string? Reactions { get; init; }

    /// <summary>The place of the message it answers.</summary>
    public long? ReplyTo { get; init; }
    public long? QuotedAuthorId { get; init; }
    public string? QuotedAccount { get; init; }
    public string? QuotedNickname { get; init; }
    public bool QuotedIsBot { get; init; }
    public int? QuotedKind { get; init; }
    public string? QuotedBody { get; init; }
    public string? QuotedContent { get; init; }
    public long? QuotedRecalledAt { get; init; }
    public long? QuotedRecalledBy { get; init; }

    /// <summary>What it answers, as that stands now.</summary>
    [JsonIgnore]
    public Said? Quoted => QuotedAuthorId is not { } author ? null : new Said
    {
        AuthorId = author, Account = QuotedAccount!, Nickname = QuotedNickname!, IsBot = QuotedIsBot, Kind = QuotedKind!.Value, Body = QuotedBody!, Content = QuotedContent,
        RecalledAt = QuotedRecalledAt, RecalledBy = QuotedRecalledBy,
    };

    /// <summary>True for the change of a message that was there before.</summary>
    public bool IsChange { get; init; }

    /// <summary>True where such a message was the room's last.</summary>
    public bool IsNewest { get; init; }
}

/// <summary>Who writes a message, as it will be shown.</summary>
internal sealed record Author
{
    public required long Id { get; init; }
    public required string Account { get; init; }
    public required string Nickname { get; init; }
    public string? Picture { get; init; }
    public bool IsBot { get; init; }
}

/// <summary>Where a room's log ends, locked until the transaction does.</summary>
internal sealed record RoomHead
{
    /// <summary>A message by the same author within this time follows the one before without face and name.</summary>
    private const long FollowsWithin = 5 * 60_000;

    private const long Day = 86_400_000;

    public required long Number { get; init; }
    public required long Seq { get; set; }
    public required long Rev { get; set; }
    public long? LastBy { get; set; }
    public required long LastAt { get; set; }

    /// <summary>The next message of the room: takes the next <c>seq</c> and <c>rev</c>.</summary>
    public StoredMessage Next(Author author, int kind, string body, string? clientId, long now)
    {
        var message = new StoredMessage
        {
            Room = Number,
            Seq = ++Seq,
            Rev = ++Rev,
            AuthorId = author.Id,
            Account = author.Account,
            Nickname = author.Nickname,
            Picture = author.Picture,
            IsBot = author.IsBot,
            Kind = kind,
            Body = body,
            ClientId = clientId,
            Follows = kind != MessageKind.Note && LastBy == author.Id && now - LastAt < FollowsWithin && now / Day == LastAt / Day,
            CreatedAt = now,
        };
        LastBy = kind == MessageKind.Note ? null : author.Id;
        LastAt = now;
        return message;
    }
}

/// <summary>
/// The one place where messages are written: their <c>seq</c> and <c>rev</c> come from the room's row, locked in the caller's
/// transaction, so that their order is the commit order.
/// </summary>
internal sealed class RoomLog(Database database)
{
    /// <summary>Locks the ends of these rooms' logs, in order of their numbers. Rooms that are closed or never were are left out.</summary>
    public async Task<Dictionary<long, RoomHead>> LockAsync(DbConnection connection, IEnumerable<long> rooms) =>
        (await connection.QueryAsync<RoomHead>(
            $"SELECT number, seq, rev, last_by, last_at FROM rooms WHERE {database.In("number", "@rooms")} AND closed_at IS NULL ORDER BY number {database.ForUpdate("rooms")}",
            new { rooms = rooms.Distinct().ToArray() })).ToDictionary(h => h.Number);

    /// <summary>Writes messages that these heads gave. Publish them after the commit.</summary>
    public Task AppendAsync(DbConnection connection, IEnumerable<RoomHead> heads, IReadOnlyCollection<StoredMessage> messages) =>
        messages.Count == 0 ? Task.CompletedTask : connection.ExecuteAsync(
            $"""
            UPDATE rooms SET seq = t.seq, rev = t.rev, last_by = t.last_by, last_at = t.last_at
            FROM {database.Table("@heads", ("number", "bigint"), ("seq", "bigint"), ("rev", "bigint"), ("last_by", "bigint"), ("last_at", "bigint"))}
            WHERE rooms.number = t.number;
            INSERT INTO messages (room, seq, rev, author_id, kind, body, content, client_id, digest, reply_to, follows, created_at)
            SELECT room, seq, rev, author_id, kind, body, content, client_id, digest, reply_to, follows, created_at
            FROM {database.Table("@messages", ("room", "bigint"), ("seq", "bigint"), ("rev", "bigint"), ("author_id", "bigint"), ("kind", "int"), ("body", "text"), ("content", "text"), ("client_id", "text"), ("digest", "text"), ("reply_to", "bigint"), ("follows", "int"), ("created_at", "bigint"))};
            """,
            new
            {
                heads = Database.Pack(heads.Select(h => new { number = h.Number, seq = h.Seq, rev = h.Rev, last_by = h.LastBy, last_at = h.LastAt })),
                messages = Database.Pack(messages.Select(m => new
                {
                    room = m.Room, seq = m.Seq, rev = m.Rev, author_id = m.AuthorId, kind = m.Kind, body = m.Body, content = m.Content, client_id = m.ClientId, digest = m.Digest,
                    reply_to = m.ReplyTo, follows = m.Follows ? 1 : 0, created_at = m.CreatedAt,
                })),
            });

    /// <summary>Writes what changed of messages that were there, with the <c>rev</c> each has got from these heads. Publish them after the commit.</summary>
    public Task ChangeAsync(DbConnection connection, IEnumerable<RoomHead> heads, IReadOnlyCollection<StoredMessage> messages) =>
        messages.Count == 0 ? Task.CompletedTask : connection.ExecuteAsync(
            $"""
            UPDATE rooms SET rev = t.rev, changed_at = coalesce(t.changed_at, rooms.changed_at)
            FROM {database.Table("@heads", ("number", "bigint"), ("rev", "bigint"), ("changed_at", "bigint"))} WHERE rooms.number = t.number;
            UPDATE messages SET rev = t.rev, body = t.body, content = t.content, digest = t.digest, reactions = t.reactions, edited_at = t.edited_at,
                                recalled_at = t.recalled_at, recalled_by = t.recalled_by, pinned_at = t.pinned_at
            FROM {database.Table("@messages", ("room", "bigint"), ("seq", "bigint"), ("rev", "bigint"), ("body", "text"), ("content", "text"), ("digest", "text"), ("reactions", "text"), ("edited_at", "bigint"), ("recalled_at", "bigint"), ("recalled_by", "bigint"), ("pinned_at", "bigint"))}
            WHERE messages.room = t.room AND messages.seq = t.seq;
            """,
            new
            {
                heads = Database.Pack(heads.Select(h => new { number = h.Number, rev = h.Rev, changed_at = messages.Max(m => m.Room == h.Number && m.Seq == h.Seq ? m.RecalledAt ?? m.EditedAt : null) })),
                messages = Database.Pack(messages.Select(m => new
                {
                    room = m.Room, seq = m.Seq, rev = m.Rev, body = m.Body, content = m.Content, digest = m.Digest, reactions = m.Reactions, edited_at = m.EditedAt,
                    recalled_at = m.RecalledAt, recalled_by = m.RecalledBy, pinned_at = m.PinnedAt,
                })),
            });

    /// <summary>Writes a note of what somebody did in a room, inside the caller's write.</summary>
    /// <returns>The note, or null when there is no such open room.</returns>
    public async Task<StoredMessage?> NoteAsync(DbConnection connection, long room, long authorId, string body, long now)
    {
        if ((await LockAsync(connection, [room])).GetValueOrDefault(room) is not { } head)
            return null;
        var author = await connection.QuerySingleAsync<Author>("SELECT id, account, nickname, picture FROM users WHERE id = @authorId", new { authorId });
        var note = head.Next(author, MessageKind.Note, body, null, now);
        await AppendAsync(connection, [head], [note]);
        return note;
    }
}
