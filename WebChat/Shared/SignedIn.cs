using System.Globalization;
using System.Security.Claims;

namespace WebChat.Shared;

/// <summary>What a request knows of who is asking: claims that the session row put there anew for this very request.</summary>
internal static class SignedIn
{
    public const string SessionClaim = "session";
    public const string AdminClaim = "admin";
    public const string NicknameClaim = "nickname";
    public const string PictureClaim = "picture";
    public const string LanguageClaim = "language";
    public const string ProvedClaim = "proved";

    /// <summary>The way in for programs: a token of somebody's. It is asked for by name, where a program is let in, and nowhere else.</summary>
    public const string TokenScheme = "Token";

    /// <summary>The signed-in user's id.</summary>
    /// <exception cref="InvalidOperationException">Nobody is signed in; private pages are closed before this.</exception>
    public static long Id(this ClaimsPrincipal user) =>
        user.FindFirstValue(ClaimTypes.NameIdentifier) is { } id
            ? long.Parse(id, NumberStyles.None, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException("Nobody is signed in.");

    public static bool IsSignedIn(this ClaimsPrincipal user) => user.Identity?.IsAuthenticated == true;

    /// <summary>The account name, as it stands in addresses.</summary>
    public static string Account(this ClaimsPrincipal user) => user.FindFirstValue(ClaimTypes.Name)!;

    /// <summary>The session row's id: what ends when this device signs out.</summary>
    public static string Session(this ClaimsPrincipal user) => user.FindFirstValue(SessionClaim)!;

    public static bool IsAdmin(this ClaimsPrincipal user) => user.HasClaim(c => string.Equals(c.Type, AdminClaim, StringComparison.Ordinal));

    /// <summary>When this device last showed that it knows the password, in UTC Unix milliseconds; 0 for programs.</summary>
    public static long ProvedAt(this ClaimsPrincipal user) => long.Parse(user.FindFirstValue(ProvedClaim) ?? "0", NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>What the user is called.</summary>
    public static string Nickname(this ClaimsPrincipal user) => user.FindFirstValue(NicknameClaim)!;

    /// <summary>The user's picture, or null: their initials stand in.</summary>
    public static string? Picture(this ClaimsPrincipal user) => user.FindFirstValue(PictureClaim);
}
