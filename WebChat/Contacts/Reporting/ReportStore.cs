using System.Data.Common;
using Dapper;
using WebChat.Shared;
using WebChat.Storage;

namespace WebChat.Contacts.Reporting;

/// <summary>What somebody tells the administrators of somebody else.</summary>
internal sealed record Report
{
    public required long ReporterId { get; init; }
    /// <summary>Whom it is about; of a message, who wrote it.</summary>
    public required long UserId { get; init; }
    public required string Reason { get; init; }
    /// <summary>The room of the message it is about; null where it is about the person.</summary>
    public long? Room { get; init; }
    public long? Seq { get; init; }
    /// <summary>The message as it is at this moment: neither an edit nor a recall takes that away.</summary>
    public int? Kind { get; init; }
    public string? Body { get; init; }
    public string? Content { get; init; }
}

/// <summary>What became of a report.</summary>
internal enum ReportOutcome
{
    Stored,
    /// <summary>They said so before, and nobody has dealt with it yet. Nothing was stored.</summary>
    AlreadyStored,
    /// <summary>No such person or message for who reports.</summary>
    Unknown,
    /// <summary>That is nothing to report.</summary>
    Forbidden,
}

/// <summary>
/// Takes reports in. Those of one message, or of one person, are one case until an administrator closes it. Nothing here reads: whoever is reported
/// cannot learn of it.
/// </summary>
internal sealed class ReportStore(Database database, TimeProvider clock)
{
    /// <summary>Reports a person.</summary>
    public Task<ReportOutcome> AddPersonAsync(long userId, string account, string reason) =>
        database.WriteAsync(async c =>
            await c.QuerySingleOrDefaultAsync<long?>(
                "SELECT id FROM users WHERE account_key = @key AND id <> @userId AND is_bot = 0 AND deleted_at IS NULL", new { userId, key = account.ToUpperInvariant() }) is { } reported
                ? await AddAsync(c, new Report { ReporterId = userId, UserId = reported, Reason = reason }, clock.Now())
                : ReportOutcome.Unknown);

    /// <summary>Adds a report to its case, inside the caller's write.</summary>
    public static async Task<ReportOutcome> AddAsync(DbConnection connection, Report report, long now)
    {
        var same = report.Seq is null ? "user_id = @UserId AND seq IS NULL" : "room = @Room AND seq = @Seq";
        var id = await connection.QuerySingleOrDefaultAsync<long?>($"SELECT id FROM cases WHERE {same} AND closed_at IS NULL", report)
            ?? await connection.ExecuteScalarAsync<long>(
                "INSERT INTO cases (user_id, room, seq, created_at) VALUES (@UserId, @Room, @Seq, @now) RETURNING id", new { report.UserId, report.Room, report.Seq, now });
        var stored = await connection.ExecuteAsync(
            """
            INSERT INTO reports (case_id, reporter_id, reason, kind, body, content, created_at) VALUES (@id, @ReporterId, @Reason, @Kind, @Body, @Content, @now)
            ON CONFLICT (case_id, reporter_id) DO NOTHING
            """, new { id, report.ReporterId, report.Reason, report.Kind, report.Body, report.Content, now });
        return stored > 0 ? ReportOutcome.Stored : ReportOutcome.AlreadyStored;
    }
}
