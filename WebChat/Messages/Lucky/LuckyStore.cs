using System.Data.Common;
using Dapper;
using WebChat.Rooms;
using WebChat.Storage;

namespace WebChat.Messages.Lucky;

/// <summary>
/// Play points and lucky money. Points only move: each move is one transaction with the change of the message that shows it, and the
/// sum of all balances and of what is left in packets is always what everybody began with.
/// </summary>
internal sealed class LuckyStore(Database database, ChangeStore changes, LuckyOptions options)
{
    /// <summary>What the user has.</summary>
    public Task<long> BalanceAsync(long userId) =>
        database.ReadAsync(c => c.ExecuteScalarAsync<long>(
            "SELECT coalesce((SELECT balance FROM points WHERE user_id = @userId), @start)", new { userId, start = (long)options.Start }));

    /// <summary>Takes what a message gives away from its sender, inside the write of the message.</summary>
    /// <exception cref="PostRefusedException">They have less.</exception>
    public async Task TakeAsync(DbConnection connection, StoredMessage message)
    {
        var packet = message.Read<LuckyPacket>()!;
        await BeginAsync(connection, message.AuthorId);
        if (await connection.ExecuteAsync("UPDATE points SET balance = balance - @Total WHERE user_id = @AuthorId AND balance >= @Total", new { packet.Total, message.AuthorId }) == 0)
            throw new PostRefusedException(StatusCodes.Status400BadRequest, "You do not have that many points.") { Field = nameof(LuckyModel.Points) };
        await connection.ExecuteAsync(
            """
            INSERT INTO lucky (room, seq, sender_id, total, shares, left_points, kind, expires_at)
            VALUES (@Room, @Seq, @AuthorId, @Total, @Shares, @Total, @kind, @expiresAt)
            """,
            new
            {
                message.Room, message.Seq, message.AuthorId, packet.Total, packet.Shares, kind = packet.IsRandom ? 1 : 0,
                expiresAt = message.CreatedAt + (long)TimeSpan.FromHours(options.ReturnHours).TotalMilliseconds,
            });
    }

    /// <summary>Gives the user their share, once. Where its time is over the rest goes back instead.</summary>
    public Task<Changed> OpenAsync(long userId, long room, long seq, long now) =>
        changes.ChangeAsync(userId, room, seq, async (connection, who, message) =>
        {
            if (!who.Room.May(RoomAction.OpenLucky))
                return Changed.Forbidden;
            if (message.Kind != LuckyKind.Id || message.Read<LuckyPacket>() is not { } packet || await FindAsync(connection, room, seq) is not { } row)
                return Changed.Unknown;
            if (packet.IsDirect && message.AuthorId == userId)
                return Changed.Forbidden;
            if (!packet.IsFor(userId, message.AuthorId))
                return Changed.Nothing(message);
            if (row.ExpiresAt <= now)
            {
                await ReturnAsync(connection, row, now);
                return Changed.To(message with { Content = Content.Pack(packet with { IsReturned = true }) });
            }
            var points = packet.IsRandom ? LuckyShares.Random(row.LeftPoints, packet.Left) : LuckyShares.Equal(row.LeftPoints, packet.Left);
            await BeginAsync(connection, userId);
            await connection.ExecuteAsync(
                """
                INSERT INTO lucky_claims (room, seq, user_id, points, claimed_at) VALUES (@room, @seq, @userId, @points, @now);
                UPDATE lucky SET left_points = left_points - @points WHERE room = @room AND seq = @seq;
                UPDATE points SET balance = balance + @points WHERE user_id = @userId;
                """, new { room, seq, userId, points, now });
            return Changed.To(message with { Content = Content.Pack(packet with { Claims = [.. packet.Claims, new LuckyClaim(userId, points)] }) });
        });

    /// <summary>What has waited too long, the oldest first.</summary>
    public Task<List<(long Room, long Seq)>> DueAsync(long now, int most) =>
        database.ReadAsync(async c => (await c.QueryAsync<(long, long)>(
            "SELECT room, seq FROM lucky WHERE left_points > 0 AND expires_at <= @now ORDER BY expires_at LIMIT @most", new { now, most })).AsList());

    /// <summary>Gives the rest back to the sender, wherever they are now, and says so in the room, if there still is one. Doing it again does nothing.</summary>
    public Task<Changed> ReturnAsync(long room, long seq, long now) =>
        changes.ChangeAsync(room, seq, async (connection, message) =>
        {
            if (await FindAsync(connection, room, seq) is not { LeftPoints: > 0 } row || row.ExpiresAt > now)
                return Changed.Unknown;
            await ReturnAsync(connection, row, now);
            return message?.Read<LuckyPacket>() is { } packet ? Changed.To(message with { Content = Content.Pack(packet with { IsReturned = true }) }) : Changed.Unknown;
        });

    /// <summary>Who got what, in their order; empty for those who may not read the message.</summary>
    public Task<List<LuckyShare>> SharesAsync(long userId, long room, long seq) =>
        database.ReadAsync(async c => (await c.QueryAsync<LuckyShare>(
            """
            SELECT u.id AS user_id, u.account, u.nickname, coalesce(mine.remark, '') AS remark, u.picture, l.points, l.claimed_at
            FROM lucky_claims l
            JOIN members me ON me.room = l.room AND me.user_id = @userId AND l.seq <= coalesce(me.until_seq, l.seq)
            JOIN rooms r ON r.number = l.room AND r.closed_at IS NULL
            JOIN users u ON u.id = l.user_id
            LEFT JOIN contacts mine ON mine.owner_id = me.user_id AND mine.other_id = u.id
            WHERE l.room = @room AND l.seq = @seq
            ORDER BY l.claimed_at, u.id
            """, new { userId, room, seq })).AsList());

    private Task<int> BeginAsync(DbConnection connection, long userId) =>
        connection.ExecuteAsync("INSERT INTO points (user_id, balance) VALUES (@userId, @start) ON CONFLICT (user_id) DO NOTHING", new { userId, start = options.Start });

    private static Task<Row?> FindAsync(DbConnection connection, long room, long seq) =>
        connection.QuerySingleOrDefaultAsync<Row>("SELECT room, seq, sender_id, left_points, expires_at FROM lucky WHERE room = @room AND seq = @seq", new { room, seq });

    private static Task<int> ReturnAsync(DbConnection connection, Row row, long now) =>
        connection.ExecuteAsync(
            """
            UPDATE points SET balance = balance + @LeftPoints WHERE user_id = @SenderId;
            UPDATE lucky SET left_points = 0, returned_at = @now WHERE room = @Room AND seq = @Seq;
            """, new { row.LeftPoints, row.SenderId, row.Room, row.Seq, now });

    private sealed record Row
    {
        public required long Room { get; init; }
        public required long Seq { get; init; }
        public required long SenderId { get; init; }
        public required int LeftPoints { get; init; }
        public required long ExpiresAt { get; init; }
    }
}

/// <summary>What a member got, as another sees them.</summary>
internal sealed record LuckyShare
{
    public long UserId { get; init; }
    public required string Account { get; init; }
    public required string Nickname { get; init; }
    public string Remark { get; init; } = "";
    public string? Picture { get; init; }
    public long Points { get; init; }
    public long ClaimedAt { get; init; }

    public string Name => Remark.Length > 0 ? Remark : Nickname;
}
