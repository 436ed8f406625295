using System.Collections.Concurrent;

namespace WebChat.Live;

/// <summary>
/// Every open socket, by user: those of this node itself, those of others by what is told them. Tabs say that their user is online
/// and get what is said to people; programs are only found where a right to listen ends. Knows no feature.
/// </summary>
internal sealed class Connections
{
    /// <summary>How long a user may be without a socket before they count as gone: a page that follows a link takes less.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<long, Presence> users = new();
    private readonly ConcurrentDictionary<long, Connection[]> programs = new(); // written with the gate held
    private readonly Lock gate = new();
    private volatile bool isClosing;
    private readonly Topics topics;
    private readonly Relay relay;
    private readonly Roster roster;
    private readonly TimeProvider clock;

    public Connections(Topics topics, Relay relay, Roster roster, TimeProvider clock)
    {
        this.topics = topics;
        this.relay = relay;
        this.roster = roster;
        this.clock = clock;
        relay.Heard += Hear;
    }

    /// <summary>A user's first socket opened, and it was here. Raised once until <see cref="WentOffline"/>; handlers are quick.</summary>
    public event Action<long>? CameOnline;

    /// <summary>A user's last socket, which was here, has been closed for <see cref="Grace"/>, or they signed out.</summary>
    public event Action<long>? WentOffline;

    /// <summary>A page's socket opened: the moment to send it a snapshot of what it cannot know.</summary>
    public event Action<Connection>? Connected;

    /// <summary>A page's socket is closed.</summary>
    public event Action<Connection>? Disconnected;

    /// <summary>Any socket is among those that are found when a right ends.</summary>
    public event Action<Connection>? Added;

    /// <summary>True while the user has a socket open, or had one within <see cref="Grace"/>, at any node.</summary>
    public bool IsOnline(long userId) => users.ContainsKey(userId) || roster.IsElsewhere(userId);

    /// <summary>True while a page of this session is open at this node.</summary>
    public bool IsOpen(long userId, string sessionId) => Array.Exists(Tabs(userId), tab => string.Equals(tab.Reader.SessionId, sessionId, StringComparison.Ordinal));

    /// <summary>The users who are online at any node, in no order.</summary>
    public IEnumerable<long> Online => users.Keys.Union(roster.Elsewhere);

    /// <summary>The users who are online at this node.</summary>
    public IReadOnlyCollection<long> OnlineHere => (IReadOnlyCollection<long>)users.Keys;

    /// <summary>Every open socket.</summary>
    public IEnumerable<Connection> All => Pages.Concat(Programs);

    /// <summary>Every socket of a page.</summary>
    public IEnumerable<Connection> Pages => users.Values.SelectMany(u => u.Tabs);

    /// <summary>Every socket of a program.</summary>
    public IEnumerable<Connection> Programs => programs.Values.SelectMany(p => p);

    /// <summary>Takes a new socket in. Beyond <paramref name="most"/> tabs of one user, or as many programs, the oldest is closed with 4408; 0 is no limit.</summary>
    public void Add(Connection connection, int most)
    {
        var (oldest, first) = connection.Reader.IsProgram ? (AddProgram(connection, most), false) : AddTab(connection, most);
        oldest?.Close(CloseCode.TooManySockets, "too many tabs");
        Added?.Invoke(connection);
        if (!connection.Reader.IsProgram)
            Connected?.Invoke(connection);
        if (first)
            _ = ArriveAsync(connection.Reader.UserId);
        if (isClosing) // its handshake was under way when all others were closed
            connection.Close(CloseCode.ShuttingDown, "shutting down");
    }

    private (Connection? Oldest, bool IsFirst) AddTab(Connection connection, int most)
    {
        while (true)
        {
            Connection? oldest = null;
            var user = users.GetOrAdd(connection.Reader.UserId, static _ => new Presence());
            lock (user)
            {
                if (user.IsGone)
                    continue;
                var first = !user.IsAnnounced;
                user.IsAnnounced = true;
                user.Leaving?.Dispose();
                user.Leaving = null;
                if (most > 0 && user.Tabs.Length >= most)
                {
                    oldest = user.Tabs[0];
                    user.Tabs = user.Tabs[1..];
                }
                user.Tabs = [.. user.Tabs, connection];
                return (oldest, first);
            }
        }
    }

    private Connection? AddProgram(Connection connection, int most)
    {
        lock (gate)
        {
            var listening = ProgramsOf(connection.Reader.UserId);
            var oldest = most > 0 && listening.Length >= most ? listening[0] : null;
            programs[connection.Reader.UserId] = [.. listening.Skip(oldest is null ? 0 : 1), connection];
            return oldest;
        }
    }

    /// <summary>Lets a closed socket go. The user counts as gone after <see cref="Grace"/>, if no other comes.</summary>
    public void Remove(Connection connection)
    {
        var userId = connection.Reader.UserId;
        if (connection.Reader.IsProgram)
        {
            RemoveProgram(connection);
            return;
        }
        if (users.TryGetValue(userId, out var user))
            Remove(connection, user);
        Disconnected?.Invoke(connection);
    }

    private void Remove(Connection connection, Presence user)
    {
        lock (user)
        {
            user.Tabs = Array.FindAll(user.Tabs, t => t != connection);
            if (user.Tabs.Length == 0 && !user.IsGone)
            {
                user.Leaving?.Dispose();
                user.Leaving = clock.CreateTimer(_ => Leave(connection.Reader.UserId, user), null, Grace, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void RemoveProgram(Connection connection)
    {
        lock (gate)
        {
            var userId = connection.Reader.UserId;
            var rest = Array.FindAll(ProgramsOf(userId), p => p != connection);
            if (rest.Length > 0)
                programs[userId] = rest;
            else
                programs.TryRemove(userId, out _);
        }
    }

    /// <summary>Puts one framed message into every tab of the user.</summary>
    public void Send(long userId, ReadOnlyMemory<byte> frame)
    {
        SendHere(userId, frame);
        relay.Tell(new Word { Kind = WordKind.Send, User = userId, Frame = frame.ToArray() });
    }

    /// <summary>Puts one framed message into every tab of these users: one word to the other nodes, however many they are.</summary>
    public void Send(IEnumerable<long> users, ReadOnlyMemory<byte> frame)
    {
        var online = users.Where(IsOnline).ToList();
        if (online.Count > 0)
            Everywhere(new Word { Kind = WordKind.Send, Users = online, Frame = frame.ToArray() });
    }

    /// <summary>
    /// The same for users who may have come this moment: another node's newcomers are heard of a little later, and of two friends who come
    /// at once one would not learn of the other. For few users, since those who are away are named too.
    /// </summary>
    public void SendToNewcomersToo(IReadOnlyCollection<long> users, ReadOnlyMemory<byte> frame)
    {
        if (users.Count > 0)
            Everywhere(new Word { Kind = WordKind.Send, Users = users, Frame = frame.ToArray() });
    }

    /// <summary>Puts one framed message into every tab of everybody.</summary>
    public void SendToAll(ReadOnlyMemory<byte> frame) => Everywhere(new Word { Kind = WordKind.SendToAll, Frame = frame.ToArray() });

    /// <summary>Puts a frame into those of the user's tabs at this node that are meant: each gets the one of its language.</summary>
    public void SendHere(long userId, Func<Connection, bool> isMeant, Func<string, ReadOnlyMemory<byte>> frameOf)
    {
        foreach (var tab in Tabs(userId).Where(isMeant))
            tab.Send(frameOf(tab.Reader.Language));
    }

    /// <summary>Tells every tab of the user that a list they may show has changed: <c>{"changed":"rooms"}</c>.</summary>
    public void Changed(long userId, string list)
    {
        if (IsOnline(userId))
            Send(userId, ChangedFrame(list));
    }

    /// <inheritdoc cref="Changed(long, string)"/>
    public void Changed(IEnumerable<long> users, string list) => Send(users, ChangedFrame(list));

    /// <summary>Closes the sockets of one signed-out session with 4401, at once.</summary>
    public void EndSession(long userId, string sessionId) => Everywhere(new Word { Kind = WordKind.EndSession, User = userId, Session = sessionId });

    /// <summary>Closes every socket of the user with 4401, but those of <paramref name="exceptSession"/>.</summary>
    public void EndUser(long userId, string? exceptSession = null) => Everywhere(new Word { Kind = WordKind.EndUser, User = userId, Session = exceptSession });

    /// <summary>Shows something to all who have a room open, such as who is typing: kept nowhere, lost without harm.</summary>
    public void Hint(long room, ReadOnlyMemory<byte> frame) => Everywhere(new Word { Kind = WordKind.Hint, Room = room, Frame = frame.ToArray() });

    /// <summary>Ends the feed of a room in every tab of a user who may not read it any more.</summary>
    public void CloseRoom(long userId, long room) => Everywhere(new Word { Kind = WordKind.CloseRoom, User = userId, Room = room });

    /// <summary>Ends the feed of a room for everybody: it is gone.</summary>
    public void CloseRoom(long room) => CloseRoom(userId: 0, room);

    /// <summary>Ends the feed of a room in the user's tabs and programs at this node.</summary>
    public void CloseRoomHere(long userId, long room) => CloseRoom(Lines(userId), room);

    /// <summary>Says 1001 to every socket, and to every one that still comes: the node is going down, and others take its readers.</summary>
    public void CloseAll()
    {
        isClosing = true;
        foreach (var connection in All)
            connection.Close(CloseCode.ShuttingDown, "shutting down");
    }

    /// <summary>A user of a node that died: nobody else has said that they went.</summary>
    public void SaySomebodyLeft(long userId)
    {
        if (!users.ContainsKey(userId))
            WentOffline?.Invoke(userId);
    }

    private void Everywhere(Word word)
    {
        Hear(word);
        relay.Tell(word);
    }

    /// <summary>Does here what is to be done at every node.</summary>
    private void Hear(Word word)
    {
        switch (word.Kind)
        {
            case WordKind.Send:
                foreach (var user in word.Users ?? [word.User])
                    SendHere(user, word.Frame);
                break;
            case WordKind.SendToAll:
                foreach (var tab in Pages)
                    tab.Send(word.Frame);
                break;
            case WordKind.EndSession:
                End(word.User, tab => string.Equals(tab.Reader.SessionId, word.Session, StringComparison.Ordinal));
                break;
            case WordKind.EndUser:
                End(word.User, tab => !string.Equals(tab.Reader.SessionId, word.Session, StringComparison.Ordinal));
                break;
            case WordKind.CloseRoom:
                CloseRoom(word.User == 0 ? All : Lines(word.User), word.Room);
                break;
            case WordKind.Hint:
                topics.Append(word.Room, word.Frame);
                break;
            default:
                break;
        }
    }

    private void SendHere(long userId, ReadOnlyMemory<byte> frame)
    {
        foreach (var tab in Tabs(userId))
            tab.Send(frame);
    }

    private static ReadOnlyMemory<byte> ChangedFrame(string list) => Frame.Json(json => json.WriteString("changed", list));

    private async Task ArriveAsync(long userId)
    {
        if (await roster.ArriveAsync(userId))
            CameOnline?.Invoke(userId);
    }

    private async Task DepartAsync(long userId)
    {
        if (await roster.LeaveAsync(userId))
            WentOffline?.Invoke(userId);
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
        foreach (var program in ProgramsOf(userId).Where(isMeant))
            program.Close(CloseCode.SignIn, "sign in");
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
        _ = DepartAsync(userId);
    }

    private Connection[] Tabs(long userId) => users.TryGetValue(userId, out var user) ? user.Tabs : [];

    private Connection[] ProgramsOf(long userId) => programs.GetValueOrDefault(userId) ?? [];

    private IEnumerable<Connection> Lines(long userId) => Tabs(userId).Concat(ProgramsOf(userId));

    private sealed class Presence
    {
        public Connection[] Tabs { get => Volatile.Read(ref field); set => Volatile.Write(ref field, value); } = [];
        public ITimer? Leaving { get; set; }
        public bool IsAnnounced { get; set; }
        public bool IsGone { get; set; }
    }
}
