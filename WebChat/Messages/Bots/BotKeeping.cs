using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using WebChat.Accounts;
using WebChat.Messages.Formatting;
using WebChat.Rooms;
using WebChat.Shared;

namespace WebChat.Messages.Bots;

/// <summary>What a bot posts by, and what its calls are signed by. Shown once.</summary>
internal sealed record BotKeys(string Token, string Secret);

/// <summary>Making bots, giving them keys, and letting them go.</summary>
internal sealed class BotKeeping(BotStore store, RoomFeed feed, IDataProtectionProvider protection)
{
    public const int LongestWebhook = 2000;

    private readonly IDataProtector protector = protection.CreateProtector("WebChat.Bots");

    /// <summary>True for what a bot may be called: accounts are so too, that no two look alike. Not for the name that calls everybody.</summary>
    public static bool IsName(string name) => AccountRules.IsAccount(name) && !name.Equals(Mentions.All, StringComparison.OrdinalIgnoreCase);

    public async Task<(BotOutcome Outcome, BotKeys? Keys)> MakeAsync(long userId, long room, string name, string? webhook)
    {
        var keys = NewKeys();
        var outcome = await store.AddAsync(userId, room, name, webhook, Token.IdOf(keys.Token), protector.Protect(keys.Secret), feed.Publish);
        return (outcome, outcome == BotOutcome.Made ? keys : null);
    }

    /// <returns>The new keys, or null where there is no such bot for the user.</returns>
    public async Task<BotKeys?> RenewAsync(long userId, long room, long bot)
    {
        var keys = NewKeys();
        return await store.RenewAsync(userId, room, bot, Token.IdOf(keys.Token), protector.Protect(keys.Secret)) ? keys : null;
    }

    public Task<bool> RemoveAsync(long userId, long room, long bot) => store.RemoveAsync(userId, room, bot, feed.Publish);

    /// <summary>
    /// By what a receiver knows that a call is ours, and of now: the time in Unix seconds, and HMAC-SHA256 with the bot's secret of that, a dot
    /// and the body's bytes. Whoever overheard a call cannot make it a new one.
    /// </summary>
    /// <exception cref="CryptographicException">The keys are gone that the secret was protected by.</exception>
    public string Sign(CalledBot bot, DateTimeOffset at, byte[] body) => Sign(protector.Unprotect(bot.Secret), at, body);

    /// <inheritdoc cref="Sign(CalledBot, DateTimeOffset, byte[])"/>
    public static string Sign(string secret, DateTimeOffset at, byte[] body)
    {
        var time = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.UTF8.GetBytes(time + "."), .. body];
        return $"t={time},v1={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed))}";
    }

    private static BotKeys NewKeys() => new(Token.New(Token.Room), Token.New(Token.Secret));
}
