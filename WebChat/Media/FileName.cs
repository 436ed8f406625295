using System.Globalization;
using WebChat.Shared;

namespace WebChat.Media;

/// <summary>What a file is called, from what the sender's machine called it.</summary>
internal static class FileName
{
    /// <summary>In characters of UTF-16: it stands in addresses, where each may become nine.</summary>
    public const int Longest = 120;

    private const int LongestExtension = 12;
    private const int LongestElement = 4;

    /// <summary>One line without folders, control characters and marks that turn text around; its end, which says what it is, is kept.</summary>
    public static string Clean(string? declared)
    {
        var name = UserText.Line(declared?[(declared.LastIndexOfAny(['/', '\\']) + 1)..]);
        var extension = Path.GetExtension(name);
        if (extension.Length > LongestExtension)
            extension = "";
        var stem = Cut(name[..^extension.Length], Longest - extension.Length);
        return stem.Trim('.', ' ').Length == 0 ? $"file{extension}" : stem + extension;
    }

    /// <summary>Between what people see as characters; one that is longer than a family, or has more marks on it than any script, is none.</summary>
    private static string Cut(string stem, int longest)
    {
        var cut = new System.Text.StringBuilder();
        for (var elements = StringInfo.GetTextElementEnumerator(stem); elements.MoveNext();)
        {
            var element = elements.GetTextElement();
            if (!UserText.Fits(element, LongestElement))
                continue;
            if (cut.Length + element.Length > longest)
                break;
            cut.Append(element);
        }
        return cut.ToString();
    }
}
