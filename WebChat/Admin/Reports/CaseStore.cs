using System.Data.Common;
using System.Globalization;
using Dapper;
using WebChat.Accounts.Leaving;
using WebChat.Admin.Audit;
using WebChat.Admin.Rooms;
using WebChat.Admin.Users;
using WebChat.Messages;
using WebChat.Rooms;
using WebChat.Shared;
using WebChat.Storage;

namespace WebChat.Admin.Reports;

/// <summary>How a case was closed. Stored as its number.</summary>
internal enum CaseOutcome
{
    Open = 0,
    Dismissed = 1,
    Removed = 2,
    Disabled = 3,
}

/// <summary>What became of an act on a case.</summary>
internal enum CaseActed
{
    Done,
    Unknown,
    /// <summary>Somebody else was sooner.</summary>
    Closed,
    /// <summary>The message is not there any more.</summary>
    Gone,
    /// <summary>One does not lock oneself out.</summary>
    Oneself,
    /// <summary>A bot, or somebody who has left: there is nobody to keep out.</summary>
    Nobody,
}

/// <summary>A message or a person that was reported, and what has become of it.</summary>
internal sealed record Case
{
    public required long Id { get; init; }
    public required long UserId { get; init; }
    public required string Account { get; init; }
    public required string Nickname { get; init; }
    public string? Picture { get; init; }
    public bool IsBot { get; init; }
    public long? DisabledAt { get; init; }
    public long? Room { get; init; }
    public RoomKind RoomKind { get; init; }
    public string RoomName { get; init; } = "";
    public long? Seq { get; init; }
    /// <summary>The message can still be removed: it is there, in an open room.</summary>
    public bool IsThere { get; init; }
    public bool IsEdited { get; init; }
    public required long CreatedAt { get; init; }
    public long? ClosedAt { get; init; }
    public string? ClosedBy { get; init; }
    public CaseOutcome Outcome { get; init; }
    public string Note { get; init; } = "";
    /// <summary>How many said so.</summary>
    public required long Count { get; init; }
    /// <summary>Some of them, the first first.</summary>
    public IReadOnlyList<CaseReport> Reports { get; init; } = [];

    /// <summary>There is a person behind it who can still come in, and it is not who looks.</summary>
    public bool MayDisable(long actorId) => !IsBot && DisabledAt is null && UserId != actorId && !LeavingStore.IsGone(Account);
}

/// <summary>One person's report.</summary>
internal sealed record CaseReport
{
    public required long CaseId { get; init; }
    public required string Account { get; init; }
    public required string Nickname { get; init; }
    public required string Reason { get; init; }
    public required long CreatedAt { get; init; }
    /// <summary>The message as it was then.</summary>
    public int? Kind { get; init; }
    public string? Body { get; init; }
    public string? Content { get; init; }

    /// <summary>The message as it was then, as a text: whole, and on its lines.</summary>
    public string Say(MessageWords words, Case reported)
    {
        var said = new Said { AuthorId = reported.UserId, Account = reported.Account, Nickname = reported.Nickname, Kind = Kind ?? MessageKind.Text, Body = Body ?? "", Content = Content };
        return Kind == MessageKind.Text ? said.Body : WebChat.Messages.Kinds.Kind.Of(said).Line(said, words);
    }
}

/// <summary>Where a page of the queue begins: behind an open case, or before a closed one.</summary>
internal sealed record CasePlace(long AfterOpen, long BeforeClosed)
{
    public static readonly CasePlace First = new(0, long.MaxValue);
}

/// <summary>The queue of what was reported. Of two who act on a case at once one does, and the other is told.</summary>
internal sealed class CaseStore(Database database, ChangeStore changes, AdminUserStore users, TimeProvider clock)
{
    public const int PageSize = 20;
    public const int LongestNote = 500;

    /// <summary>Reports of one case that are shown in the list, and by itself.</summary>
    public const int FewReports = 3;
    public const int ManyReports = 100;

    private const string Columns =
        """
        s.id, s.user_id, u.account, u.nickname, u.picture, u.is_bot, u.disabled_at, s.room, coalesce(r.kind, 0) AS room_kind, coalesce(r.name, '') AS room_name, s.seq,
        CASE WHEN m.seq IS NOT NULL AND m.recalled_at IS NULL AND r.closed_at IS NULL THEN 1 ELSE 0 END AS is_there, CASE WHEN m.edited_at IS NULL THEN 0 ELSE 1 END AS is_edited,
        s.created_at, s.closed_at, closer.account AS closed_by, s.outcome, s.note, (SELECT count(*) FROM reports v WHERE v.case_id = s.id) AS count
        """;

    private const string Tables =
        """
        cases s JOIN users u ON u.id = s.user_id LEFT JOIN users closer ON closer.id = s.closed_by
        LEFT JOIN rooms r ON r.number = s.room LEFT JOIN messages m ON m.room = s.room AND m.seq = s.seq
        """;

    /// <summary>A case about an administrator is for the others to see and to close, as long as there are others.</summary>
    private const string IsTheirs =
        "(s.user_id <> @actorId OR NOT EXISTS (SELECT 1 FROM users o WHERE o.is_admin = 1 AND o.id <> @actorId AND o.disabled_at IS NULL AND o.deleted_at IS NULL))";

    /// <summary>How many wait for this administrator.</summary>
    public Task<long> CountAsync(long actorId) => database.ReadAsync(c => c.ExecuteScalarAsync<long>($"SELECT count(*) FROM cases s WHERE s.closed_at IS NULL AND {IsTheirs}", new { actorId }));

    /// <summary>A page of them: the open ones, who waits longest first, and then the closed ones, the newest first. One more is read to know whether there are others.</summary>
    /// <param name="actorId">Who looks.</param>
    /// <param name="sought">In reasons, in names of who reported or is reported, or a room's number; taken by the letter.</param>
    /// <param name="from">Where it begins.</param>
    public Task<List<Case>> ListAsync(long actorId, string sought, CasePlace from) =>
        database.ReadAsync(async c =>
        {
            var asked = new
            {
                actorId, from.AfterOpen, from.BeforeClosed, upper = sought.ToUpperInvariant(), lower = sought.ToLowerInvariant(), within = $"%{Like.Escape(sought.ToLowerInvariant())}%",
                number = long.TryParse(sought, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0, most = PageSize + 1,
            };
            var found = sought.Length == 0 ? "" : Found;
            var page = new List<Case>();
            if (from.BeforeClosed == long.MaxValue)
                page.AddRange(await c.QueryAsync<Case>($"SELECT {Columns} FROM {Tables} WHERE s.closed_at IS NULL AND s.id > @AfterOpen AND {IsTheirs} {found} ORDER BY s.id LIMIT @most", asked));
            if (page.Count <= PageSize)
                page.AddRange((await c.QueryAsync<Case>($"SELECT {Columns} FROM {Tables} WHERE s.closed_at IS NOT NULL AND s.id < @BeforeClosed AND {IsTheirs} {found} ORDER BY s.id DESC LIMIT @most", asked)).Take(PageSize + 1 - page.Count));
            return await WithReportsAsync(c, page, FewReports);
        });

    /// <summary>One of them, or null.</summary>
    public Task<Case?> FindAsync(long actorId, long id) =>
        database.ReadAsync(async c => (await WithReportsAsync(c, (await c.QueryAsync<Case>($"SELECT {Columns} FROM {Tables} WHERE s.id = @id AND {IsTheirs}", new { id, actorId })).AsList(), ManyReports)).SingleOrDefault());

    /// <summary>Closes a case without more.</summary>
    public Task<CaseActed> DismissAsync(long actorId, long id, string note) =>
        database.WriteAsync(async c =>
        {
            var now = clock.Now();
            if (await OpenAsync(c, actorId, id) is not { } reported)
                return await MissingAsync(c, actorId, id);
            await CloseAsync(c, actorId, id, CaseOutcome.Dismissed, note, now);
            await AuditStore.AddAsync(c, new AuditEntry { ActorId = actorId, Act = Act.Dismiss, UserId = reported.UserId, Room = reported.Room, Detail = note }, now);
            return CaseActed.Done;
        });

    /// <summary>Closes a case by removing the message it is about; readers see it go.</summary>
    public async Task<CaseActed> RemoveAsync(long actorId, long id, string note)
    {
        if (await database.ReadAsync(c => OpenAsync(c, actorId, id)) is not { } reported)
            return await database.ReadAsync(c => MissingAsync(c, actorId, id));
        if (reported is not { Room: { } room, Seq: { } seq })
            return CaseActed.Gone;
        var now = clock.Now();
        var changed = await changes.RemoveAsync(actorId, room, seq, now, async (c, message) =>
        {
            if (await OpenAsync(c, actorId, id) is null)
                return false;
            await CloseAsync(c, actorId, id, CaseOutcome.Removed, note, now);
            await AuditStore.AddAsync(c, RemovalStore.Entry(actorId, message, note), now);
            return true;
        });
        return changed.Outcome switch
        {
            ChangeOutcome.Changed => CaseActed.Done,
            ChangeOutcome.Forbidden => await database.ReadAsync(c => MissingAsync(c, actorId, id)),
            _ => await database.ReadAsync(c => OpenAsync(c, actorId, id)) is null ? CaseActed.Closed : CaseActed.Gone,
        };
    }

    /// <summary>Closes a case by letting the person in no more.</summary>
    public Task<CaseActed> DisableAsync(long actorId, long id, string note) =>
        database.WriteAsync(async c =>
        {
            if (await OpenAsync(c, actorId, id) is not { } reported)
                return await MissingAsync(c, actorId, id);
            var (outcome, _) = await users.DisableAsync(c, actorId, reported.Account, note);
            if (outcome is not (Acted.Done or Acted.Same)) // kept out already is kept out, too
                return outcome == Acted.Oneself ? CaseActed.Oneself : CaseActed.Nobody;
            var now = clock.Now();
            await CloseAsync(c, actorId, id, CaseOutcome.Disabled, note, now);
            if (outcome == Acted.Same)
                await AuditStore.AddAsync(c, new AuditEntry { ActorId = actorId, Act = Act.Dismiss, UserId = reported.UserId, Room = reported.Room, Detail = note }, now);
            return CaseActed.Done;
        });

    /// <summary>Closes what is open of a message, inside the write that removes it. What is about oneself stays for the others.</summary>
    public static Task<int> CloseMessageAsync(DbConnection connection, long actorId, long room, long seq, long now) =>
        connection.ExecuteAsync(
            $"UPDATE cases AS s SET closed_at = @now, closed_by = @actorId, outcome = @outcome WHERE s.room = @room AND s.seq = @seq AND s.closed_at IS NULL AND {IsTheirs}",
            new { now, actorId, outcome = (int)CaseOutcome.Removed, room, seq });

    private string Found =>
        $"""
        AND (s.room = @number
          OR s.user_id IN (SELECT n.id FROM users n WHERE {database.Begins("n.account_key", "@upper")} OR {database.Begins("n.nickname_key", "@lower")})
          OR EXISTS (SELECT 1 FROM reports v JOIN users n ON n.id = v.reporter_id WHERE v.case_id = s.id
                     AND (lower(v.reason) LIKE @within ESCAPE '\' OR {database.Begins("n.account_key", "@upper")} OR {database.Begins("n.nickname_key", "@lower")})))
        """;

    private async Task<List<Case>> WithReportsAsync(DbConnection connection, List<Case> cases, int most)
    {
        if (cases.Count == 0)
            return [];
        var reports = (await connection.QueryAsync<CaseReport>(
            $"""
            SELECT v.case_id, n.account, n.nickname, v.reason, v.created_at, v.kind, v.body, v.content FROM (
                SELECT *, row_number() OVER (PARTITION BY case_id ORDER BY created_at, reporter_id) AS place FROM reports WHERE {database.In("case_id", "@ids")}) AS v
            JOIN users n ON n.id = v.reporter_id WHERE v.place <= @most ORDER BY v.case_id, v.place
            """, new { ids = cases.Select(s => s.Id).ToArray(), most })).ToLookup(v => v.CaseId);
        return [.. cases.Select(s => s with { Reports = [.. reports[s.Id]] })];
    }

    /// <summary>Whom and what an open case is about, for an administrator; null for everything else.</summary>
    private static Task<Reported?> OpenAsync(DbConnection connection, long actorId, long id) =>
        connection.QuerySingleOrDefaultAsync<Reported>(
            $"SELECT s.user_id, u.account, s.room, s.seq FROM cases s JOIN users u ON u.id = s.user_id WHERE s.id = @id AND s.closed_at IS NULL AND {IsTheirs} AND {AdminUserStore.IsAdmin}", new { id, actorId });

    private static async Task<CaseActed> MissingAsync(DbConnection connection, long actorId, long id) =>
        await connection.ExecuteScalarAsync<bool>($"SELECT EXISTS (SELECT 1 FROM cases s WHERE s.id = @id AND s.closed_at IS NOT NULL AND {IsTheirs} AND {AdminUserStore.IsAdmin})", new { id, actorId }) ? CaseActed.Closed : CaseActed.Unknown;

    private static Task<int> CloseAsync(DbConnection connection, long actorId, long id, CaseOutcome outcome, string note, long now) =>
        connection.ExecuteAsync(
            "UPDATE cases SET closed_at = @now, closed_by = @actorId, outcome = @outcome, note = @note WHERE id = @id AND closed_at IS NULL", new { id, actorId, outcome = (int)outcome, note, now });

    private sealed record Reported
    {
        public required long UserId { get; init; }
        public required string Account { get; init; }
        public long? Room { get; init; }
        public long? Seq { get; init; }
    }
}
