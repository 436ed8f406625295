using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.Extensions.Localization;
using WebChat.Media;
using WebChat.Shared;

namespace WebChat.Rooms;

/// <summary>What a group says of itself, as its owner types it.</summary>
internal sealed class GroupForm
{
    public string Name { get; set; } = "";
    public string Memo { get; set; } = "";
    public string Announcement { get; set; } = "";

    /// <summary>Tidies what was typed, and says beside each field what is wrong with it.</summary>
    /// <returns>True when nothing is.</returns>
    public bool Check(ModelStateDictionary form, IStringLocalizer text)
    {
        Name = UserText.Line(Name);
        Memo = UserText.Line(Memo);
        Announcement = string.Join('\n', Announcement.Split('\n').Select(UserText.Line)).Trim('\n');
        if (Name.Length == 0)
            form.AddModelError(nameof(Name), text["A group needs a name."]);
        CheckLength(form, text, nameof(Name), Name, Groups.LongestName);
        CheckLength(form, text, nameof(Memo), Memo, Groups.LongestMemo);
        CheckLength(form, text, nameof(Announcement), Announcement, Groups.LongestAnnouncement);
        return form.IsValid;
    }

    /// <summary>Stores the icon that came with the form, if one did, and says beside its field what is wrong with it.</summary>
    /// <returns>The picture's id, or null when there is none to be had.</returns>
    public static async Task<string?> TakeIconAsync(Pictures pictures, IFormFile? icon, long userId, ModelStateDictionary form, IStringLocalizer text)
    {
        if (icon is not { Length: > 0 })
            return null;
        var (result, id) = await pictures.SaveAsync(icon, userId);
        if (result != PictureResult.Saved)
        {
            form.AddModelError("Icon", result switch
            {
                PictureResult.TooBig => text["This picture is too big: at most {0} KB.", Pictures.MostBytes / 1024],
                PictureResult.TooWide => text["This picture is too wide or too high: at most {0} pixels.", Pictures.MostPixels],
                _ => text["This is not a PNG or JPEG picture."],
            });
        }
        return id;
    }

    private static void CheckLength(ModelStateDictionary form, IStringLocalizer text, string field, string typed, int most)
    {
        if (!UserText.Fits(typed, most))
            form.AddModelError(field, text["At most {0} characters.", most]);
    }
}
