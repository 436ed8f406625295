using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Html;

namespace WebChat.Shared;

/// <summary>Rows of a page that are written by hand, as there are hundreds of them: a partial with its tag helpers takes ten times as long for each.</summary>
/// <param name="items">What the rows are of.</param>
/// <param name="write">Writes one.</param>
internal sealed class MarkupRows<T>(IEnumerable<T> items, Action<IBufferWriter<byte>, T> write) : IHtmlContent
{
    public void WriteTo(TextWriter writer, HtmlEncoder encoder)
    {
        var html = new ArrayBufferWriter<byte>(1024);
        char[] letters = [];
        foreach (var item in items)
        {
            write(html, item);
            if (letters.Length < html.WrittenCount) // no text has more letters than bytes
                letters = new char[html.Capacity];
            writer.Write(letters, 0, Encoding.UTF8.GetChars(html.WrittenSpan, letters));
            html.ResetWrittenCount();
        }
    }
}
