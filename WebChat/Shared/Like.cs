namespace WebChat.Shared;

internal static class Like
{
    /// <summary>The text with every wildcard of SQL's LIKE taken by the letter; for <c>LIKE … ESCAPE '\'</c>.</summary>
    public static string Escape(string text) =>
        text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal);
}
