using System.Buffers;
using WebChat.Rooms;

namespace WebChat.Messages.Kinds;

/// <summary>Something that happened in the room.</summary>
internal sealed class NoteKind : Kind
{
    public override int Number => MessageKind.Note;

    public override string Name => "note";

    public override void Write(IBufferWriter<byte> html, StoredMessage message, MessageWords words) => words.WriteNote(html, message);

    public override string Line(Said said, MessageWords words) => words.Describe(said.Body, words.NameOf(said));
}
