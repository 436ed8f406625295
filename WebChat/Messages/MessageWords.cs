using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;
using Microsoft.Extensions.Localization;
using WebChat.Rooms;
using WebChat.Shared;

namespace WebChat.Messages;

/// <summary>The few words that stand in messages themselves, in one language, looked up once.</summary>
internal sealed class MessageWords
{
    private readonly FrozenDictionary<string, string> notes;

    private MessageWords(IStringLocalizer<Texts> texts)
    {
        Older = texts["Older messages"];
        notes = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [RoomNote.Created] = texts["{0} created the group"],
            [RoomNote.Joined] = texts["{0} joined"],
            [RoomNote.Left] = texts["{0} left"],
            [RoomNote.Removed] = texts["{0} removed {1}"],
            [RoomNote.Renamed] = texts["{0} renamed the group to {1}"],
            [RoomNote.Friends] = texts["You are friends now. Say hello!"],
        }.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>What the link to older messages says.</summary>
    public string Older { get; }

    /// <summary>Looks the words up for every language of the interface.</summary>
    public static FrozenDictionary<string, MessageWords> Load(IStringLocalizer<Texts> texts)
    {
        var before = CultureInfo.CurrentUICulture;
        try
        {
            return Languages.All.Select(l => l.Code).ToFrozenDictionary(language => language, language =>
            {
                CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);
                return new MessageWords(texts);
            }, StringComparer.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }

    /// <summary>"Ann joined", with the name leading to the person.</summary>
    public void WriteNote(IBufferWriter<byte> html, StoredMessage note)
    {
        var (sentence, word) = Read(note.Body);
        foreach (var (isValue, text) in Parts(sentence))
        {
            if (!isValue)
                html.Text(text);
            else if (text is "0")
                html.Raw("<a href=\"/people/"u8).Text(note.Account).Raw("\"><bdi>"u8).Text(note.Nickname).Raw("</bdi></a>"u8);
            else
                html.Raw("<bdi>"u8).Text(word).Raw("</bdi>"u8);
        }
    }

    /// <summary>The same as plain text, for lists.</summary>
    public string Describe(string body, string nickname)
    {
        var (sentence, word) = Read(body);
        return string.Concat(Parts(sentence).Select(part => !part.IsValue ? part.Text : part.Text is "0" ? nickname : word));
    }

    private (string Sentence, string Word) Read(string body)
    {
        var space = body.IndexOf(' ', StringComparison.Ordinal);
        var name = space < 0 ? body : body[..space];
        return (notes.GetValueOrDefault(name, name), space < 0 ? "" : body[(space + 1)..]);
    }

    /// <summary>Cuts "{0} removed {1}" into its words and its places.</summary>
    private static IEnumerable<(bool IsValue, string Text)> Parts(string sentence)
    {
        var at = 0;
        while (sentence.IndexOf('{', at) is var open and >= 0)
        {
            if (open > at)
                yield return (false, sentence[at..open]);
            var close = sentence.IndexOf('}', open);
            yield return (true, sentence[(open + 1)..close]);
            at = close + 1;
        }
        if (at < sentence.Length)
            yield return (false, sentence[at..]);
    }
}
