using WebChat.Contacts;
using WebChat.Live;
using WebChat.Storage;

namespace WebChat.Presence;

/// <summary>
/// Tells friends who comes and goes: <c>{"here":{"user":7,"on":true}}</c>, and to a new tab all who are here,
/// <c>{"online":[7,9]}</c>. One who has blocked a friend looks gone to them.
/// </summary>
internal sealed partial class Comings(Connections connections, ContactStore contacts, ILogger<Comings> logger)
{
    /// <summary>Makes this follow the sockets and the friendships.</summary>
    public void Follow(ContactHooks hooks)
    {
        connections.Connected += connection => Run(() => ShowAsync(connection));
        connections.CameOnline += userId => Run(() => TellAsync(userId));
        connections.WentOffline += userId => Run(() => LeaveAsync(userId));
        hooks.Befriended.Add((_, one, other) => After(() => Run(() => Task.WhenAll(TellAsync(one), TellAsync(other)))));
        hooks.Parted.Add((_, one, other) => After(() =>
        {
            Tell(one, other, isHere: false);
            Tell(other, one, isHere: false);
        }));
        hooks.Blocked.Add((_, one, other) => After(() => Tell(other, one, isHere: false)));
        hooks.Unblocked.Add((_, one, _) => After(() => Run(() => TellAsync(one))));
    }

    private async Task ShowAsync(Connection connection)
    {
        var here = (await contacts.WatchedAsync(connection.Reader.UserId)).Where(connections.IsOnline);
        connection.Send(Frame.Json(json =>
        {
            json.WriteStartArray("online");
            foreach (var friend in here)
                json.WriteNumberValue(friend);
            json.WriteEndArray();
        }));
    }

    /// <summary>Says what is so at the moment of saying: two of these that overtake each other end alike.</summary>
    private async Task TellAsync(long userId)
    {
        var watchers = await contacts.WatchersAsync(userId);
        connections.SendToNewcomersToo(watchers, Here(userId, connections.IsOnline(userId)));
    }

    private async Task LeaveAsync(long userId)
    {
        await contacts.NoteSeenAsync(userId);
        await TellAsync(userId);
    }

    private void Tell(long watcher, long userId, bool isHere)
    {
        if (connections.IsOnline(watcher))
            connections.Send(watcher, Here(userId, isHere));
    }

    private static ReadOnlyMemory<byte> Here(long userId, bool isHere) => Frame.Json(json =>
    {
        json.WriteStartObject("here");
        json.WriteNumber("user", userId);
        json.WriteBoolean("on", isHere);
        json.WriteEndObject();
    });

    private static Task<Action> After(Action action) => Task.FromResult(action);

    /// <summary>The sockets do not wait for this, and a database that is away for a while costs no more than a dot on a face.</summary>
    private void Run(Func<Task> tell) => _ = Task.Run(async () =>
    {
        try
        {
            await tell();
        }
        catch (StorageUnavailableException error)
        {
            Log.NotTold(logger, error);
        }
    });

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Friends could not be told who came or went")]
        public static partial void NotTold(ILogger logger, Exception error);
    }
}
