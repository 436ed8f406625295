using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using WebChat.Media;
using WebChat.Messages.Stickers;
using WebChat.Shared;

namespace WebChat.Admin.Stickers;

/// <summary>The packs of stickers: what there is, and a new one.</summary>
[LargestBody((MostStickers * (long)MostBytes) + HostileInput.MostBytes)]
internal sealed class IndexModel(PackStore packs, StickerStore stickers, IStringLocalizer<Texts> text) : PageModel
{
    public const int MostStickers = 40;
    public const int MostBytes = 512 * 1024;
    private const int MostPixels = 2048;
    public const int LongestName = 40;

    [BindProperty] public string Name { get; set; } = "";
    [BindProperty] public string Words { get; set; } = "";
    [BindProperty] public IReadOnlyList<IFormFile> Pictures { get; set; } = [];

    public IReadOnlyList<StickerPack> Packs { get; private set; } = [];

    public async Task OnGetAsync() => Packs = await stickers.PacksAsync();

    public async Task<IActionResult> OnPostAsync()
    {
        if (Check() is { } pack)
            return await packs.AddAsync(User.Id(), NewId(), Name, pack) ? LocalRedirect("/admin/stickers") : NotFound();
        Response.StatusCode = StatusCodes.Status400BadRequest;
        Packs = await stickers.PacksAsync();
        return Page();
    }

    public async Task<IActionResult> OnPostRemoveAsync([FromForm] string? id) =>
        await packs.RemoveAsync(User.Id(), id ?? "") ? LocalRedirect("/admin/stickers") : NotFound();

    private List<NewSticker>? Check()
    {
        Name = UserText.Line(Name);
        if (Name.Length == 0)
            ModelState.AddModelError(nameof(Name), text["A name is missing."]);
        else if (!UserText.Fits(Name, LongestName))
            ModelState.AddModelError(nameof(Name), text["At most {0} characters.", LongestName]);
        if (Pictures.Count is 0 or > MostStickers)
            ModelState.AddModelError(nameof(Pictures), text["Choose from 1 to {0} pictures.", MostStickers]);
        var words = Words.Split('\n').Select(UserText.Line).Where(line => line.Length > 0).ToList();
        if (words.Count > 0 && words.Count != Pictures.Count)
            ModelState.AddModelError(nameof(Words), text["There are {0} pictures and {1} lines of words.", Pictures.Count, words.Count]);
        else if (words.Exists(word => !UserText.Fits(word, LongestName)))
            ModelState.AddModelError(nameof(Words), text["At most {0} characters.", LongestName]);
        if (!ModelState.IsValid)
            return null;
        var pack = Pictures.Select((file, place) => Read(file, words.Count > 0 ? words[place] : WordOf(file.FileName))).ToList();
        if (pack.FindIndex(sticker => sticker is null) is >= 0 and var wrong)
        {
            ModelState.AddModelError(nameof(Pictures), text["{0} is not a PNG, WebP or GIF of at most {1} KB and {2} pixels.", WordOf(Pictures[wrong].FileName), MostBytes / 1024, MostPixels]);
            return null;
        }
        return pack!;
    }

    /// <summary>A clean copy of the picture; null for what is none of these, or too large.</summary>
    private static NewSticker? Read(IFormFile file, string word)
    {
        if (file.Length is 0 or > MostBytes)
            return null;
        using var sent = file.OpenReadStream();
        using var clean = new MemoryStream((int)file.Length);
        return MediaFacts.CopyImage(new Parts(sent, clean)) is { Type: PictureFile.Png or "image/webp" or "image/gif", Width: <= MostPixels and var width, Height: <= MostPixels and var height } facts
            ? new NewSticker(NewId(), word, width, height, new Picture { Type = facts.Type, Bytes = clean.ToArray() })
            : null;
    }

    private static string WordOf(string fileName) =>
        UserText.Line(Path.GetFileNameWithoutExtension(FileName.Clean(fileName)).Replace('-', ' ').Replace('_', ' ')) is { Length: > 0 } word && UserText.Fits(word, LongestName) ? word : "?";

    private static string NewId() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
}
