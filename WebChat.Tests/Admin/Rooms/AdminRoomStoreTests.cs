using Dapper;
using WebChat.Admin.Audit;
using WebChat.Admin.Rooms;
using WebChat.Rooms;
using WebChat.Tests.Accounts;

namespace WebChat.Tests.Admin.Rooms;

public sealed class AdminRoomStoreOnSqlite() : AdminRoomStoreTests(Engine.Sqlite);

public sealed class AdminRoomStoreOnPostgres() : AdminRoomStoreTests(Engine.Postgres);

public abstract class AdminRoomStoreTests(Engine engine) : IAsyncLifetime
{
    private readonly Rows rows = new(engine);
    private readonly TestClock clock = new();
    private AdminRoomStore store = null!;
    private AuditStore audit = null!;
    private long ann, ben;

    public async Task InitializeAsync()
    {
        await rows.InitializeAsync();
        store = new AdminRoomStore(rows.Database, clock);
        audit = new AuditStore(rows.Database, clock);
        (ann, ben) = (await rows.UserAsync("ann"), await rows.UserAsync("ben"));
        await rows.Database.ExecuteAsync("UPDATE users SET is_admin = 1 WHERE id = @ann", new { ann });
    }

    public Task DisposeAsync() => rows.DisposeAsync();

    [Fact]
    public async Task Pages_are_disjoint_and_whole_in_every_order_also_where_rooms_are_alike()
    {
        for (var i = 0; i < 120; i++)
        {
            var number = await rows.GroupAsync(ben, $"Same {i % 3}");
            await rows.Database.ExecuteAsync("UPDATE rooms SET created_at = @at, last_at = @at, seq = @at WHERE number = @number", new { number, at = i % 4 });
        }
        foreach (var order in Enum.GetValues<RoomOrder>())
        {
            foreach (var isReversed in new[] { false, true })
            {
                foreach (var sought in new[] { "", "same" })
                {
                    var seen = new List<ListedRoom>();
                    for (RoomKey? after = null; ;)
                    {
                        var page = await store.ListAsync(sought, order, isReversed, after);
                        seen.AddRange(page.Rooms);
                        Assert.Equal(sought.Length == 0 ? 121 : 120, page.Count);
                        if (!page.HasMore)
                            break;
                        after = AdminRoomStore.KeyOf(seen[^1], order);
                    }
                    Assert.Equal(sought.Length == 0 ? 121 : 120, seen.Select(r => r.Number).Distinct().Count()); // with the lobby
                    Assert.Equal(seen.Count, seen.Select(r => r.Number).Distinct().Count());
                    Func<ListedRoom, IComparable> key = order switch { RoomOrder.Name => r => r.NameKey, RoomOrder.Messages => r => r.Messages, RoomOrder.Members => r => r.Members, RoomOrder.Last => r => r.LastAt, _ => r => r.CreatedAt };
                    var expected = (order == RoomOrder.Name) != isReversed ? seen.OrderBy(key) : seen.OrderByDescending(key);
                    Assert.Equal(expected.Select(key), seen.Select(key));
                }
            }
        }
    }

    [Theory]
    [InlineData("walk", true)]
    [InlineData("ALK", true)]
    [InlineData("100%", true)]
    [InlineData("1_0", false)]
    [InlineData("'", false)]
    public async Task Groups_are_found_by_what_stands_in_their_name_to_the_letter(string sought, bool isFound)
    {
        await rows.GroupAsync(ben, "100% Walkers");
        await rows.GroupAsync(ben, "Others");

        Assert.Equal(isFound ? 1 : 0, (await store.ListAsync(sought, RoomOrder.Created, isReversed: false, null)).Count);
    }

    [Fact]
    public async Task A_conversation_of_two_is_listed_nowhere_and_found_by_its_number_and_a_closed_room_not_at_all()
    {
        var direct = await rows.BefriendAsync((ann, "ann"), (ben, "ben"));
        var group = await rows.GroupAsync(ben);
        var closed = await rows.GroupAsync(ben, "Closed");
        await rows.Rooms.DissolveAsync(closed, ben);

        Assert.Equal([group], (await store.ListAsync("", RoomOrder.Created, false, null)).Rooms.Where(r => r.Kind != RoomKind.Lobby).Select(r => r.Number));
        Assert.Equal(direct, Assert.Single((await store.ListAsync($"{direct}", RoomOrder.Created, false, null)).Rooms).Number);
        Assert.Empty((await store.ListAsync($"{closed}", RoomOrder.Created, false, null)).Rooms);
        Assert.Null(await store.FindAsync(closed));
        var all = new List<long>();
        await foreach (var room in store.AllAsync(CancellationToken.None))
            all.Add(room.Number);
        Assert.Equal(2, all.Count);
        Assert.DoesNotContain(direct, all);
    }

    [Fact]
    public async Task One_room_says_who_leads_it_who_is_in_it_and_what_it_holds()
    {
        var room = await rows.GroupAsync(ben, "Walkers");
        for (var i = 0; i < 60; i++)
            await rows.JoinAsync(room, await rows.UserAsync($"member{i:D2}"));
        var said = (await rows.SayAsync(room, ben, "words"))!;
        await rows.Database.ExecuteAsync(
            "INSERT INTO media (id, owner_id, room, seq, kind, name, type, bytes, small_bytes, hash, created_at) VALUES ('x', @ben, @room, @Seq, 0, '', '', 5000000000, 7, '', 1)", new { ben, room, said.Seq });

        var detail = (await store.FindAsync(room))!;
        var (first, second) = (await store.MembersAsync(room, 1), await store.MembersAsync(room, 2));

        Assert.True(detail is { Name: "Walkers", OwnerAccount: "ben", Members: 61, Files: 1, Bytes: 5_000_000_007 } && detail.Messages == said.Seq);
        Assert.Equal("ben", first[0].Account);
        Assert.Equal(AdminRoomStore.PageSize + 1, first.Count);
        Assert.Equal(61, first.Take(AdminRoomStore.PageSize).Concat(second).Select(m => m.UserId).Distinct().Count());
    }

    [Fact]
    public async Task An_administrator_ends_a_group_they_are_not_in_and_nothing_but_groups()
    {
        var room = await rows.GroupAsync(ben);
        var direct = await rows.BefriendAsync((ann, "ann"), (ben, "ben"));
        var lobby = (await store.ListAsync("", RoomOrder.Created, false, null)).Rooms.Single(r => r.Kind == RoomKind.Lobby).Number;

        Assert.Null(await store.DissolveAsync(ben, room)); // its owner, by the wrong door
        Assert.Null(await store.DissolveAsync(ann, direct));
        Assert.Null(await store.DissolveAsync(ann, lobby));
        Assert.Equal([ben], await store.DissolveAsync(ann, room));
        Assert.Null(await store.DissolveAsync(ann, room));

        Assert.Null(await rows.Rooms.FindAsync(room, ben));
        Assert.NotNull(await rows.Rooms.FindAsync(direct, ben));
        var line = Assert.Single(await audit.ListAsync(new AuditFilter(), long.MaxValue, 10));
        Assert.Equal((Act.Dissolve, room, "Walkers"), (line.Act, line.Room, line.RoomName));
    }
}
