using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using WebChat.Shared;

namespace WebChat.Media;

/// <summary>A picture fit to be stored, and the id for <c>/pictures/{id}</c> that it will have.</summary>
internal sealed record NewPicture(string Id, Picture Picture);

/// <summary>Takes small pictures in: a face, or a group's icon. The page scales them before it sends them.</summary>
internal sealed class Pictures(RateLimits rates, IOptionsMonitor<Limits> limits, IStringLocalizer<Texts> text)
{
    public const int MostBytes = 512 * 1024;
    public const int MostPixels = 4096;

    /// <summary>Longest body of a form that carries one picture: a <see cref="LargestBodyAttribute"/> for its page.</summary>
    public const int MostBodyBytes = 1024 * 1024;

    /// <summary>Checks and cleans the picture that came with a form, if one did, and says beside its field what is wrong with it.</summary>
    /// <returns>
    /// The picture, which its taker stores in the same write as what shows it; null when there is none to be had, and the form is
    /// no longer valid when there should have been.
    /// </returns>
    public async Task<NewPicture?> TakeAsync(HttpContext http, ModelStateDictionary form, string field, IFormFile? file)
    {
        if (file is not { Length: > 0 })
            return null;
        if (await rates.TakeAsync("upload", http.User.Id().ToString(CultureInfo.InvariantCulture), limits.CurrentValue.UploadsPerHour, TimeSpan.FromHours(1)) is { } wait)
            return Refuse(text["Too many pictures. Try again in {0} seconds.", TooMany.Say(http, wait)]);
        var most = limits.CurrentValue.UploadBytes > 0 ? Math.Min(limits.CurrentValue.UploadBytes, MostBytes) : MostBytes;
        if (file.Length > most)
            return Refuse(text["This picture is too big: at most {0} KB.", most / 1024]);
        using var content = new MemoryStream((int)file.Length);
        await file.CopyToAsync(content);
        if (PictureFile.Read(content.ToArray()) is not { Width: > 0, Height: > 0 } picture)
            return Refuse(text["This is not a PNG or JPEG picture."]);
        if (picture.Width > MostPixels || picture.Height > MostPixels)
            return Refuse(text["This picture is too wide or too high: at most {0} pixels.", MostPixels]);
        return new NewPicture(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)), new Picture { Type = picture.Type, Bytes = picture.Bytes });

        NewPicture? Refuse(string sentence)
        {
            form.AddModelError(field, sentence);
            return null;
        }
    }
}
