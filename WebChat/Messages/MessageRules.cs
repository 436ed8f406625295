using System.Globalization;
using System.Text;
using WebChat.Shared;

namespace WebChat.Messages;

/// <summary>What may be posted.</summary>
internal static class MessageRules
{
    /// <summary>Characters as people count them: a family emoji is one.</summary>
    public const int MostCharacters = 4000;

    /// <summary>Bytes in UTF-8.</summary>
    public const int MostBytes = 16 * 1024;

    public const int LongestClientId = 64;

    /// <summary>Text with one kind of line break, and nothing but text at its ends.</summary>
    public static string Normalize(string? content) =>
        (content ?? "").ReplaceLineEndings("\n").TrimEnd().TrimStart('\n');

    /// <summary>The sentence to show when a normalised text cannot be posted, or null. It is a key of <see cref="Texts"/>.</summary>
    public static string? Problem(string text)
    {
        return UserText.IsSeen(text) ? ProblemOfCaption(text) : "Write something first.";
    }

    /// <summary>The same for words that may be none, beside a file.</summary>
    public static string? ProblemOfCaption(string text)
    {
        if (Encoding.UTF8.GetByteCount(text) > MostBytes || (text.Length > MostCharacters && new StringInfo(text).LengthInTextElements > MostCharacters))
            return "This message is too long. The most is 4,000 characters.";
        return null;
    }

    /// <summary>The sentence to show where this is no client id, or null. It is a key of <see cref="Texts"/>.</summary>
    public static string? ProblemOfClientId(string id) => IsClientId(id) ? null : "This form is damaged. Reload the page and try again.";

    /// <summary>A client id: 1 to 64 letters, digits, hyphens or underscores of ASCII.</summary>
    public static bool IsClientId(string id) =>
        id.Length is > 0 and <= LongestClientId && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
