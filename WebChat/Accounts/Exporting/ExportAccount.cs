using WebChat.Accounts.Factors;
using WebChat.Media;

namespace WebChat.Accounts.Exporting;

/// <summary>The part of an export that is the account itself. Nothing that lets anybody in is in it.</summary>
internal sealed class ExportAccount(IServiceScopeFactory scopes, SessionStore sessions, PasskeyStore passkeys, TwoStepStore twoStep, PictureStore pictures)
{
    public async Task AddAsync(Export export)
    {
        await using var scope = scopes.CreateAsyncScope();
        if (await scope.ServiceProvider.GetRequiredService<UserStore>().FindAsync(export.UserId) is not { } user)
            return;
        await export.AddAsync("profile.json", new
        {
            user.Account, user.Email, user.Nickname, user.Sex, user.Signature, user.Language, isAdministrator = user.IsAdmin, created = Export.At(user.CreatedAt), updated = Export.At(user.UpdatedAt),
            twoStepSince = await twoStep.FindAsync(user.Id) is { } state ? Export.At(state.CreatedAt) : (DateTimeOffset?)null,
        });
        await export.AddAsync("devices.json", new
        {
            devices = (await sessions.ListAsync(user.Id)).Select(s => new { s.Agent, signedIn = Export.At(s.CreatedAt), lastUsed = Export.At(s.SeenAt) }),
            tokens = (await sessions.TokensAsync(user.Id)).Select(s => new { name = s.TokenName, made = Export.At(s.CreatedAt), lastUsed = s.SeenAt == 0 ? (DateTimeOffset?)null : Export.At(s.SeenAt) }),
            passkeys = (await passkeys.ListAsync(user.Id)).Select(p => new { p.Name, made = Export.At(p.CreatedAt), lastUsed = p.UsedAt is { } at ? Export.At(at) : (DateTimeOffset?)null }),
        });
        if (user.Picture is not null && await pictures.FindAsync(user.Picture) is { } picture)
        {
            using var bytes = new MemoryStream(picture.Bytes, writable: false);
            await export.AddFileAsync(picture.Type.EndsWith("png", StringComparison.Ordinal) ? "picture.png" : "picture.jpg", bytes);
        }
    }
}
