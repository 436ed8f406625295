using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using WebChat.Rooms;
using WebChat.Shared;

namespace WebChat.Messages;

/// <summary>What one who posts is answered.</summary>
internal static class PostAnswers
{
    /// <summary>The message's place for a script, its article for htmx, the room for everybody else.</summary>
    public static IActionResult Stored(HttpRequest request, StoredMessage message, MessageWords words) => Stored(request, [message], words);

    /// <summary>The same for several of one room: the place is that of the last.</summary>
    public static IActionResult Stored(HttpRequest request, IReadOnlyList<StoredMessage> messages, MessageWords words)
    {
        var message = messages[^1];
        if (request.WantsJson())
            return new JsonResult(new { room = message.Room.ToString(CultureInfo.InvariantCulture), seq = message.Seq, rev = message.Rev });
        return request.IsHtmx() ? new MessageFragment(messages, words) : new LocalRedirectResult(FormattableString.Invariant($"~/rooms/{message.Room}"));
    }

    public static void SayWait(HttpResponse response, PostAnswer answer)
    {
        if (answer.Wait is { } wait)
            response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
    }
}
