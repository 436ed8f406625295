using System.Globalization;
using System.Text;
using WebChat.Storage;
using Microsoft.Extensions.Options;

namespace WebChat.Mail;

/// <summary>A mail that lies in the mailbox.</summary>
internal sealed record KeptLetter
{
    public required string To { get; init; }
    public required string Subject { get; init; }
    public required string Text { get; init; }
    /// <summary>UTC Unix milliseconds.</summary>
    public required long At { get; init; }
}

/// <summary>Mails as <c>.eml</c> files in the data directory, which any mail program opens.</summary>
internal sealed class Mailbox(StorageOptions storage, TimeProvider clock)
{
    private const string FileTime = "yyyyMMdd-HHmmss-fff";

    private string Folder => Path.Combine(storage.Data, "mail");

    public async Task AddAsync(Letter letter, string from)
    {
        Directory.CreateDirectory(Folder);
        var now = clock.GetUtcNow();
        var id = Guid.NewGuid().ToString("N")[..12];
        var mail = $"""
            From: {Header(letter.Sender)} <{Header(from)}>
            To: {Header(letter.To)}
            Subject: {Header(letter.Subject)}
            Date: {now.ToString("r", CultureInfo.InvariantCulture)}
            Message-ID: <{id}@webchat.invalid>
            MIME-Version: 1.0
            Content-Type: text/plain; charset=utf-8
            Content-Transfer-Encoding: 8bit

            {letter.Text}

            """;
        var file = Path.Combine(Folder, $"{now.ToString(FileTime, CultureInfo.InvariantCulture)}-{id}.eml");
        // Under another name first: who lists the folder sees whole mails only.
        await File.WriteAllTextAsync(file + ".part", mail.ReplaceLineEndings("\r\n"));
        File.Move(file + ".part", file);
    }

    /// <summary>The newest mails, newest first.</summary>
    public async Task<IReadOnlyList<KeptLetter>> ListAsync(int most)
    {
        if (!Directory.Exists(Folder))
            return [];
        var letters = new List<KeptLetter>();
        foreach (var file in Directory.EnumerateFiles(Folder, "*.eml").OrderDescending(StringComparer.Ordinal).Take(most))
            letters.Add(Read(await File.ReadAllTextAsync(file), Path.GetFileName(file)));
        return letters;
    }

    private static KeptLetter Read(string mail, string file)
    {
        var end = mail.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var headers = mail[..end].Split("\r\n").Select(line => line.Split(": ", 2)).ToDictionary(h => h[0], h => Words(h[1]), StringComparer.OrdinalIgnoreCase);
        return new KeptLetter
        {
            To = headers["To"],
            Subject = headers["Subject"],
            Text = mail[(end + 4)..].Trim().ReplaceLineEndings("\n"),
            At = new DateTimeOffset(DateTime.ParseExact(file[..FileTime.Length], FileTime, CultureInfo.InvariantCulture), TimeSpan.Zero).ToUnixTimeMilliseconds(),
        };
    }

    /// <summary>A header's text on one line; an encoded word (RFC 2047) where it is not plain ASCII.</summary>
    private static string Header(string text)
    {
        var line = text.ReplaceLineEndings(" ");
        return Ascii.IsValid(line) ? line : $"=?utf-8?B?{Convert.ToBase64String(Encoding.UTF8.GetBytes(line))}?=";
    }

    private static string Words(string header) =>
        header.StartsWith("=?utf-8?B?", StringComparison.Ordinal) && header.EndsWith("?=", StringComparison.Ordinal)
            ? Encoding.UTF8.GetString(Convert.FromBase64String(header[10..^2]))
            : header;
}
