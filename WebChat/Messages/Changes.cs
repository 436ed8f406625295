using System.Collections.Frozen;
using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using WebChat.Messages.Formatting;
using WebChat.Shared;

namespace WebChat.Messages;

/// <summary>The changes that people make to messages, by the rules and with the answers they all share.</summary>
internal sealed class Changes(ChangeStore store, IOptionsMonitor<Limits> limits, TimeProvider clock, FrozenDictionary<string, MessageWords> words, IStringLocalizer<Texts> texts)
{
    /// <summary>The longest an emoji may be, in UTF-16: a family with skin colours has 25.</summary>
    private const int LongestEmoji = 40;

    /// <summary>For how long an author may take a message back, in milliseconds; 0 is for ever.</summary>
    public long RecallWindow => limits.CurrentValue.RecallSeconds * 1000L;

    public Task<Changed> EditAsync(long userId, long room, long seq, string text) => store.EditAsync(userId, room, seq, text, Mentions.Find(text), clock.Now());

    public Task<Changed> RecallAsync(long userId, long room, long seq) => store.RecallAsync(userId, room, seq, RecallWindow, clock.Now());

    public Task<Changed> ReactAsync(long userId, long room, long seq, string emoji) => store.ReactAsync(userId, room, seq, emoji);

    public Task<Changed> PinAsync(long userId, long room, long seq, bool? wanted) => store.PinAsync(userId, room, seq, wanted, clock.Now());

    /// <summary>True for one emoji, and nothing else.</summary>
    public static bool IsEmoji(string? text) =>
        text is { Length: > 0 and <= LongestEmoji } && new StringInfo(text).LengthInTextElements == 1 && MessageText.IsGlyph(text);

    /// <summary>Answers with the message as it is now, in the form that was asked for; or says why it could not be changed.</summary>
    public IActionResult Answer(HttpRequest request, Changed changed)
    {
        if (Refusal(changed.Outcome) is var (status, sentence) && sentence is not null)
            return Refuse(request, status, texts[sentence].Value);
        if (changed.Outcome == ChangeOutcome.Unknown)
            return new NotFoundResult();
        var message = changed.Message!;
        if (request.WantsJson())
            return new JsonResult(new { room = message.Room.ToString(CultureInfo.InvariantCulture), seq = message.Seq, rev = message.Rev, words = changed.Words });
        return request.IsHtmx()
            ? new MessageFragment(message, words[CultureInfo.CurrentUICulture.Name])
            : new LocalRedirectResult(FormattableString.Invariant($"~/rooms/{message.Room}?around={message.Seq}"));
    }

    /// <summary>Says why something could not be done: as JSON, as a sentence for a script, or with its status alone, which has a page.</summary>
    public static IActionResult Refuse(HttpRequest request, int status, string sentence)
    {
        if (request.WantsJson())
            return new JsonResult(new { error = sentence }) { StatusCode = status };
        return request.IsHtmx() ? new ContentResult { Content = sentence, ContentType = "text/plain; charset=utf-8", StatusCode = status } : new StatusCodeResult(status);
    }

    private static (int Status, string? Sentence) Refusal(ChangeOutcome outcome) => outcome switch
    {
        ChangeOutcome.Forbidden => (StatusCodes.Status403Forbidden, "You may not do that to this message."),
        ChangeOutcome.Muted => (StatusCodes.Status403Forbidden, "You are muted in this group."),
        ChangeOutcome.TooLate => (StatusCodes.Status403Forbidden, "It is too late to take this message back."),
        ChangeOutcome.Full => (StatusCodes.Status409Conflict, "This message has as many reactions as it can hold."),
        _ => (0, null),
    };
}
