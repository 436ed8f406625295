using System.Collections.Frozen;
using System.Globalization;
using System.Data.Common;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using WebChat.Rooms;
using WebChat.Shared;

namespace WebChat.Messages.Kinds;

/// <summary>What the small forms that make a message have in common: a page by itself, or the form alone in a dialog.</summary>
internal sealed class SendForm(RoomStore rooms, Posting posting, FrozenDictionary<string, MessageWords> words, IStringLocalizer<Texts> texts, TimeProvider clock)
{
    /// <summary>Shows the form to one who may write in the room, with what is wrong with it.</summary>
    public async Task<IActionResult> ShowAsync(PageModel page, long number)
    {
        if (await rooms.FindAsync(number, page.User.Id()) is not { HasBlocked: false } room)
            return page.NotFound();
        if (!room.May(RoomAction.Post))
            return Changes.Refuse(page.Request, StatusCodes.Status403Forbidden, texts[room.IsMuted ? "You are muted in this group." : "Only administrators may write in this group."].Value);
        if (!page.ModelState.IsValid)
            page.Response.StatusCode = StatusCodes.Status400BadRequest;
        page.ViewData["Room"] = room;
        page.ViewData["ClientId"] = ClientId(page) ?? Guid.NewGuid().ToString("N");
        page.ViewData["Layout"] = page.Request.IsHtmx() ? "/Messages/Kinds/_SendDialog.cshtml" : "/Messages/Kinds/_SendPage.cshtml";
        return page.Page();
    }

    /// <summary>Posts what the form has made.</summary>
    /// <param name="page">The form's page.</param>
    /// <param name="number">The room.</param>
    /// <param name="kind">What the message is.</param>
    /// <param name="content">What it carries.</param>
    /// <param name="with">Writes the rows that belong to it, in the same transaction.</param>
    public async Task<IActionResult> PostAsync<T>(PageModel page, long number, Kind kind, T content, Func<DbConnection, StoredMessage, Task>? with = null) =>
        await AnswerAsync(page, number, await posting.PostAsync(Draft(page, number, kind, content), with));

    /// <summary>What the form has made, before it is posted.</summary>
    public NewPost Draft<T>(PageModel page, long number, Kind kind, T content) =>
        new(page.User.Id(), number, "", ClientId(page) ?? Guid.NewGuid().ToString("N"), clock.Now()) { Kind = kind.Number, Content = Content.Pack(content) };

    /// <summary>Answers with what came of it: a refusal with the form, to be mended and sent again.</summary>
    public async Task<IActionResult> AnswerAsync(PageModel page, long number, PostAnswer answer)
    {
        if (answer.Message is { } message)
            return PostAnswers.Stored(page.Request, message, words[CultureInfo.CurrentUICulture.Name]);
        PostAnswers.SayWait(page.Response, answer);
        if (page.Request.WantsJson() || answer.Status is StatusCodes.Status404NotFound or StatusCodes.Status403Forbidden)
            return Changes.Refuse(page.Request, answer.Status, texts[answer.Error!].Value);
        page.ModelState.AddModelError(answer.Field, texts[answer.Error!].Value);
        var shown = await ShowAsync(page, number);
        page.Response.StatusCode = answer.Status;
        return shown;
    }

    private static string? ClientId(PageModel page) =>
        page.Request.HasFormContentType && page.Request.Form["client_id"].ToString() is { Length: > 0 } id ? id : null;
}
