using System.Data.Common;
using Dapper;
using WebChat.Shared;
using WebChat.Storage;

namespace WebChat.Rooms;

/// <summary>Somebody who asks to be let into a group, as those who lead it see them.</summary>
internal sealed record JoinRequest
{
    public required long UserId { get; init; }
    public required string Account { get; init; }
    public required string Nickname { get; init; }
    public string Remark { get; init; } = "";
    public string? Picture { get; init; }
    public required string Message { get; init; }
    public required long CreatedAt { get; init; }

    public string Name => Remark.Length > 0 ? Remark : Nickname;
}

/// <summary>Requests to join groups: who asks sees their own, who leads a group those to it.</summary>
internal sealed class RequestStore(Database database, RoomNotes notes, TimeProvider clock)
{
    public const int LongestMessage = 200;

    /// <summary>The first who ask to join a group, the longest waiting first; none for those who may not answer.</summary>
    public Task<List<JoinRequest>> ListAsync(long number, long userId, int most) =>
        database.ReadAsync(async c => await MemberStore.StandingAsync(c, number, userId, clock.Now()) is { } me && me.May(RoomAction.Admit)
            ? (await c.QueryAsync<JoinRequest>(
                """
                SELECT u.id AS user_id, u.account, u.nickname, coalesce(mine.remark, '') AS remark, u.picture, q.message, q.created_at
                FROM join_requests q JOIN users u ON u.id = q.user_id
                LEFT JOIN contacts mine ON mine.owner_id = @userId AND mine.other_id = u.id
                WHERE q.room = @number ORDER BY q.created_at, q.user_id LIMIT @most
                """, new { number, userId, most })).AsList()
            : []);

    /// <summary>The groups the user waits for, as somebody sees them who found them.</summary>
    public Task<List<FoundGroup>> OfAsync(long userId) =>
        database.ReadAsync(async c => (await c.QueryAsync<FoundGroup>(
            $"""
            SELECT r.number, r.name, r.memo, r.picture, r.joining, r.people AS members, 1 AS has_asked
            FROM join_requests q JOIN rooms r ON r.number = q.room AND r.closed_at IS NULL
            WHERE q.user_id = @userId ORDER BY q.created_at, r.number LIMIT @most
            """, new { userId, most = RoomStore.PageSize })).AsList());

    /// <summary>Takes the user's request back.</summary>
    /// <returns>False when there is none.</returns>
    public Task<bool> WithdrawAsync(long number, long userId) =>
        database.WriteAsync(async c => await DeleteAsync(c, number, userId) > 0);

    /// <summary>Lets somebody in who has asked, with a note of it, or not.</summary>
    /// <param name="number">The group.</param>
    /// <param name="userId">Who answers.</param>
    /// <param name="askerId">Whom.</param>
    /// <param name="isAccepted">The answer.</param>
    /// <param name="most">Members a group may have; 0 is no limit.</param>
    /// <param name="committed">Publishes the note.</param>
    public Task<AnswerOutcome> AnswerAsync(long number, long userId, long askerId, bool isAccepted, int most, Action<StoredMessage> committed) =>
        notes.WriteAsync(committed, async c =>
        {
            var now = clock.Now();
            if (await MemberStore.StandingAsync(c, number, userId, now) is not { Role: not null } me)
                return new Noted<AnswerOutcome>(AnswerOutcome.Unknown);
            if (!me.May(RoomAction.Admit))
                return new Noted<AnswerOutcome>(AnswerOutcome.Forbidden);
            var nickname = await c.QuerySingleOrDefaultAsync<string>(
                "SELECT u.nickname FROM join_requests q JOIN users u ON u.id = q.user_id WHERE q.room = @number AND q.user_id = @askerId", new { number, askerId });
            if (nickname is null)
                return new Noted<AnswerOutcome>(AnswerOutcome.Gone);
            if (!isAccepted)
            {
                await DeleteAsync(c, number, askerId);
                return new Noted<AnswerOutcome>(AnswerOutcome.Done);
            }
            if (await MemberStore.EnterAsync(c, number, askerId, most, now) is not null)
                return new Noted<AnswerOutcome>(AnswerOutcome.Full);
            return new Noted<AnswerOutcome>(AnswerOutcome.Done, await notes.AddAsync(c, number, userId, $"{RoomNote.Admitted} {nickname}", now));
        });

    /// <summary>Notes a request, inside the caller's write.</summary>
    /// <returns>False when there is one.</returns>
    public static async Task<bool> AddAsync(DbConnection connection, long number, long userId, string message, long now) =>
        await connection.ExecuteAsync(
            "INSERT INTO join_requests (room, user_id, message, created_at) VALUES (@number, @userId, @message, @now) ON CONFLICT (room, user_id) DO NOTHING",
            new { number, userId, message, now }) > 0;

    /// <summary>Forgets a request, inside the caller's write.</summary>
    public static Task<int> DeleteAsync(DbConnection connection, long number, long userId) =>
        connection.ExecuteAsync("DELETE FROM join_requests WHERE room = @number AND user_id = @userId", new { number, userId });
}

/// <summary>How answering a request went.</summary>
internal enum AnswerOutcome
{
    Done,
    /// <summary>No such group for who answers.</summary>
    Unknown,
    Forbidden,
    /// <summary>It was taken back, or somebody else has answered it.</summary>
    Gone,
    /// <summary>The group has as many members as it may have. The request stays.</summary>
    Full,
}
