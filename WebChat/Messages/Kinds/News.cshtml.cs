using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using WebChat.Media;
using WebChat.Shared;

namespace WebChat.Messages.Kinds;

/// <summary>Makes a news card.</summary>
internal sealed class NewsModel(SendForm form, FilePosting files, IStringLocalizer<Texts> text) : PageModel
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
        var draft = form.Draft(this, number, new NewsKind(), news);
        var answer = await files.PostAsync(
            draft with { Sameness = draft.Content }, SentFile.From(Picture),
            (post, picture) => picture.Kind == MediaKind.Image ? post with { Content = Messages.Content.Pack(news with { Picture = picture }) } : null, cancel);
        return await form.AnswerAsync(this, number, string.Equals(answer.Field, FilePosting.Field, StringComparison.Ordinal) ? answer with { Field = nameof(Picture) } : answer);
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
