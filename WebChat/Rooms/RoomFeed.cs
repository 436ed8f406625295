using System.Threading.Channels;

namespace WebChat.Rooms;

/// <summary>
/// Committed changes on their way to readers, in commit order. Use cases put them in by the <c>committed</c> callback of
/// <c>Database.WriteAsync</c>; one publisher takes them out.
/// </summary>
internal sealed class RoomFeed
{
    private readonly Channel<StoredMessage> changes = Channel.CreateUnbounded<StoredMessage>(new UnboundedChannelOptions { SingleReader = true });

    public ChannelReader<StoredMessage> Changes => changes.Reader;

    /// <summary>Hands a committed message to the publisher. Quick, never waits: the writer's queue bounds what can be here.</summary>
    public void Publish(StoredMessage message) => changes.Writer.TryWrite(message);
}
