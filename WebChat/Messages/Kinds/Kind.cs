using System.Buffers;
using System.Data.Common;
using System.Text.Json;
using WebChat.Messages.Formatting;
using WebChat.Rooms;

namespace WebChat.Messages.Kinds;

/// <summary>
/// A kind of message: how its bubble looks, and what it is in a line. What it carries beside its words is a record, stored as
/// JSON in <see cref="Said.Content"/>. A new kind is a class here, in <see cref="All"/>, and whatever page it is made on.
/// </summary>
internal abstract class Kind
{
    private static readonly Dictionary<int, Kind> ByNumber = All().ToDictionary(kind => kind.Number);

    /// <summary>As stored. Never changed, never used again.</summary>
    public abstract int Number { get; }

    /// <summary>As programs call it.</summary>
    public abstract string Name { get; }

    /// <summary>True where its author may write the words anew.</summary>
    public virtual bool HasWords => false;

    /// <summary>Why these words cannot be its words, or null: a key of <see cref="Texts"/>.</summary>
    public virtual string? Problem(string words) => MessageRules.Problem(words);

    /// <summary>What it carries where its words name these.</summary>
    public virtual string? Naming(string? content, Mentioned named) => content;

    /// <summary>Whom its words name.</summary>
    public virtual Mentioned Calls(Said said) => Mentioned.Nobody;

    /// <summary>What stays of what it carries when its words are written anew; the rows of the rest go in the same transaction.</summary>
    public virtual Task<string?> RewordAsync(DbConnection connection, StoredMessage message) => Task.FromResult(message.Content);

    /// <summary>What a message is; one of a kind that is not known any more is taken for its words.</summary>
    public static Kind Of(Said said) => ByNumber.GetValueOrDefault(said.Kind) ?? ByNumber[MessageKind.Text];

    /// <summary>The kind of that name, or null.</summary>
    public static Kind? Named(string name) => ByNumber.Values.FirstOrDefault(kind => string.Equals(kind.Name, name, StringComparison.Ordinal));

    /// <summary>The classes of the bubble, as <c>message.css</c> knows them.</summary>
    public virtual string Bubble(StoredMessage message) => "bubble";

    /// <summary>Writes what stands in the bubble: the same bytes for everybody who reads this language.</summary>
    public abstract void Write(IBufferWriter<byte> html, StoredMessage message, MessageWords words);

    /// <summary>The same on the page of somebody, with what is theirs marked as a script of that page would mark it.</summary>
    public virtual void Write(IBufferWriter<byte> html, StoredMessage message, MessageWords words, Viewer? viewer) => Write(html, message, words);

    /// <summary>The message in one line of plain text, for lists, quotes and notices. It may be long: who shows it cuts it.</summary>
    public abstract string Line(Said said, MessageWords words);

    /// <summary>What programs are told in place of its looks: the author's own words where it is nothing else, or its line.</summary>
    public virtual string Text(StoredMessage message, MessageWords words) => Line(message, words);

    /// <summary>As programs call this one.</summary>
    public virtual string NameOf(StoredMessage message) => Name;

    /// <summary>Writes for programs what it carries beside its words: properties of the object that is open.</summary>
    public virtual void Tell(Utf8JsonWriter json, StoredMessage message)
    {
        // Most are words, or nothing that a program could use.
    }

    /// <summary>What it is found by, and what is shown of it then: plain words of somebody's, none of ours.</summary>
    public virtual string Words(Said said) => said.Body;

    /// <summary>False where taking it back would take what others have already.</summary>
    public virtual bool IsRecallable => true;

    /// <summary>The message once its author has left and wanted nothing to stay.</summary>
    public virtual StoredMessage WithoutAuthor(StoredMessage message, long now) =>
        message with { Body = "", Content = null, Digest = null, Reactions = null, PinnedAt = null, RecalledAt = now, RecalledBy = message.AuthorId };

    /// <summary>Removes the rows that belong to a message that is taken back, in the same transaction.</summary>
    public virtual Task ForgetAsync(DbConnection connection, StoredMessage message) => Task.CompletedTask;

    private static IEnumerable<Kind> All() =>
    [
        new TextKind(),
        new NoteKind(),
        new PictureKind(),
        new VideoKind(),
        new VoiceKind(),
        new AudioKind(),
        new FileKind(),
        new ContactKind(),
        new NewsKind(),
        new Lucky.LuckyKind(),
        new Stickers.StickerKind(),
        new CustomKind(),
    ];
}
