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

    private MessageWords(IStringLocalizer<Texts> texts, IStringLocalizer<Rooms.Texts> rooms)
    {
        Older = texts["Older messages"];
        notes = NoteSentences.All(rooms).ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>What the link to older messages says.</summary>
    public string Older { get; }

    /// <summary>Looks the words up for every language of the interface.</summary>
    public static FrozenDictionary<string, MessageWords> Load(IStringLocalizer<Texts> texts, IStringLocalizer<Rooms.Texts> rooms)
    {
        var before = CultureInfo.CurrentUICulture;
        try
        {
            return Languages.All.Select(l => l.Code).ToFrozenDictionary(language => language, language =>
            {
                CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);
                return new MessageWords(texts, rooms);
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
        var (name, word) = NoteSentences.Read(note.Body);
        foreach (var (isValue, text) in NoteSentences.Parts(notes.GetValueOrDefault(name, name)))
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
    public string Describe(string body, string nickname) => NoteSentences.Describe(notes, body, nickname);
}
