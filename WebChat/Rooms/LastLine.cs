using System.Globalization;
using Microsoft.Extensions.Localization;
using WebChat.Accounts.Leaving;

namespace WebChat.Rooms;

/// <summary>A conversation's last message on one line of the list.</summary>
internal static class LastLine
{
    private const int Longest = 80;

    // The longest that eighty families take; what is longer is one character with marks piled on it.
    private const int MostUnits = 12 * Longest;

    /// <summary>"Ann joined", "You: see you then", "Ann: Picture"; in a direct room the other needs no name.</summary>
    public static string Of(Conversation room, long userId, Lines lines, IStringLocalizer text)
    {
        if (room.Last is not { } last)
            return text["Nothing said yet"];
        var line = lines.Of(last);
        if (last.Kind == MessageKind.Note || last.IsRecalled)
            return line;
        if (last.AuthorId == userId)
            return text["You: {0}", line];
        return room.Kind == RoomKind.Direct ? line : text["{0}: {1}", last.IsBot ? text["{0} (bot)", last.Nickname] : LeavingStore.IsGone(last.Account) ? text["Deleted user"].Value : last.Nickname, line];
    }

    /// <summary>The beginning of a text on one line, cut between characters as people count them.</summary>
    public static string OneLine(string body)
    {
        var end = 0;
        for (var count = 0; end < body.Length; count++)
        {
            var next = end + StringInfo.GetNextTextElementLength(body.AsSpan(end));
            if (count == Longest || next > MostUnits)
                return body[..end].ReplaceLineEndings(" ") + "…";
            end = next;
        }
        return body.ReplaceLineEndings(" ");
    }
}
