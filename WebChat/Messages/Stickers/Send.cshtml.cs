using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using WebChat.Messages.Kinds;

namespace WebChat.Messages.Stickers;

/// <summary>Sends a sticker by one press.</summary>
internal sealed class SendStickerModel(SendForm form, StickerStore stickers, IStringLocalizer<Texts> text) : PageModel
{
    [BindProperty] public string Sticker { get; set; } = "";

    public IReadOnlyList<StickerPack> Packs { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(long number)
    {
        Packs = await stickers.PacksAsync();
        return await form.ShowAsync(this, number);
    }

    public async Task<IActionResult> OnPostAsync(long number)
    {
        Packs = await stickers.PacksAsync();
        if (await stickers.FindAsync(Sticker) is { } sticker)
            return await form.PostAsync(this, number, new StickerKind(), sticker);
        ModelState.AddModelError("", text["This sticker is not offered any more. Choose another."]);
        return await form.ShowAsync(this, number);
    }
}
