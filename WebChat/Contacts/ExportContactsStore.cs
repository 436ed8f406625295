using Dapper;
using WebChat.Accounts.Exporting;
using WebChat.Storage;

namespace WebChat.Contacts;

/// <summary>Whom one knows, as one sees them oneself, and whom one has reported.</summary>
internal sealed class ExportContactsStore(Database database)
{
    public async Task AddAsync(Export export)
    {
        var contacts = await database.ReadAsync(c => c.QueryAsync<Contact>(
            """
            SELECT u.account, u.nickname, c.remark, c.is_friend, c.blocked_at, c.created_at FROM contacts c JOIN users u ON u.id = c.other_id
            WHERE c.owner_id = @UserId ORDER BY u.account_key
            """, new { export.UserId }));
        var requests = await database.ReadAsync(c => c.QueryAsync<Request>(
            """
            SELECT u.account, u.nickname, f.message, f.created_at FROM friend_requests f JOIN users u ON u.id = f.to_id
            WHERE f.from_id = @UserId ORDER BY f.created_at
            """, new { export.UserId }));
        var reports = await database.ReadAsync(c => c.QueryAsync<Reported>(
            """
            SELECT u.account, s.room, s.seq, r.reason, r.created_at FROM reports r JOIN cases s ON s.id = r.case_id JOIN users u ON u.id = s.user_id
            WHERE r.reporter_id = @UserId ORDER BY r.created_at
            """, new { export.UserId }));
        await export.AddAsync("contacts.json", new
        {
            contacts = contacts.Select(c => new { c.Account, c.Nickname, remark = c.Remark.Length > 0 ? c.Remark : null, c.IsFriend, blocked = c.BlockedAt is { } at ? Export.At(at) : (DateTimeOffset?)null, since = Export.At(c.CreatedAt) }),
            requests = requests.Select(r => new { r.Account, r.Nickname, r.Message, sent = Export.At(r.CreatedAt) }),
            reports = reports.Select(r => new { r.Account, r.Room, r.Seq, r.Reason, sent = Export.At(r.CreatedAt) }),
        });
    }

    private sealed record Contact
    {
        public required string Account { get; init; }
        public required string Nickname { get; init; }
        public required string Remark { get; init; }
        public bool IsFriend { get; init; }
        public long? BlockedAt { get; init; }
        public required long CreatedAt { get; init; }
    }

    private sealed record Reported
    {
        public required string Account { get; init; }
        public long? Room { get; init; }
        public long? Seq { get; init; }
        public required string Reason { get; init; }
        public required long CreatedAt { get; init; }
    }

    private sealed record Request
    {
        public required string Account { get; init; }
        public required string Nickname { get; init; }
        public required string Message { get; init; }
        public required long CreatedAt { get; init; }
    }
}
