using System.Buffers.Text;
using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using WebChat.Live;
using WebChat.Shared;

namespace WebChat.Accounts;

/// <summary>Signing in and out. The cookie holds a random secret that names a row; the row, read at each request, says who it is.</summary>
internal sealed class Sessions(SessionStore store, UserStore users, KnownDevice device, Connections connections, TimeProvider clock)
{
    private const string SecretClaim = "secret";
    private const int LongestAgent = 300;
    private const int TouchEvery = 60_000; // ms

    /// <summary>Signs the user in on this device with a new secret; what the browser brought along ends.</summary>
    /// <returns>False when what they showed was changed, or they were shut out, after the user was read.</returns>
    public async Task<bool> StartAsync(HttpContext http, User user)
    {
        var userId = user.Id;
        var (secret, session) = Make(http, userId);
        var replaced = http.User.IsSignedIn() ? http.User.Session() : null;
        if (await store.AddAsync(session, user.Stamp, replaced) is not { } pushedOut)
            return false;
        if (replaced is not null)
            connections.EndSession(http.User.Id(), replaced);
        foreach (var old in pushedOut)
            connections.EndSession(userId, old);
        await GiveCookieAsync(http, secret);
        device.Remember(http, userId);
        return true;
    }

    /// <summary>Signs this device out, in the rows, the sockets and the browser's memory.</summary>
    public async Task EndAsync(HttpContext http)
    {
        await EndAsync(http.User.Id(), http.User.Session());
        await http.SignOutAsync();
        http.Response.Headers["Clear-Site-Data"] = "\"cache\", \"storage\"";
    }

    /// <summary>Signs one device of the user out.</summary>
    /// <returns>False when there is no such session.</returns>
    public async Task<bool> EndAsync(long userId, string session)
    {
        if (!await store.RemoveAsync(session, userId))
            return false;
        connections.EndSession(userId, session);
        return true;
    }

    /// <summary>Signs every other device of the user out.</summary>
    public async Task EndOthersAsync(ClaimsPrincipal user)
    {
        await store.RemoveOthersAsync(user.Session(), user.Id());
        connections.EndUser(user.Id(), exceptSession: user.Session());
    }

    /// <summary>Stores a new password. Every session ends; the one of this request goes on under a new secret.</summary>
    /// <returns>False when the password was changed, or this session ended, after the user was read.</returns>
    public async Task<bool> ChangePasswordAsync(HttpContext http, User user, string hash)
    {
        var (secret, session) = Make(http, user.Id);
        if (!await users.SetPasswordAsync(user, hash, http.User.Session(), session))
            return false;
        connections.EndUser(user.Id);
        await GiveCookieAsync(http, secret);
        return true;
    }

    /// <summary>Stores a new password and ends every session: the way back in for somebody who forgot theirs.</summary>
    /// <returns>False when the password was changed after the user was read.</returns>
    public async Task<bool> ResetPasswordAsync(User user, string hash)
    {
        if (!await users.SetPasswordAsync(user, hash))
            return false;
        connections.EndUser(user.Id);
        return true;
    }

    /// <summary>Makes of the cookie's secret what the row says now; nobody, if there is no live row.</summary>
    public async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var id = context.Principal?.FindFirstValue(SecretClaim) is { } secret ? IdOf(secret) : "";
        if (await store.FindAsync(id) is not { } user)
        {
            context.RejectPrincipal();
            return;
        }
        context.ReplacePrincipal(Principal(id, user));
        if (clock.Now() - user.SeenAt > TouchEvery)
            _ = TouchAsync(() => store.TouchAsync(id, user.UserId));
    }

    /// <summary>Makes a token of the user's, for a program.</summary>
    /// <returns>The token, which nobody can be told again; null where they have as many as one may, or their session has ended.</returns>
    public async Task<string?> MakeTokenAsync(ClaimsPrincipal user, string name)
    {
        var token = Token.New(Token.Personal);
        return await store.AddTokenAsync(new Session { Id = Token.IdOf(token), UserId = user.Id(), Agent = "", CreatedAt = clock.Now(), SeenAt = 0, TokenName = name }, user.Session()) ? token : null;
    }

    /// <summary>Whose program shows this token, or null.</summary>
    public async Task<ClaimsPrincipal?> FindOwnerAsync(string token)
    {
        var id = Token.IdOf(token);
        if (await store.FindTokenAsync(id) is not { } user)
            return null;
        if (clock.Now() - user.SeenAt > TouchEvery)
            _ = TouchAsync(() => store.TouchTokenAsync(id));
        return Principal(id, user);
    }

    private static async Task TouchAsync(Func<Task> touch)
    {
        try
        {
            await touch();
        }
        catch (Storage.StorageUnavailableException)
        {
            // Nobody waits for it, and the next request tries again.
        }
    }

    private static ClaimsPrincipal Principal(string id, SessionUser user)
    {
        List<Claim> claims =
        [
            new(ClaimTypes.NameIdentifier, user.UserId.ToString(CultureInfo.InvariantCulture)),
            new(ClaimTypes.Name, user.Account),
            new(SignedIn.SessionClaim, id),
            new(SignedIn.NicknameClaim, user.Nickname),
            new(SignedIn.ProvedClaim, user.ProvedAt.ToString(CultureInfo.InvariantCulture)),
        ];
        if (user.Picture is not null)
            claims.Add(new(SignedIn.PictureClaim, user.Picture));
        if (user.Language is not null)
            claims.Add(new(SignedIn.LanguageClaim, user.Language));
        if (user.IsAdmin)
            claims.Add(new(SignedIn.AdminClaim, "true"));
        return new ClaimsPrincipal(new ClaimsIdentity(claims, CookieAuthenticationDefaults.AuthenticationScheme));
    }

    private (string Secret, Session Session) Make(HttpContext http, long userId)
    {
        var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var agent = UserText.Line(http.Request.Headers.UserAgent);
        return (secret, new Session
        {
            Id = IdOf(secret),
            UserId = userId,
            Agent = UserText.Beginning(agent, LongestAgent),
            CreatedAt = clock.Now(),
            SeenAt = clock.Now(),
            ProvedAt = clock.Now(),
        });
    }

    private Task GiveCookieAsync(HttpContext http, string secret) =>
        http.SignInAsync(
            new ClaimsPrincipal(new ClaimsIdentity([new Claim(SecretClaim, secret)], CookieAuthenticationDefaults.AuthenticationScheme)),
            new AuthenticationProperties { IsPersistent = true, ExpiresUtc = clock.GetUtcNow() + SessionStore.Absolute });

    private static string IdOf(string secret) => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(secret)));
}
