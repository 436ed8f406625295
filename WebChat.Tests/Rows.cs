using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using WebChat.Contacts;
using WebChat.Live;
using WebChat.Messages;
using WebChat.Messages.Formatting;
using WebChat.Messages.Search;
using WebChat.Rooms;
using WebChat.Storage;
using WebChat.Tests.Servers;
using WebChat.Tests.Storage;

namespace WebChat.Tests;

/// <summary>What holds the rows.</summary>
public enum Engine
{
    Sqlite,
    Postgres,
}

/// <summary>The stores over a database of their own, without the app around them.</summary>
public sealed class Rows(Engine engine) : IAsyncLifetime
{
    private RoomLog log = null!;
    private StorageOptions options = null!;
    private readonly string data = Directory.CreateTempSubdirectory("webchat-rows-").FullName;

    internal Database Database { get; private set; } = null!;
    internal RoomStore Rooms { get; private set; } = null!;
    internal MemberStore Members { get; private set; } = null!;
    internal MemberDeedStore Deeds { get; private set; } = null!;
    internal ReadStore Reads { get; private set; } = null!;
    internal RequestStore Requests { get; private set; } = null!;
    internal InviteStore Invites { get; private set; } = null!;
    internal RoomNotes RoomNotes { get; private set; } = null!;
    internal ContactStore Contacts { get; private set; } = null!;

    internal MessageStore Messages { get; private set; } = null!;
    internal ChangeStore Changes { get; private set; } = null!;
    internal SearchIndex Index { get; private set; } = null!;
    internal SearchStore Search { get; private set; } = null!;
    internal RoomFeed Feed { get; } = new();

    /// <summary>Every note that was committed, in order.</summary>
    internal List<StoredMessage> Notes { get; } = [];

    public async Task InitializeAsync() =>
        await OpenAsync(new StorageOptions { Data = data, Postgres = engine == Engine.Postgres ? await (await PostgresServer.SharedAsync()).NewDatabaseAsync() : null });

    /// <summary>The same rows as another node sees them; with SQLite, which is one process's, the same node.</summary>
    internal async Task<Rows> OtherNodeAsync()
    {
        var other = new Rows(engine);
        if (engine == Engine.Sqlite)
            return this;
        await other.OpenAsync(options);
        return other;
    }

    /// <summary>Ends what holds the rows, and begins again over the same ones.</summary>
    internal async Task StartAgainAsync()
    {
        await Database.DisposeAsync();
        await OpenAsync(options);
    }

    private async Task OpenAsync(StorageOptions storage)
    {
        options = storage;
        Database = storage.Postgres is null ? new OverheardDatabase(storage, NullLogger<Database>.Instance) : new PostgresDatabase(storage, NullLogger<Database>.Instance);
        await Database.OpenAsync();
        var hooks = new ContactHooks();
        log = new RoomLog(Database);
        new DirectRooms(log, new RoomFeed(), new Connections(new Topics(), new Relay(new OneNode()), new Roster(), TimeProvider.System), TimeProvider.System).Follow(hooks);
        Messages = new MessageStore(Database, log, Feed);
        Index = new SearchIndex(Database, log);
        Search = new SearchStore(Database);
        RoomNotes = new RoomNotes(Database, log);
        Changes = new ChangeStore(Database, log, RoomNotes, Feed, Index, TimeProvider.System);
        Rooms = new RoomStore(Database, RoomNotes, TimeProvider.System);
        Members = new MemberStore(Database, RoomNotes, TimeProvider.System);
        Deeds = new MemberDeedStore(RoomNotes, TimeProvider.System);
        Reads = new ReadStore(Database);
        Requests = new RequestStore(Database, RoomNotes, TimeProvider.System);
        Invites = new InviteStore(Database, RoomNotes, TimeProvider.System);
        Contacts = new ContactStore(Database, hooks, TimeProvider.System);
    }

    /// <summary>Whatever a test did, what is kept beside the rows, to be quick, is what the rows say.</summary>
    public async Task DisposeAsync()
    {
        var miscounted = (await Database.ReadAsync(c => c.QueryAsync<long>(
            "SELECT r.number FROM rooms r WHERE r.people <> (SELECT count(*) FROM members m JOIN users u ON u.id = m.user_id AND u.is_bot = 0 WHERE m.room = r.number)"))).AsList();
        await Database.DisposeAsync();
        Directory.Delete(data, recursive: true);
        Assert.Empty(miscounted);
    }

    /// <summary>A new user with this account, in the lobby like everybody.</summary>
    internal Task<long> UserAsync(string account, string? nickname = null) =>
        Database.WriteAsync(async c =>
        {
            var id = await c.ExecuteScalarAsync<long>(
                """
                INSERT INTO users (account, account_key, email, email_key, password_hash, stamp, nickname, nickname_key, seen_at, created_at, updated_at)
                VALUES (@account, @key, @account, @key, '', '', @nickname, @nicknameKey, 1, 1, 1) RETURNING id
                """, new { account, key = account.ToUpperInvariant(), nickname = nickname ?? account, nicknameKey = (nickname ?? account).ToLowerInvariant() });
            await Lobby.JoinAsync(c, id, 1);
            return id;
        });

    internal async Task<long> GroupAsync(long owner, string name = "Walkers", int most = 0) =>
        (await Rooms.CreateGroupAsync(owner, name, "", null, most, Notes.Add))!.Value;

    internal Task<JoinOutcome> JoinAsync(long room, long user, int most = 0) => Members.JoinAsync(room, user, "", most, Notes.Add);

    /// <summary>A text by a member, as the composer would store it.</summary>
    internal async Task<StoredMessage?> SayAsync(long room, long user, string body, string? clientId = null) =>
        (await Messages.PostAsync(new NewPost(user, room, body, clientId ?? Guid.NewGuid().ToString("N"), TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()) { Calls = Mentions.Find(body) })).Message;

    /// <summary>Makes friends of two.</summary>
    /// <returns>The number of their room.</returns>
    internal async Task<long> BefriendAsync((long Id, string Account) one, (long Id, string Account) other)
    {
        Assert.Equal(RequestOutcome.Sent, await Contacts.RequestAsync(one.Id, other.Account, ""));
        Assert.True(await Contacts.AcceptAsync(other.Id, one.Account));
        return (await Rooms.FindDirectAsync(one.Id, other.Account))!.Value;
    }
}
