using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace WebChat.Shared;

/// <summary>Writes HTML as UTF-8 into a buffer: literals as they are, values escaped.</summary>
internal static class Markup
{
    private static readonly SearchValues<char> Special = SearchValues.Create("&<>\"'");

    /// <summary>Markup as it stands.</summary>
    public static IBufferWriter<byte> Raw(this IBufferWriter<byte> html, ReadOnlySpan<byte> markup)
    {
        html.Write(markup);
        return html;
    }

    /// <summary>Text for an element or a quoted attribute.</summary>
    public static IBufferWriter<byte> Text(this IBufferWriter<byte> html, ReadOnlySpan<char> text)
    {
        while (true)
        {
            var special = text.IndexOfAny(Special);
            var plain = special < 0 ? text : text[..special];
            var span = html.GetSpan(Encoding.UTF8.GetMaxByteCount(plain.Length));
            html.Advance(Encoding.UTF8.GetBytes(plain, span));
            if (special < 0)
                return html;
            html.Write(text[special] switch
            {
                '&' => "&amp;"u8,
                '<' => "&lt;"u8,
                '>' => "&gt;"u8,
                '"' => "&quot;"u8,
                _ => "&#39;"u8,
            });
            text = text[(special + 1)..];
        }
    }

    public static IBufferWriter<byte> Number(this IBufferWriter<byte> html, long number)
    {
        Utf8Formatter.TryFormat(number, html.GetSpan(20), out var written);
        html.Advance(written);
        return html;
    }

    /// <summary>A UTC time as HTML's <c>datetime</c>.</summary>
    public static IBufferWriter<byte> Iso(this IBufferWriter<byte> html, long milliseconds)
    {
        var at = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).UtcDateTime;
        at.TryFormat(html.GetSpan(20), out var written, "yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
        html.Advance(written);
        return html;
    }

    /// <summary>Hours and minutes in UTC; a script puts the reader's own in their place.</summary>
    public static IBufferWriter<byte> Minutes(this IBufferWriter<byte> html, long milliseconds)
    {
        var at = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).UtcDateTime;
        at.TryFormat(html.GetSpan(5), out var written, "HH:mm", System.Globalization.CultureInfo.InvariantCulture);
        html.Advance(written);
        return html;
    }
}
