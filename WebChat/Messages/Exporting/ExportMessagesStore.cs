using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Dapper;
using WebChat.Accounts.Exporting;
using WebChat.Media;
using WebChat.Messages.Kinds;
using WebChat.Messages.Lucky;
using WebChat.Rooms;
using WebChat.Storage;

namespace WebChat.Messages.Exporting;

/// <summary>
/// One's conversations by name, and what one said and sent in them, a page at a time. What others said is theirs, also in a conversation of two; what
/// was said in a conversation that is closed is one's own still.
/// </summary>
internal sealed class ExportMessagesStore(Database database, RoomStore rooms, LuckyStore lucky, IMediaFiles files)
{
    private const int PageSize = 500;

    public async Task AddAsync(Export export)
    {
        await export.AddAsync("conversations.json", (await rooms.AllAsync(export.UserId)).Select(r => new { r.Number, r.Kind, r.Name, r.Memo, r.Role, since = Export.At(r.CreatedAt) }));
        await export.AddAsync("points.json", new { balance = await lucky.BalanceAsync(export.UserId) });
        await export.AddAsync("messages.json", MessagesAsync(export.UserId, export.Cancel));
        await foreach (var file in FilesAsync(export.UserId, export.Cancel))
        {
            await using var content = await files.OpenAsync(Uploads.StoredName(file.Id, isSmall: false), export.Cancel);
            if (content is not null)
                await export.AddFileAsync($"files/{file.Room.ToString(CultureInfo.InvariantCulture)}-{file.Seq.ToString(CultureInfo.InvariantCulture)} {file.Name}", content);
        }
    }

    /// <summary>In the order of an index, so that no page costs more than the one before it; each says when and where it was said.</summary>
    private async IAsyncEnumerable<object> MessagesAsync(long userId, [EnumeratorCancellation] CancellationToken cancel)
    {
        var after = "";
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            var page = (await database.ReadAsync(c => c.QueryAsync<Row>(
                """
                SELECT room, seq, kind, body, content, client_id, reply_to, created_at, edited_at, recalled_at FROM messages
                WHERE author_id = @userId AND client_id > @after ORDER BY client_id LIMIT @size
                """, new { userId, after, size = PageSize }))).AsList();
            foreach (var row in page.Where(r => r.RecalledAt is null))
                yield return row.Tell(userId);
            if (page.Count < PageSize)
                yield break;
            after = page[^1].ClientId;
        }
    }

    private async IAsyncEnumerable<FileRow> FilesAsync(long userId, [EnumeratorCancellation] CancellationToken cancel)
    {
        var after = "";
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            var page = (await database.ReadAsync(c => c.QueryAsync<FileRow>(
                "SELECT id, room, seq, name FROM media WHERE owner_id = @userId AND id > @after ORDER BY id LIMIT @size", new { userId, after, size = PageSize }))).AsList();
            foreach (var row in page)
                yield return row;
            if (page.Count < PageSize)
                yield break;
            after = page[^1].Id;
        }
    }

    private sealed record Row
    {
        public required long Room { get; init; }
        public required long Seq { get; init; }
        public required int Kind { get; init; }
        public required string Body { get; init; }
        public string? Content { get; init; }
        public required string ClientId { get; init; }
        public long? ReplyTo { get; init; }
        public required long CreatedAt { get; init; }
        public long? EditedAt { get; init; }
        public long? RecalledAt { get; init; }

        public object Tell(long userId)
        {
            var said = new Said { AuthorId = userId, Account = "", Nickname = "", Kind = Kind, Body = Body, Content = Kind == LuckyKind.Id ? WithoutOthers() : Content };
            return new
            {
                Room, Seq, kind = Kinds.Kind.Of(said).Name, said = Export.At(CreatedAt), edited = EditedAt is { } at ? Export.At(at) : (DateTimeOffset?)null, ReplyTo,
                text = Body.Length > 0 ? Body : null, carries = said.Content is { } json ? JsonElement.Parse(json) : (JsonElement?)null,
            };
        }

        /// <summary>Who got how much of one's lucky money is theirs.</summary>
        private string? WithoutOthers() => Messages.Content.Unpack<LuckyPacket>(Content) is { } packet ? Messages.Content.Pack(packet with { Claims = [] }) : Content;
    }

    private sealed record FileRow
    {
        public required string Id { get; init; }
        public required long Room { get; init; }
        public required long Seq { get; init; }
        public required string Name { get; init; }
    }
}
