using System.Globalization;

namespace WebChat.Rooms;

/// <summary>A message on one line of a list.</summary>
internal static class LastLine
{
    private const int Longest = 80;

    // The longest that eighty families take; what is longer is one character with marks piled on it.
    private const int MostUnits = 12 * Longest;

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
