using System.Buffers;
using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Globalization;
using Microsoft.Extensions.Localization;
using WebChat.Accounts.Leaving;
using WebChat.Messages.Kinds;
using WebChat.Rooms;
using WebChat.Shared;

namespace WebChat.Messages;

/// <summary>The words that stand in messages themselves, in one language, each looked up once.</summary>
internal sealed class MessageWords
{
    private readonly ConcurrentDictionary<string, string> known = new(StringComparer.Ordinal);
    private readonly FrozenDictionary<string, string> notes;
    private readonly CultureInfo language;
    private readonly IStringLocalizer<Texts> texts;
    private readonly Icons icons;

    private MessageWords(CultureInfo language, IStringLocalizer<Texts> texts, IStringLocalizer<Rooms.Texts> rooms, Icons icons)
    {
        this.language = language;
        this.texts = texts;
        this.icons = icons;
        notes = Speaking(() => NoteSentences.All(rooms).ToFrozenDictionary(StringComparer.Ordinal));
    }

    /// <summary>A sentence of <see cref="Texts"/> in this language.</summary>
    public string this[string key] => known.TryGetValue(key, out var words) ? words : known.GetOrAdd(key, Speaking(() => texts[key].Value));

    /// <summary>The words for every language of the interface.</summary>
    public static FrozenDictionary<string, MessageWords> Load(IStringLocalizer<Texts> texts, IStringLocalizer<Rooms.Texts> rooms, Icons icons) =>
        Languages.All.Select(l => l.Code).ToFrozenDictionary(code => code, code => new MessageWords(CultureInfo.GetCultureInfo(code), texts, rooms, icons), StringComparer.Ordinal);

    /// <summary>A sentence with values in its places.</summary>
    public string Say(string key, params object[] values) => string.Format(language, this[key], values);

    /// <summary>What the author is called; where they have left, a word for that.</summary>
    public string NameOf(Said said) => LeavingStore.IsGone(said.Account) ? this["Deleted user"] : said.Nickname;

    /// <summary>The same where no badge can stand: nobody is to take a bot for a person.</summary>
    public string NameAlone(Said said) => said.IsBot ? Say("{0} (bot)", said.Nickname) : NameOf(said);

    /// <summary>A message in one line of plain text, cut to what a line holds.</summary>
    public string Line(Said said) => LastLine.OneLine(said switch
    {
        { IsRecalled: true } => this[said.RecalledBy == said.AuthorId ? "Message recalled" : "Message recalled by an administrator"],
        _ => Kind.Of(said).Line(said, this),
    });

    /// <summary>One drawing of <c>wwwroot/icons.svg</c>.</summary>
    public IBufferWriter<byte> Icon(IBufferWriter<byte> html, string name, string classes = "icon") => icons.Write(html, name, classes);

    /// <summary>"Ann joined", with the name leading to the person.</summary>
    public void WriteNote(IBufferWriter<byte> html, StoredMessage note)
    {
        var (name, word) = NoteSentences.Read(note.Body);
        foreach (var (isValue, text) in NoteSentences.Parts(notes.GetValueOrDefault(name, name)))
        {
            if (!isValue)
                html.Text(text);
            else if (text is "0")
                html.Raw("<a href=\"/people/"u8).Text(note.Account).Raw("\"><bdi>"u8).Text(NameOf(note)).Raw("</bdi></a>"u8);
            else
                html.Raw("<bdi>"u8).Text(word).Raw("</bdi>"u8);
        }
    }

    /// <summary>The same as plain text, for lists.</summary>
    public string Describe(string body, string nickname) => NoteSentences.Describe(notes, body, nickname);

    private T Speaking<T>(Func<T> look)
    {
        var before = CultureInfo.CurrentUICulture;
        try
        {
            CultureInfo.CurrentUICulture = language;
            return look();
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }
}
