using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;

namespace WebChat.Accounts.Factors;

/// <summary>How a code went.</summary>
internal enum CodeOutcome
{
    Right,
    Wrong,
    /// <summary>Five were wrong. It was not looked at.</summary>
    Locked,
}

/// <summary>
/// The second step of a sign-in: six digits that an authenticator app makes of the time and of a secret (RFC 6238), or one of ten recovery
/// codes where the app is lost.
/// </summary>
internal sealed partial class TwoStep(TwoStepStore store, Lockouts lockouts, KnownDevice device, IDataProtectionProvider protection, TimeProvider clock, ILogger<TwoStep> logger)
{
    public const int RecoveryCodes = 10;

    private const int RecoveryLength = 16; // of 31 letters: 79 bits, too many to be found from their hash

    /// <summary>No letter that looks like another.</summary>
    private const string Letters = "abcdefghjkmnpqrstuvwxyz23456789";

    private readonly IDataProtector protector = protection.CreateProtector("WebChat.TwoStep");

    /// <summary>The address that an app reads from the picture (https://github.com/google/google-authenticator/wiki/Key-Uri-Format).</summary>
    public static string Address(string site, string account, string secret)
    {
        var (issuer, label) = (Uri.EscapeDataString(site), Uri.EscapeDataString(account));
        return string.Create(CultureInfo.InvariantCulture, $"otpauth://totp/{issuer}:{label}?secret={secret}&issuer={issuer}&digits={Totp.Digits}&period={Totp.StepSeconds}");
    }

    /// <returns>Null where the password alone lets in.</returns>
    public Task<TwoStepState?> FindAsync(long userId) => store.FindAsync(userId);

    /// <summary>Turns it on for a secret whose app gave the code.</summary>
    /// <returns>The recovery codes, which nobody can be told again; null when the code is wrong, or it is on already.</returns>
    public async Task<IReadOnlyList<string>?> TurnOnAsync(long userId, string secret, string code)
    {
        if (Totp.StepOf(secret, Plain(code), clock.GetUtcNow()) is not { } step)
            return null;
        var codes = NewCodes();
        return await store.AddAsync(userId, protector.Protect(secret), step, [.. codes.Select(c => Hash(userId, c))]) ? codes : null;
    }

    /// <returns>New recovery codes in place of the old; null where it is off.</returns>
    public async Task<IReadOnlyList<string>?> RenewAsync(long userId)
    {
        var codes = NewCodes();
        return await store.RenewAsync(userId, [.. codes.Select(c => Hash(userId, c))]) ? codes : null;
    }

    public Task<bool> TurnOffAsync(long userId) => store.RemoveAsync(userId);

    /// <summary>
    /// Tries a code, of the app or for recovery, and uses it up when it is right. Wrong ones are counted for a device that is known, and for all
    /// others together: who knows the password may come from as many addresses as they like.
    /// </summary>
    public async Task<CodeOutcome> TryAsync(HttpContext http, User user, string code)
    {
        var from = $"code {device.Find(http, user.Id) ?? "elsewhere"}";
        if (!await lockouts.TryBeginAsync(user.AccountKey, from))
            return CodeOutcome.Locked;
        if (!await IsRightAsync(user.Id, code))
            return CodeOutcome.Wrong;
        await lockouts.SucceededAsync(user.AccountKey, from);
        return CodeOutcome.Right;
    }

    private async Task<bool> IsRightAsync(long userId, string code)
    {
        var plain = Plain(code);
        if (plain.Length == RecoveryLength)
            return await store.TakeRecoveryAsync(userId, Hash(userId, plain));
        return plain.Length == Totp.Digits && await store.FindAsync(userId) is { } state && Read(state.Secret) is { } secret
            && Totp.StepOf(secret, plain, clock.GetUtcNow()) is { } step && await store.TakeStepAsync(userId, step);
    }

    private string? Read(string stored)
    {
        try
        {
            return protector.Unprotect(stored);
        }
        catch (CryptographicException)
        {
            Log.Unreadable(logger); // the keys were lost: recovery codes go on
            return null;
        }
    }

    private static List<string> NewCodes() =>
        [.. Enumerable.Range(0, RecoveryCodes).Select(_ => string.Join('-', RandomNumberGenerator.GetString(Letters, RecoveryLength).Chunk(4).Select(four => new string(four))))];

    private static string Plain(string code) => string.Concat(code.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();

    private static string Hash(long userId, string code) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{userId} {Plain(code)}"))));

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "The secret of a second step cannot be read: the keys it was protected by are gone. Recovery codes still work")]
        public static partial void Unreadable(ILogger logger);
    }
}
