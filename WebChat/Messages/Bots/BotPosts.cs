using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Localization;
using WebChat.Messages.Programs;
using WebChat.Shared;

namespace WebChat.Messages.Bots;

/// <summary>
/// <c>POST /rooms/{number}/bot</c>: a bot says something, by its token and nothing else. Whatever is wrong with a token, whichever room it
/// is shown for, the answer is the same.
/// </summary>
internal static class BotPosts
{
    public static async Task TakeAsync(HttpContext http, long number, BotStore bots, ProgramPosting posting, PostAllowance allowance, IStringLocalizer<Texts> texts)
    {
        http.Request.Headers.Accept = "application/json"; // what programs are refused with, too
        if (Token.Of(http.Request, Token.Room) is not { } token || await bots.FindByTokenAsync(Token.IdOf(token), number) is not { } bot)
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            http.Response.Headers.WWWAuthenticate = "Bearer";
        }
        else if (await ReadAsync(http.Request) is not { } post)
        {
            http.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
        }
        else if (await allowance.TakeForBotsAsync(number) is { } wait)
        {
            await AnswerAsync(http.Response, PostAnswer.Refused(StatusCodes.Status429TooManyRequests, "You are writing too fast. Wait a moment.") with { Wait = wait }, texts);
        }
        else
        {
            await AnswerAsync(http.Response, await posting.PostAsync(bot, number, post), texts);
        }
    }

    private static async Task AnswerAsync(HttpResponse response, PostAnswer answer, IStringLocalizer<Texts> texts)
    {
        response.StatusCode = answer.Status;
        PostAnswers.SayWait(response, answer);
        if (answer.Message is { } message)
            await response.WriteAsJsonAsync(new { room = message.Room.ToString(CultureInfo.InvariantCulture), seq = message.Seq, rev = message.Rev });
        else
            await response.WriteAsJsonAsync(new { error = texts[answer.Error!].Value });
    }

    /// <returns>Null for what is neither JSON nor a form.</returns>
    private static async Task<ProgramPost?> ReadAsync(HttpRequest request)
    {
        if (request.HasFormContentType)
            return ProgramPost.Read(await request.ReadFormAsync());
        if (!request.HasJsonContentType())
            return null;
        try
        {
            using var json = await JsonDocument.ParseAsync(request.Body, new JsonDocumentOptions { MaxDepth = ProgramPost.MostDepth }, request.HttpContext.RequestAborted);
            return ProgramPost.Read(json.RootElement, "content");
        }
        catch (JsonException)
        {
            return ProgramPost.NoObject;
        }
    }
}
