using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using WebChat.Contacts;
using WebChat.Live;
using WebChat.Rooms;
using WebChat.Storage;

namespace WebChat.Tests;

/// <summary>The stores over a SQLite file of their own, without the app around them.</summary>
public sealed class Rows : IAsyncLifetime
{
    private readonly string data = Directory.CreateTempSubdirectory("webchat-rows-").FullName;

    internal Database Database { get; private set; } = null!;
    internal RoomStore Rooms { get; private set; } = null!;
    internal ContactStore Contacts { get; private set; } = null!;

    /// <summary>Every note that was committed, in order.</summary>
    internal List<StoredMessage> Notes { get; } = [];

    public async Task InitializeAsync()
    {
        Database = new Database(Options.Create(new StorageOptions { Data = data }), NullLogger<Database>.Instance);
        await Database.OpenAsync();
        var hooks = new ContactHooks();
        new DirectRooms(new RoomFeed(), new Connections(TimeProvider.System), TimeProvider.System).Follow(hooks);
        Rooms = new RoomStore(Database, TimeProvider.System);
        Contacts = new ContactStore(Database, hooks, TimeProvider.System);
    }

    public async Task DisposeAsync()
    {
        await Database.DisposeAsync();
        Directory.Delete(data, recursive: true);
    }

    /// <summary>A new user with this account, in the lobby like everybody.</summary>
    internal Task<long> UserAsync(string account, string? nickname = null) =>
        Database.WriteAsync(async c =>
        {
            var id = await c.ExecuteScalarAsync<long>(
                """
                INSERT INTO users (account, account_key, email, email_key, password_hash, stamp, nickname, seen_at, created_at, updated_at)
                VALUES (@account, @key, @account, @key, '', '', @nickname, 1, 1, 1) RETURNING id
                """, new { account, key = account.ToUpperInvariant(), nickname = nickname ?? account });
            await Lobby.JoinAsync(c, id, 1);
            return id;
        });

    internal async Task<long> GroupAsync(long owner, string name = "Walkers", int most = 0) =>
        (await Rooms.CreateGroupAsync(owner, name, "", null, most, Notes.Add))!.Value;

    internal Task<JoinOutcome> JoinAsync(long room, long user, int most = 0) => Rooms.JoinAsync(room, user, most, Notes.Add);

    /// <summary>A text by a member, as the composer would store it.</summary>
    internal Task<StoredMessage?> SayAsync(long room, long user, string body) =>
        Database.WriteAsync(c => RoomLog.AppendAsync(c, room, user, MessageKind.Text, body, null, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()));

    /// <summary>Makes friends of two.</summary>
    /// <returns>The number of their room.</returns>
    internal async Task<long> BefriendAsync((long Id, string Account) one, (long Id, string Account) other)
    {
        Assert.Equal(RequestOutcome.Sent, await Contacts.RequestAsync(one.Id, other.Account, ""));
        Assert.True(await Contacts.AcceptAsync(other.Id, one.Account));
        return (await Rooms.FindDirectAsync(one.Id, other.Account))!.Value;
    }
}
