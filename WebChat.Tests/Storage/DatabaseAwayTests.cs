using System.Data.Common;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using WebChat.Accounts;
using WebChat.Live;
using WebChat.Messages;
using WebChat.Rooms;
using WebChat.Storage;

namespace WebChat.Tests.Storage;

public sealed class DatabaseAwayTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task A_server_whose_name_nobody_knows_is_not_available_and_nothing_else()
    {
        await using var database = new PostgresDatabase(new StorageOptions { Postgres = "Host=no-such-host.invalid;Username=webchat;Timeout=1" }, NullLogger<Database>.Instance);

        await Assert.ThrowsAsync<StorageUnavailableException>(() => database.ReadAsync(c => c.ExecuteScalarAsync<int>("SELECT 1")));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => database.ExecuteAsync("SELECT 1", new { }));
    }

    [Fact]
    public async Task A_dead_connection_is_tried_again_and_a_server_that_did_not_answer_is_not()
    {
        await using var dead = new MadDatabase { Says = new System.Net.Sockets.SocketException(), Tries = 3 };
        await using var silent = new MadDatabase { Says = new TimeoutException(), Tries = 3 };

        await Assert.ThrowsAsync<StorageUnavailableException>(() => dead.ReadAsync(c => c.ExecuteScalarAsync<int>("SELECT 1")));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => silent.ReadAsync(c => c.ExecuteScalarAsync<int>("SELECT 1")));

        Assert.Equal((3, 1), (dead.Asked, silent.Asked));
    }

    [Fact]
    public async Task A_connection_that_broke_before_it_was_used_is_not_available_and_a_mistake_is_a_mistake()
    {
        await using var database = new MadDatabase { Says = null };

        await Assert.ThrowsAsync<StorageUnavailableException>(() => database.ReadAsync<int>(c =>
        {
            c.Close();
            throw new InvalidOperationException("Connection is not open");
        }));
        await Assert.ThrowsAsync<InvalidOperationException>(() => database.ReadAsync<int>(_ => throw new InvalidOperationException("Sequence contains no elements")));
    }

    [Fact]
    public async Task Who_watches_goes_on_whatever_the_database_says()
    {
        await using var database = new MadDatabase();
        using var line = new Connection(Stream.Null, () => { }, app.Get<Topics>(), TimeProvider.System, new Reader { UserId = 1, Name = "", SessionId = "s", Language = "en" });
        var connections = new Connections(app.Get<Topics>(), new Relay(new OneNode()), new Roster(), TimeProvider.System);
        connections.Add(line, 0);
        line.Subscribe(7);
        var messages = new MessageStore(database, new RoomLog(database), new RoomFeed());
        using var heads = new RoomHeads(messages, connections, new OneNode(), app.Get<System.Collections.Frozen.FrozenDictionary<string, MessageWords>>(), new QuickClock(), NullLogger<RoomHeads>.Instance);
        using var rights = new RightsWatch(connections, new MemberStore(database, new RoomNotes(database, new RoomLog(database)), TimeProvider.System), new QuickClock(), NullLogger<RightsWatch>.Instance);
        using var sessions = new SessionWatch(connections, new SessionStore(database, TimeProvider.System), new OneNode(), new QuickClock(), NullLogger<SessionWatch>.Instance);

        foreach (var watch in new Microsoft.Extensions.Hosting.BackgroundService[] { heads, rights, sessions })
        {
            var before = database.Asked;
            await watch.StartAsync(CancellationToken.None);
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            for (var rev = 1; database.Asked < before + 3; rev++)
            {
                Assert.False(watch.ExecuteTask!.IsCompleted, $"{watch.GetType().Name} ended: {watch.ExecuteTask.Exception}");
                heads.Touch(new StoredMessage { Room = 7, Seq = rev, Rev = rev, AuthorId = 1, Account = "x", Nickname = "x", Kind = MessageKind.Text, Body = "x", ClientId = "x", CreatedAt = 1 });
                await Task.Delay(10, limit.Token);
            }
            await watch.StopAsync(CancellationToken.None);
        }
    }

    /// <summary>Says what nobody has thought of.</summary>
    private sealed class MadDatabase() : Database(NullLogger.Instance)
    {
        private int asked;

        public int Asked => Volatile.Read(ref asked);

        public Exception? Says { get; init; } = new InvalidOperationException("something else altogether");

        public int Tries { get; init; } = 1;

        protected override int ReadTries => Tries;

        protected override WriteLane Lane => GroupLane();

        public override Task OpenAsync() => Task.CompletedTask;

        public override string In(string column, string parameter) => column;
        public override string Begins(string column, string parameter) => throw new NotSupportedException();

        public override string Table(string parameter, params (string Name, string Type)[] columns) => parameter;

        public override string ForUpdate(string table) => "";

        public override string Size => "SELECT 0";

        public override ValueTask DisposeAsync() => default;

        protected override WriteLane GroupLane() =>
            new(new WriteLaneOptions { ConnectAsync = ConnectAsync, Begin = "", IsPassing = IsPassing, IsRemote = true }, NullLogger.Instance);

        protected override Task<DbConnection> ConnectAsync()
        {
            Interlocked.Increment(ref asked);
            return Says is null ? Task.FromResult<DbConnection>(new ScriptedConnection(_ => { })) : Task.FromException<DbConnection>(Says);
        }

        protected internal override bool IsPassing(Exception error) => error is System.Net.Sockets.SocketException or TimeoutException;
    }

    /// <summary>Its timers do not wait.</summary>
    private sealed class QuickClock : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, TimeSpan.FromMilliseconds(5), period == Timeout.InfiniteTimeSpan ? period : TimeSpan.FromMilliseconds(5));
    }
}
