using System.Buffers;
using System.Net;
using System.Text;

namespace WebChat.Messages.Links;

/// <summary>
/// What a page says about itself at its beginning. Read in one pass without a tree: whoever made the page also made it deep, broken
/// and long, and a parser that calls itself for every tag ends with the process.
/// </summary>
internal sealed class PageHead
{
    // Longer values are cut before they are looked at.
    private const int LongestValue = 4096;

    private static readonly SearchValues<char> BehindCharset = SearchValues.Create(" \"'>;/");

    private static readonly string[] WithText = ["script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes"];

    private readonly Dictionary<string, string> said = new(StringComparer.OrdinalIgnoreCase);

    public string? Title => First("og:title", "twitter:title", "title");

    public string? Description => First("og:description", "twitter:description", "description");

    public string? Picture => First("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src");

    /// <summary>Reads a page, in the encoding that its server or it itself says.</summary>
    public static PageHead Read(ReadOnlySpan<byte> page, string? charset) => Read(EncodingOf(page, charset).GetString(page));

    public static PageHead Read(string page)
    {
        var head = new PageHead();
        for (var at = page.IndexOf('<', StringComparison.Ordinal); at >= 0 && at < page.Length - 1; at = Next(page, at))
        {
            at++;
            if (page.AsSpan(at).StartsWith("!--", StringComparison.Ordinal))
            {
                at = Find(page, "-->", at + 3);
            }
            else if (char.IsAsciiLetter(page[at]))
            {
                var tag = new Tag(page, at);
                at = tag.ReadAttributes(tag.Is("meta") ? head.Add : null);
                if (tag.Is("body") && head.Title is not null)
                    break;
                if (Array.Find(WithText, n => tag.Is(n)) is { } name)
                {
                    var end = Find(page, "</" + name, at);
                    if (name is "title")
                        head.Add("title", page.AsSpan(Math.Min(at, end)..end));
                    at = end;
                }
            }
        }
        return head;
    }

    private static int Next(string page, int at) => at >= page.Length ? -1 : page.IndexOf('<', at);

    private static int Find(string page, string what, int from)
    {
        var found = from >= page.Length ? -1 : page.IndexOf(what, from, StringComparison.OrdinalIgnoreCase);
        return found < 0 ? page.Length : found;
    }

    // What is said first counts.
    private void Add(string name, ReadOnlySpan<char> value)
    {
        var text = WebUtility.HtmlDecode(value[..Math.Min(value.Length, LongestValue)].ToString());
        if (!string.IsNullOrWhiteSpace(text))
            said.TryAdd(name, text);
    }

    private string? First(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (said.TryGetValue(name, out var value))
                return value;
        }
        return null;
    }

    private static Encoding EncodingOf(ReadOnlySpan<byte> page, string? charset)
    {
        if (page.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]))
            return Encoding.Unicode;
        if (page.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
            return Encoding.BigEndianUnicode;
        if (page.StartsWith(Encoding.UTF8.Preamble))
            return Encoding.UTF8;
        var isSaidByServer = charset is not null;
        charset ??= CharsetIn(Encoding.Latin1.GetString(page[..Math.Min(page.Length, 2048)]));
        return charset.Trim('"', '\'', ' ').ToLowerInvariant() switch
        {
            "iso-8859-1" or "latin1" or "us-ascii" or "ascii" => Named("windows-1252"), // as browsers take them
            "gb2312" or "gbk" => Named("gb18030"),
            var name when name.StartsWith("utf-16", StringComparison.Ordinal) && !isSaidByServer => Encoding.UTF8, // or this could not have been read
            var name => Named(name),
        };
    }

    private static Encoding Named(string name)
    {
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return Encoding.UTF8;
        }
    }

    // <meta charset="…">, or the same within the content of <meta http-equiv="Content-Type">
    private static string CharsetIn(string beginning)
    {
        const string Key = "charset";
        var at = beginning.IndexOf(Key, StringComparison.OrdinalIgnoreCase);
        var behind = at < 0 ? default : beginning.AsSpan(at + Key.Length).TrimStart();
        if (behind is not ['=', ..])
            return "";
        behind = behind[1..].TrimStart(" \"'");
        var end = behind.IndexOfAny(BehindCharset);
        return (end < 0 ? behind : behind[..end]).ToString();
    }

    /// <summary>A start tag.</summary>
    /// <param name="page">What it stands in.</param>
    /// <param name="at">Where its name begins.</param>
    private readonly struct Tag(string page, int at)
    {
        private readonly int nameEnd = EndOfName(page, at);

        public bool Is(string name) => page.AsSpan(at..nameEnd).Equals(name, StringComparison.OrdinalIgnoreCase);

        /// <summary>Reads to behind the tag, and gives on what a meta tag says, under its name.</summary>
        public int ReadAttributes(AddValue? add)
        {
            var (key, content) = (default(Range), default(Range));
            var next = nameEnd;
            while (true)
            {
                while (next < page.Length && (IsSpace(page[next]) || page[next] == '/'))
                    next++;
                if (next >= page.Length)
                    return page.Length;
                if (page[next] == '>')
                    break;
                var name = next..EndOfName(page, next + 1); // an equals sign may begin a name, and something has to be read
                var value = ReadValue(name.End.Value, out next);
                if (page.AsSpan(name).Equals("property", StringComparison.OrdinalIgnoreCase) || page.AsSpan(name).Equals("name", StringComparison.OrdinalIgnoreCase))
                    key = value;
                else if (page.AsSpan(name).Equals("content", StringComparison.OrdinalIgnoreCase))
                    content = value;
            }
            if (page[key].Length is > 0 and < 40)
                add?.Invoke(page[key].Trim(), page.AsSpan(content));
            return next + 1;
        }

        private Range ReadValue(int behindName, out int end)
        {
            var start = SkipSpace(behindName);
            end = behindName;
            if (start >= page.Length || page[start] != '=')
                return default;
            start = SkipSpace(start + 1);
            end = start;
            if (start >= page.Length)
                return default;
            if (page[start] is '"' or '\'')
            {
                var close = page.IndexOf(page[start], start + 1);
                end = close < 0 ? page.Length : close + 1;
                return (start + 1)..(close < 0 ? page.Length : close);
            }
            while (end < page.Length && !IsSpace(page[end]) && page[end] != '>')
                end++;
            return start..end;
        }

        private int SkipSpace(int from)
        {
            while (from < page.Length && IsSpace(page[from]))
                from++;
            return from;
        }

        private static int EndOfName(string page, int from)
        {
            while (from < page.Length && !IsSpace(page[from]) && page[from] is not ('/' or '>' or '='))
                from++;
            return from;
        }

        private static bool IsSpace(char c) => c is ' ' or '\t' or '\n' or '\r' or '\f';
    }

    private delegate void AddValue(string name, ReadOnlySpan<char> value);
}
