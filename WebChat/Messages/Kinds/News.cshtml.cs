using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using WebChat.Media;
using WebChat.Shared;

namespace WebChat.Messages.Kinds;

/// <summary>Makes a news card.</summary>
internal sealed class NewsModel(SendForm form, Uploads uploads, IStringLocalizer<Texts> text) : PageModel
{
    [BindProperty] public string Title { get; set; } = "";
    [BindProperty] public string Address { get; set; } = "";
    [BindProperty] public string Description { get; set; } = "";
    [BindProperty] public IFormFile? Picture { get; set; }

    public Task<IActionResult> OnGetAsync(long number) => form.ShowAsync(this, number);

    public async Task<IActionResult> OnPostAsync(long number, CancellationToken cancel)
    {
        if (Check() is not { } news)
            return await form.ShowAsync(this, number);
        if (Picture is not { Length: > 0 })
            return await form.PostAsync(this, number, new NewsKind(), news);
        var taken = await uploads.TakeAsync(User.Id(), number, SentFile.From(Picture), cancel);
        if (taken.File is not { Kind: MediaKind.Image } picture)
        {
            if (taken.File is { } other)
                await uploads.ForgetAsync(other);
            ModelState.AddModelError(nameof(Picture), taken.Error ?? text["This is not a picture."]);
            return await form.ShowAsync(this, number);
        }
        return await form.PostAsync(this, number, new NewsKind(), news with { Picture = picture }, sameness: Messages.Content.Pack(news) + picture.Hash,
            with: (connection, message) => MediaStore.AddAsync(connection, picture, message.AuthorId, message.Room, message.Seq, message.CreatedAt));
    }

    private NewsCard? Check()
    {
        (Title, Description) = (UserText.Line(Title), UserText.Line(Description));
        if (Title.Length == 0)
            ModelState.AddModelError(nameof(Title), text["A title is missing."]);
        else if (!UserText.Fits(Title, NewsCard.LongestTitle))
            ModelState.AddModelError(nameof(Title), text["At most {0} characters.", NewsCard.LongestTitle]);
        if (!UserText.Fits(Description, NewsCard.LongestDescription))
            ModelState.AddModelError(nameof(Description), text["At most {0} characters.", NewsCard.LongestDescription]);
        if (Address.Length > NewsCard.LongestAddress || !Uri.TryCreate(Address.Trim(), UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https") || address.UserInfo.Length > 0)
            ModelState.AddModelError(nameof(Address), text["This is not an address of the web. It begins with https://."]);
        else if (ModelState.IsValid)
            return new NewsCard(Title, address.AbsoluteUri, Description, null);
        return null;
    }
}
