using System.Data.Common;
using Dapper;
using WebChat.Accounts;
using WebChat.Rooms;
using WebChat.Shared;
using WebChat.Storage;

namespace WebChat.Messages.Bots;

/// <summary>A bot as those who lead its group see it.</summary>
internal sealed record Bot
{
    public required long UserId { get; init; }
    /// <summary>Account and name in one.</summary>
    public required string Name { get; init; }
    /// <summary>Who is called when somebody names it; null where nobody is.</summary>
    public string? Webhook { get; init; }
    /// <summary>When the last call failed; null where it went well, or there was none.</summary>
    public long? FailedAt { get; init; }
    /// <summary>How: as <see cref="CallFailure"/> writes it.</summary>
    public string? Failure { get; init; }
    public required long CreatedAt { get; init; }
    /// <summary>What who made it is called; null where they have left.</summary>
    public string? MadeBy { get; init; }
    /// <summary>Else it is silent until its keys are renewed, or who has them leads the group again.</summary>
    public bool IsAwake { get; init; }
}

/// <summary>A bot that is called at an address.</summary>
internal sealed record CalledBot(long UserId, string Name, string Webhook, string Secret);

/// <summary>How making a bot went.</summary>
internal enum BotOutcome
{
    Made,
    /// <summary>The user leads no such group.</summary>
    Unknown,
    /// <summary>Somebody is called so.</summary>
    Taken,
    TooMany,
}

/// <summary>The bots of groups. Whoever acts must lead the group, here and not only on the page.</summary>
internal sealed class BotStore(Database database, RoomNotes notes, TimeProvider clock)
{
    /// <summary>Bots of one group.</summary>
    public const int Most = 10;

    private const string Select = "SELECT b.user_id, u.account AS name, b.webhook, b.failed_at, b.failure, b.created_at, CASE WHEN maker.deleted_at IS NULL THEN maker.nickname END AS made_by, " + IsAwake + " AS is_awake FROM bots b JOIN users u ON u.id = b.user_id JOIN users maker ON maker.id = b.made_by";

    /// <summary>
    /// Who made it, or was the last to renew its keys, may come in and still leads the group. Else it is silent and hears nothing: they have the keys, and
    /// would go on through it.
    /// </summary>
    private const string IsAwake =
        "EXISTS (SELECT 1 FROM users maker JOIN members lead ON lead.room = b.room AND lead.user_id = maker.id AND lead.role >= 1 WHERE maker.id = b.made_by AND maker.disabled_at IS NULL)";

    /// <summary>The bots of a group, by name; none for who does not lead it.</summary>
    public Task<List<Bot>> ListAsync(long userId, long room) =>
        database.ReadAsync(async c => await MayAsync(c, userId, room) ? (await c.QueryAsync<Bot>($"{Select} WHERE b.room = @room ORDER BY u.account_key", new { room })).AsList() : []);

    /// <summary>One of them, or null.</summary>
    public Task<Bot?> FindAsync(long userId, long room, string name) =>
        database.ReadAsync(async c => await MayAsync(c, userId, room) ? await c.QuerySingleOrDefaultAsync<Bot>($"{Select} WHERE b.room = @room AND u.account_key = @key", new { room, key = name.ToUpperInvariant() }) : null);

    /// <summary>How making a bot would go now.</summary>
    public Task<BotOutcome> LookAsync(long userId, long room, string name) => database.ReadAsync(c => LookAsync(c, userId, room, name));

    /// <summary>Makes a bot, a member of the group from now on, with a note of it.</summary>
    public async Task<BotOutcome> AddAsync(long userId, long room, string name, string? webhook, string tokenId, string secret, Action<StoredMessage> committed)
    {
        var (made, _) = await database.WriteAsync(async c =>
        {
            if (await LookAsync(c, userId, room, name) is not BotOutcome.Made and var outcome)
                return (outcome, (StoredMessage?)null);
            await ReleaseAsync(c, name);
            var now = clock.Now();
            if (await UserStore.AddBotAsync(c, name, now) is not { } bot)
                return (BotOutcome.Taken, null);
            await MemberStore.AddAsync(c, room, bot, Role.Member, now);
            await c.ExecuteAsync(
                "INSERT INTO bots (user_id, room, made_by, token_id, secret, webhook, created_at) VALUES (@bot, @room, @userId, @tokenId, @secret, @webhook, @now)",
                new { bot, room, userId, tokenId, secret, webhook, now });
            return (BotOutcome.Made, await notes.AddAsync(c, room, userId, $"{RoomNote.BotAdded} {name}", now));
        }, written => Publish(written.Item2, committed));
        return made;
    }

    /// <summary>Takes a bot out of its group, with its token and all it could do. What it said stays.</summary>
    /// <returns>False where the user leads no group with it.</returns>
    public async Task<bool> RemoveAsync(long userId, long room, long bot, Action<StoredMessage> committed)
    {
        var (isDone, _) = await database.WriteAsync(async c =>
        {
            var name = await c.QuerySingleOrDefaultAsync<string>("SELECT u.account FROM bots b JOIN users u ON u.id = b.user_id WHERE b.user_id = @bot AND b.room = @room", new { room, bot });
            if (name is null || !await MayAsync(c, userId, room))
                return (false, (StoredMessage?)null);
            await MemberStore.RemoveAsync(c, room, bot);
            await c.ExecuteAsync("DELETE FROM bots WHERE user_id = @bot", new { bot });
            await UserStore.RemoveBotAsync(c, bot);
            return (true, await notes.AddAsync(c, room, userId, $"{RoomNote.BotRemoved} {name}", clock.Now()));
        }, removed => Publish(removed.Item2, committed));
        return isDone;
    }

    /// <summary>Puts a new token and secret in place of the ones it had. It is theirs who know them.</summary>
    public async Task<bool> RenewAsync(long userId, long room, long bot, string tokenId, string secret) =>
        await database.WriteAsync(async c => await MayAsync(c, userId, room) && await c.ExecuteAsync(
            "UPDATE bots SET token_id = @tokenId, secret = @secret, made_by = @userId WHERE user_id = @bot AND room = @room", new { room, bot, userId, tokenId, secret }) > 0);

    /// <summary>Changes who is called. What went wrong at the old address is of no interest any more.</summary>
    public async Task<bool> SetWebhookAsync(long userId, long room, long bot, string? webhook) =>
        await database.WriteAsync(async c => await MayAsync(c, userId, room) && await c.ExecuteAsync(
            "UPDATE bots SET webhook = @webhook, failed_at = NULL, failure = NULL WHERE user_id = @bot AND room = @room", new { room, bot, webhook }) > 0);

    /// <summary>Whose token this is, in this room and no other; null for a bot that is silent.</summary>
    public Task<long?> FindByTokenAsync(string tokenId, long room) =>
        database.ReadAsync(c => c.QuerySingleOrDefaultAsync<long?>(
            $"SELECT b.user_id FROM bots b JOIN rooms r ON r.number = b.room AND r.closed_at IS NULL WHERE b.token_id = @tokenId AND b.room = @room AND {IsAwake}", new { tokenId, room }));

    /// <summary>Which of these accounts are bots of the room that are called at an address.</summary>
    public Task<List<long>> CalledAsync(long room, IEnumerable<string> accounts) =>
        database.ReadAsync(async c => (await c.QueryAsync<long>(
            $"SELECT b.user_id FROM bots b JOIN users u ON u.id = b.user_id WHERE b.room = @room AND b.webhook IS NOT NULL AND {IsAwake} AND {database.In("u.account_key", "@keys")} ORDER BY b.user_id",
            new { room, keys = accounts.Select(a => a.ToUpperInvariant()).ToArray() })).AsList());

    /// <summary>How a bot is called now; null where it is not, is silent, or is gone.</summary>
    public Task<CalledBot?> FindCalledAsync(long bot) =>
        database.ReadAsync(c => c.QuerySingleOrDefaultAsync<CalledBot>(
            $"""
            SELECT b.user_id, u.account AS name, b.webhook, b.secret FROM bots b JOIN users u ON u.id = b.user_id
            JOIN rooms r ON r.number = b.room AND r.closed_at IS NULL WHERE b.user_id = @bot AND b.webhook IS NOT NULL AND {IsAwake}
            """, new { bot }));

    /// <summary>Notes how the last call went: for who leads the group to see.</summary>
    public Task NoteCallAsync(long bot, string? failure) =>
        database.ExecuteAsync(
            "UPDATE bots SET failed_at = @at, failure = @failure WHERE user_id = @bot AND (@failure IS NOT NULL OR failed_at IS NOT NULL)",
            new { bot, failure, at = failure is null ? (long?)null : clock.Now() });

    private async Task<BotOutcome> LookAsync(DbConnection connection, long userId, long room, string name)
    {
        if (!await MayAsync(connection, userId, room))
            return BotOutcome.Unknown;
        if (await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM bots WHERE room = @room", new { room }) >= Most)
            return BotOutcome.TooMany;
        var isTaken = await connection.ExecuteScalarAsync<bool>(
            """
            SELECT EXISTS (SELECT 1 FROM users u WHERE u.account_key = @key
              AND NOT EXISTS (SELECT 1 FROM bots b JOIN rooms r ON r.number = b.room AND r.closed_at IS NOT NULL WHERE b.user_id = u.id))
            """, new { key = name.ToUpperInvariant() });
        return isTaken ? BotOutcome.Taken : BotOutcome.Made;
    }

    /// <summary>A bot whose group is gone leaves its name to others.</summary>
    private static async Task ReleaseAsync(DbConnection connection, string name)
    {
        var gone = await connection.QuerySingleOrDefaultAsync<long?>(
            "SELECT b.user_id FROM bots b JOIN users u ON u.id = b.user_id JOIN rooms r ON r.number = b.room AND r.closed_at IS NOT NULL WHERE u.account_key = @key", new { key = name.ToUpperInvariant() });
        if (gone is not { } bot)
            return;
        await connection.ExecuteAsync("DELETE FROM bots WHERE user_id = @bot", new { bot });
        await UserStore.RemoveBotAsync(connection, bot);
    }

    /// <summary>True where the user may keep bots in the room.</summary>
    private async Task<bool> MayAsync(DbConnection connection, long userId, long room) =>
        await MemberStore.StandingAsync(connection, room, userId, clock.Now()) is { } me && me.May(RoomAction.ManageBots);

    private static void Publish(StoredMessage? note, Action<StoredMessage> committed)
    {
        if (note is not null)
            committed(note);
    }
}
