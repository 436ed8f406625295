using WebChat.Contacts;
using WebChat.Live;
using WebChat.Storage;

namespace WebChat.Rooms;

/// <summary>
/// Tells a new socket how its user's lists stand. A page was rendered a moment before its socket opened: what changed in
/// between would else be missing from it until the next change.
/// </summary>
internal sealed partial class ListSnapshot(ReadStore reads, ContactStore contacts, Connections connections, ILogger<ListSnapshot> logger)
{
    public void Follow() => connections.Connected += connection => _ = TellAsync(connection);

    private async Task TellAsync(Connection connection)
    {
        try
        {
            var userId = connection.Reader.UserId;
            var counts = await reads.CountAsync(userId);
            var requests = await contacts.CountRequestsAsync(userId);
            connection.Send(Frame.Json(json =>
            {
                json.WriteStartObject("lists");
                json.WriteNumber("changes", counts.Changes);
                json.WriteNumber("levels", counts.Levels);
                json.WriteNumber("asked", counts.Asked);
                json.WriteNumber("unread", counts.Unread);
                json.WriteNumber("requests", requests);
                json.WriteEndObject();
            }));
        }
        catch (StorageUnavailableException)
        {
            Log.NotTold(logger);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "A new socket could not be told how its lists stand")]
        public static partial void NotTold(ILogger logger);
    }
}
