using Dapper;
using WebChat.Accounts;
using WebChat.Accounts.Push;
using WebChat.Messages.Kinds;
using WebChat.Rooms;
using WebChat.Shared;
using WebChat.Storage;

namespace WebChat.Messages.Notices;

/// <summary>Somebody whom one of some messages calls: the last that their level lets through and that they have not read.</summary>
internal sealed record Noticed
{
    public required long UserId { get; init; }
    public required long Seq { get; init; }
    public RoomKind Kind { get; init; }
    /// <summary>Of a group.</summary>
    public string RoomName { get; init; } = "";
    /// <summary>What they call the author, where that is a friend.</summary>
    public string? Remark { get; init; }
    public bool ShowsText { get; init; }
    /// <summary>It names them.</summary>
    public bool IsCalled { get; init; }
}

/// <summary>A browser of such a person, without a page open at any other node.</summary>
internal sealed record Away : PushSubscription
{
    public required long Seq { get; init; }
    public RoomKind Kind { get; init; }
    public string RoomName { get; init; } = "";
    public string? Remark { get; init; }
    public bool ShowsText { get; init; }
    public bool IsCalled { get; init; }

    public Noticed Reader => new() { UserId = UserId, Seq = Seq, Kind = Kind, RoomName = RoomName, Remark = Remark, ShowsText = ShowsText, IsCalled = IsCalled };
}

/// <summary>Whom messages call. One statement for all members of a room, however many they are.</summary>
internal sealed class NoticeStore(Database database, TimeProvider clock)
{
    /// <summary>A message names a member <c>me</c>: the last that does is noted with the member; another may have done so after it, even one whom they have blocked.</summary>
    private const string IsCalled =
        "(me.called_seq = said.seq OR (me.called_seq > said.seq AND (said.calls_all = 1 OR EXISTS (SELECT 1 FROM calls k WHERE k.seq = said.seq AND k.user_id = me.user_id))))";

    private const string Columns =
        $"""
        me.user_id, max(said.seq) AS seq, max(r.kind) AS kind, max(r.name) AS room_name, max(c.remark) AS remark, max(u.notice_text) AS shows_text,
        max(CASE WHEN {IsCalled} THEN 1 ELSE 0 END) AS is_called
        """;

    // Made first and kept small, or an engine may begin with all messages of the room.
    private string Said =>
        $"""
        WITH said AS MATERIALIZED (
            SELECT t.seq, t.author_id, t.calls_all FROM {database.Table("@said", ("seq", "bigint"), ("author_id", "bigint"), ("calls_all", "int"))}
            WHERE (SELECT CASE WHEN m.recalled_at IS NULL THEN 0 ELSE 1 END FROM messages m WHERE m.room = @room AND m.seq = t.seq) = @gone),
        calls AS MATERIALIZED (
            SELECT t.seq, named.id AS user_id FROM {database.Table("@calls", ("seq", "bigint"), ("account_key", "text"))} JOIN users named ON named.account_key = t.account_key)
        """;

    private const string Members =
        """
        FROM members me
        JOIN rooms r ON r.number = me.room AND r.closed_at IS NULL
        JOIN said ON said.seq > me.read_seq AND said.author_id <> me.user_id
        JOIN users u ON u.id = me.user_id
        LEFT JOIN contacts c ON c.owner_id = me.user_id AND c.other_id = said.author_id
        """;

    private const string AreCalled =
        $"""
        me.room = @room AND me.until_seq IS NULL AND c.blocked_at IS NULL
        AND ({ReadStore.Level} = 0 OR ({ReadStore.Level} = 1 AND {IsCalled}))
        """;

    /// <summary>Those among some people whom these messages call.</summary>
    public Task<List<Noticed>> CalledAsync(long room, IReadOnlyCollection<StoredMessage> said, IEnumerable<long> among) =>
        database.ReadAsync(async c => (await c.QueryAsync<Noticed>(
            $"""
            {Said}
            SELECT {Columns} {Members}
            WHERE {AreCalled} AND me.user_id IN (SELECT t.id FROM {database.Table("@among", ("id", "bigint"))})
            GROUP BY me.user_id
            """, new { room, said = Pack(said), calls = PackCalls(said), gone = 0, among = Database.Pack(among.Select(id => new { id })) })).AsList());

    /// <summary>The browsers of those whom these messages call, but those with a page open at another node.</summary>
    /// <param name="room">Where.</param>
    /// <param name="said">What.</param>
    /// <param name="isGone">True to reach those whom messages that were taken back have called; else what was taken back calls nobody.</param>
    public Task<List<Away>> AwayAsync(long room, IReadOnlyCollection<StoredMessage> said, bool isGone = false) =>
        database.ReadAsync(async c => (await c.QueryAsync<Away>(
            $"""
            {Said}
            SELECT {Columns}, p.endpoint, max(p.session_id) AS session_id, p.p256dh, p.auth, max(p.language) AS language, max(p.site) AS site, max(p.created_at) AS created_at
            {Members}
            JOIN push_subscriptions p ON p.user_id = me.user_id AND p.open_until <= @now
            JOIN sessions s ON s.id = p.session_id AND s.seen_at > @idle AND s.created_at > @absolute
            WHERE {AreCalled}
            GROUP BY me.user_id, p.endpoint, p.p256dh, p.auth
            """, new { room, said = Pack(said), calls = PackCalls(said), gone = isGone ? 1 : 0, now = clock.Now(), idle = Ago(SessionStore.Idle), absolute = Ago(SessionStore.Absolute) })).AsList());

    /// <summary>True while somebody whom a message called may and would still hear of it: a note to them may have waited.</summary>
    public Task<bool> IsMeantAsync(long room, long seq, long userId, bool isGone) =>
        database.ReadAsync(c => c.ExecuteScalarAsync<bool>(
            """
            SELECT count(*) FROM messages m
            JOIN rooms r ON r.number = m.room AND r.closed_at IS NULL
            JOIN members me ON me.room = m.room AND me.user_id = @userId AND me.until_seq IS NULL AND me.read_seq < m.seq
            LEFT JOIN contacts c ON c.owner_id = me.user_id AND c.other_id = m.author_id
            WHERE m.room = @room AND m.seq = @seq AND c.blocked_at IS NULL AND CASE WHEN m.recalled_at IS NULL THEN 0 ELSE 1 END = @gone
            """, new { room, seq, userId, gone = isGone ? 1 : 0 }));

    private static string Pack(IEnumerable<StoredMessage> said) => Database.Pack(said.Select(m => new { seq = m.Seq, author_id = m.AuthorId, calls_all = Kind.Of(m).Calls(m).IsAll ? 1 : 0 }));

    private static string PackCalls(IEnumerable<StoredMessage> said) =>
        Database.Pack(said.SelectMany(m => Kind.Of(m).Calls(m).Accounts.Select(account => new { seq = m.Seq, account_key = account.ToUpperInvariant() })));

    private long Ago(TimeSpan span) => clock.Now() - (long)span.TotalMilliseconds;
}
