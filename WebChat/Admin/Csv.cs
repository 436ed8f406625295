using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Mvc;

namespace WebChat.Admin;

/// <summary>A table as a file for spreadsheets (RFC 4180), written while it is read: it may be long.</summary>
internal sealed class Csv(string fileName, IEnumerable<string> heads, IAsyncEnumerable<IEnumerable<string>> rows) : IActionResult
{
    /// <summary>What a spreadsheet takes for the beginning of a formula, which whoever chose a nickname could have it run.</summary>
    private const string Formulas = "=+-@\t\r";

    /// <summary>What parts cells and lines, in whatever country the spreadsheet was made for.</summary>
    private static readonly SearchValues<char> Apart = SearchValues.Create(",;\t\"\r\n");

    public async Task ExecuteResultAsync(ActionContext context)
    {
        var http = context.HttpContext;
        http.Response.ContentType = "text/csv; charset=utf-8";
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"{fileName}\"";
        await using var writer = new StreamWriter(http.Response.Body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), leaveOpen: true); // without the mark, Excel reads Chinese wrong
        await writer.WriteAsync(Line(heads));
        await foreach (var row in rows.WithCancellation(http.RequestAborted))
            await writer.WriteAsync(Line(row));
    }

    /// <summary>A row as it stands in the file.</summary>
    internal static string Line(IEnumerable<string> cells) => string.Join(',', cells.Select(Cell)) + "\r\n";

    private static string Cell(string text)
    {
        if (text.Length > 0 && Formulas.Contains(text[0], StringComparison.Ordinal))
            text = "'" + text;
        return text.AsSpan().IndexOfAny(Apart) < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
