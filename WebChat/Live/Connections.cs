using System.Collections.Concurrent;

namespace WebChat.Live;

/// <summary>Every open socket of this node, by user. Knows no feature.</summary>
internal sealed class Connections(TimeProvider clock)
{
    /// <summary>How long a user may be without a socket before they count as gone: a page that follows a link takes less.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<long, Presence> users = new();
    private volatile bool isClosing;

    /// <summary>A user's first socket opened. Raised once until <see cref="WentOffline"/>; handlers are quick.</summary>
    public event Action<long>? CameOnline;

    /// <summary>A user's last socket has been closed for <see cref="Grace"/>, or they signed out.</summary>
    public event Action<long>? WentOffline;

    /// <summary>A socket opened: the moment to send it a snapshot of what it cannot know.</summary>
    public event Action<Connection>? Connected;

    /// <summary>True while the user has a socket open, or closed the last one less than <see cref="Grace"/> ago.</summary>
    public bool IsOnline(long userId) => users.ContainsKey(userId);

    /// <summary>The users who are online, in no order.</summary>
    public IReadOnlyCollection<long> Online => (IReadOnlyCollection<long>)users.Keys;

    /// <summary>Every open socket.</summary>
    public IEnumerable<Connection> All => users.Values.SelectMany(u => u.Tabs);

    /// <summary>Takes a new socket in. Beyond <paramref name="most"/> of one user the oldest is closed with 4408; 0 is no limit.</summary>
    public void Add(Connection connection, int most)
    {
        var userId = connection.Reader.UserId;
        bool first;
        Connection? oldest = null;
        while (true)
        {
            var user = users.GetOrAdd(userId, static _ => new Presence());
            lock (user)
            {
                if (user.IsGone)
                    continue;
                first = !user.IsAnnounced;
                user.IsAnnounced = true;
                user.Leaving?.Dispose();
                user.Leaving = null;
                if (most > 0 && user.Tabs.Length >= most)
                {
                    oldest = user.Tabs[0];
                    user.Tabs = user.Tabs[1..];
                }
                user.Tabs = [.. user.Tabs, connection];
            }
            break;
        }
        oldest?.Close(CloseCode.TooManySockets, "too many tabs");
        Connected?.Invoke(connection);
        if (first)
            CameOnline?.Invoke(userId);
        if (isClosing) // its handshake was under way when all others were closed
            connection.Close(CloseCode.ShuttingDown, "shutting down");
    }

    /// <summary>Lets a closed socket go. The user counts as gone after <see cref="Grace"/>, if no other comes.</summary>
    public void Remove(Connection connection)
    {
        var userId = connection.Reader.UserId;
        if (!users.TryGetValue(userId, out var user))
            return;
        lock (user)
        {
            user.Tabs = Array.FindAll(user.Tabs, t => t != connection);
            if (user.Tabs.Length == 0 && !user.IsGone)
            {
                user.Leaving?.Dispose();
                user.Leaving = clock.CreateTimer(_ => Leave(userId, user), null, Grace, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>Puts one framed message into every tab of the user.</summary>
    public void Send(long userId, ReadOnlyMemory<byte> frame)
    {
        foreach (var tab in Tabs(userId))
            tab.Send(frame);
    }

    /// <summary>The same for frames with words: each tab gets the one of its language.</summary>
    public void Send(long userId, Func<string, ReadOnlyMemory<byte>> frameOf)
    {
        foreach (var tab in Tabs(userId))
            tab.Send(frameOf(tab.Reader.Language));
    }

    /// <summary>Tells every tab of the user that a list they may show has changed: <c>{"changed":"rooms"}</c>.</summary>
    public void Changed(long userId, string list)
    {
        if (IsOnline(userId))
            Send(userId, Frame.Json(json => json.WriteString("changed", list)));
    }

    /// <summary>Closes the sockets of one signed-out session with 4401, at once.</summary>
    public void EndSession(long userId, string sessionId) =>
        End(userId, tab => string.Equals(tab.Reader.SessionId, sessionId, StringComparison.Ordinal));

    /// <summary>Closes every socket of the user with 4401, but those of <paramref name="exceptSession"/>.</summary>
    public void EndUser(long userId, string? exceptSession = null) =>
        End(userId, tab => !string.Equals(tab.Reader.SessionId, exceptSession, StringComparison.Ordinal));

    /// <summary>Ends the feed of a room in every tab of a user who may not read it any more.</summary>
    public void CloseRoom(long userId, long room) => CloseRoom(Tabs(userId), room);

    /// <summary>Ends the feed of a room for everybody: it is gone.</summary>
    public void CloseRoom(long room) => CloseRoom(All, room);

    /// <summary>Says 1001 to every socket, and to every one that still comes: the node is going down, and others take its readers.</summary>
    public void CloseAll()
    {
        isClosing = true;
        foreach (var connection in All)
            connection.Close(CloseCode.ShuttingDown, "shutting down");
    }

    private static void CloseRoom(IEnumerable<Connection> tabs, long room)
    {
        foreach (var tab in tabs)
        {
            if (tab.Unsubscribe(room))
                tab.Send(Frame.Error("unknown-room"));
        }
    }

    private void End(long userId, Func<Connection, bool> isMeant)
    {
        if (!users.TryGetValue(userId, out var user))
            return;
        Connection[] ended;
        bool none;
        lock (user)
        {
            ended = Array.FindAll(user.Tabs, t => isMeant(t));
            user.Tabs = Array.FindAll(user.Tabs, t => !isMeant(t));
            none = user.Tabs.Length == 0;
        }
        foreach (var tab in ended)
            tab.Close(CloseCode.SignIn, "sign in");
        if (none)
            Leave(userId, user);
    }

    private void Leave(long userId, Presence user)
    {
        lock (user)
        {
            if (user.IsGone || user.Tabs.Length > 0)
                return;
            user.IsGone = true;
            user.Leaving?.Dispose();
            users.TryRemove(new KeyValuePair<long, Presence>(userId, user));
        }
        WentOffline?.Invoke(userId);
    }

    private Connection[] Tabs(long userId) => users.TryGetValue(userId, out var user) ? user.Tabs : [];

    private sealed class Presence
    {
        public Connection[] Tabs { get => Volatile.Read(ref field); set => Volatile.Write(ref field, value); } = [];
        public ITimer? Leaving { get; set; }
        public bool IsAnnounced { get; set; }
        public bool IsGone { get; set; }
    }
}
