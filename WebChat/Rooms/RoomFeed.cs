using System.Threading.Channels;

namespace WebChat.Rooms;

/// <summary>
/// Committed changes on their way to readers, in commit order. Use cases put them in by the <c>committed</c> callback of
/// <c>Database.WriteAsync</c>; one publisher takes them out.
/// </summary>
internal sealed class RoomFeed
{
    private readonly Channel<StoredMessage> changes = Channel.CreateBounded<StoredMessage>(new BoundedChannelOptions(8192) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });

    public ChannelReader<StoredMessage> Changes => changes.Reader;

    /// <summary>Hands a committed message to the publisher. Never waits: one that finds no room is found in the database by its readers.</summary>
    public void Publish(StoredMessage message) => changes.Writer.TryWrite(message);
}
