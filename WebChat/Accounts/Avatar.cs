using System.Globalization;
using System.Net;
using System.Text;
using WebChat.Media;
using WebChat.Shared;

namespace WebChat.Accounts;

/// <summary>A person's face at an address that does not change with it: their picture, or their initials as a drawing.</summary>
internal static class Avatar
{
    private const string CacheControl = "private, max-age=60";

    // The hues of the faces in wwwroot/css/marks.css.
    private static readonly int[] Hues = [25, 62, 105, 148, 195, 242, 290, 340];

    public static async Task<IResult> ShowAsync(string account, UserStore users, PictureStore pictures, HttpResponse response, CancellationToken cancellation)
    {
        if (!AccountRules.IsAccount(account) || await users.FindByNameAsync(account.ToUpperInvariant(), cancellation) is not { } user)
            return Results.NotFound();
        var picture = user.Picture is null ? null : await pictures.FindAsync(user.Picture);
        return Media.Setup.Show(response, picture ?? new Picture { Type = "image/svg+xml", Bytes = Draw(user) }, CacheControl);
    }

    private static byte[] Draw(User user)
    {
        var hue = Hues[user.Id % Hues.Length].ToString(CultureInfo.InvariantCulture);
        var initials = WebUtility.HtmlEncode(Face.Initials(user.Nickname));
        return Encoding.UTF8.GetBytes(
            $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 88 88" width="88" height="88"><circle cx="44" cy="44" r="44" fill="hsl({hue} 45% 85%)"/><text x="44" y="45" fill="hsl({hue} 60% 25%)" font-family="system-ui, sans-serif" font-size="34" font-weight="600" text-anchor="middle" dominant-baseline="central">{initials}</text></svg>
            """);
    }
}
