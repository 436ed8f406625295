using Dapper;
using WebChat.Contacts;
using WebChat.Rooms;

namespace WebChat.Tests.Contacts;

public sealed class ContactStoreOnSqlite() : ContactStoreTests(Engine.Sqlite);

public sealed class ContactStoreOnPostgres() : ContactStoreTests(Engine.Postgres);

public abstract class ContactStoreTests(Engine engine) : IAsyncLifetime
{
    private readonly Rows rows = new(engine);
    private long ann, ben, outsider;

    public async Task InitializeAsync()
    {
        await rows.InitializeAsync();
        ann = await rows.UserAsync("ann");
        ben = await rows.UserAsync("Ben_1", "Benedict");
        outsider = await rows.UserAsync("outsider");
    }

    public Task DisposeAsync() => rows.DisposeAsync();

    [Fact]
    public async Task A_request_is_seen_by_the_one_it_is_for_and_nobody_else()
    {
        Assert.Equal(RequestOutcome.Sent, await rows.Contacts.RequestAsync(ann, "ben_1", "It is Ann"));

        Assert.Equal("It is Ann", Assert.Single(await rows.Contacts.RequestsAsync(ben)).Message);
        Assert.Empty(await rows.Contacts.RequestsAsync(ann));
        Assert.Empty(await rows.Contacts.RequestsAsync(outsider));
        Assert.False(await rows.Contacts.AcceptAsync(outsider, "ann"));
        Assert.False(await rows.Contacts.AcceptAsync(ann, "ben_1"));
        Assert.Empty(await rows.Contacts.FriendsAsync(ann));
    }

    [Fact]
    public async Task Accepting_gives_both_each_other_and_one_room()
    {
        var room = await rows.BefriendAsync((ann, "ann"), (ben, "ben_1"));

        Assert.Equal(ben, Assert.Single(await rows.Contacts.FriendsAsync(ann)).Id);
        Assert.Equal(ann, Assert.Single(await rows.Contacts.FriendsAsync(ben)).Id);
        Assert.Empty(await rows.Contacts.FriendsAsync(outsider));
        Assert.Equal(room, await rows.Rooms.FindDirectAsync(ben, "ANN"));
        Assert.Null(await rows.Rooms.FindDirectAsync(outsider, "ann"));
        Assert.Equal(0, await rows.Contacts.CountRequestsAsync(ben));
        var view = (await rows.Rooms.FindAsync(room, ann))!;
        Assert.Equal((RoomKind.Direct, "Benedict", ben, 1L, 2L), (view.Kind, view.Name, view.OtherId, view.Seq, view.Members));
        Assert.Equal(RequestOutcome.AlreadyFriends, await rows.Contacts.RequestAsync(ann, "ben_1", ""));
    }

    [Fact]
    public async Task Two_who_ask_each_other_at_once_get_one_room()
    {
        for (var i = 0; i < 10; i++)
        {
            var one = await rows.UserAsync($"one{i}");
            var two = await rows.UserAsync($"two{i}");

            var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(n =>
                n % 2 == 0 ? rows.Contacts.RequestAsync(one, $"two{i}", "") : rows.Contacts.RequestAsync(two, $"one{i}", "")));

            Assert.Equal(1, outcomes.Count(o => o == RequestOutcome.Friends));
            Assert.Single(await rows.Rooms.ListAsync(one), r => r.Kind == RoomKind.Direct);
            Assert.Single(await rows.Rooms.ListAsync(two), r => r.Kind == RoomKind.Direct);
        }
    }

    [Fact]
    public async Task Asking_twice_keeps_one_request_and_a_declined_one_may_be_asked_again()
    {
        Assert.Equal(RequestOutcome.Sent, await rows.Contacts.RequestAsync(ann, "ben_1", "first"));
        Assert.Equal(RequestOutcome.AlreadySent, await rows.Contacts.RequestAsync(ann, "ben_1", "second"));
        Assert.Equal("first", Assert.Single(await rows.Contacts.RequestsAsync(ben)).Message);

        Assert.True(await rows.Contacts.DeclineAsync(ben, "ann"));
        Assert.False(await rows.Contacts.DeclineAsync(ben, "ann"));
        Assert.False(await rows.Contacts.AcceptAsync(ben, "ann"));
        Assert.Equal(RequestOutcome.Sent, await rows.Contacts.RequestAsync(ann, "ben_1", "third"));
    }

    [Fact]
    public async Task Oneself_and_nobody_cannot_be_asked()
    {
        Assert.Equal(RequestOutcome.Oneself, await rows.Contacts.RequestAsync(ann, "ann", ""));
        Assert.Equal(RequestOutcome.Unknown, await rows.Contacts.RequestAsync(ann, "nobody", ""));
        Assert.False(await rows.Contacts.BlockAsync(ann, "ann"));
        Assert.False(await rows.Contacts.BlockAsync(ann, "nobody"));
        Assert.False(await rows.Contacts.SetRemarkAsync(ann, "nobody", "x"));
        Assert.False(await rows.Contacts.DeleteAsync(ann, "ben_1"));
    }

    [Fact]
    public async Task Parting_closes_the_room_for_both_and_friends_again_get_a_new_one()
    {
        var room = await rows.BefriendAsync((ann, "ann"), (ben, "ben_1"));
        await rows.SayAsync(room, ann, "hello");

        Assert.True(await rows.Contacts.DeleteAsync(ben, "ann"));

        Assert.Empty(await rows.Contacts.FriendsAsync(ann));
        Assert.Empty(await rows.Contacts.FriendsAsync(ben));
        Assert.Null(await rows.Rooms.FindAsync(room, ann));
        Assert.Null(await rows.Rooms.FindAsync(room, ben));
        Assert.Null(await rows.SayAsync(room, ann, "anybody?"));
        Assert.NotEqual(room, await rows.BefriendAsync((ann, "ann"), (ben, "ben_1")));
    }

    [Fact]
    public async Task A_blocked_person_cannot_find_out_by_asking()
    {
        Assert.True(await rows.Contacts.BlockAsync(ben, "ann"));

        Assert.Equal(RequestOutcome.Sent, await rows.Contacts.RequestAsync(ann, "ben_1", "please"));
        Assert.Equal(RequestOutcome.AlreadySent, await rows.Contacts.RequestAsync(ann, "ben_1", "please"));
        Assert.True((await rows.Contacts.FindAsync("ben_1", ann))!.IsAsked);
        Assert.Contains(await rows.Contacts.SearchAsync("ben", ann, 1), p => p.Id == ben);

        Assert.Empty(await rows.Contacts.RequestsAsync(ben));
        Assert.Equal(0, await rows.Contacts.CountRequestsAsync(ben));
        Assert.False((await rows.Contacts.FindAsync("ann", ben))!.Asks);
        Assert.False(await rows.Contacts.AcceptAsync(ben, "ann"));
        Assert.Equal(RequestOutcome.Blocked, await rows.Contacts.RequestAsync(ben, "ann", ""));

        Assert.True(await rows.Contacts.UnblockAsync(ben, "ann"));
        Assert.Single(await rows.Contacts.RequestsAsync(ben));
    }

    [Fact]
    public async Task What_a_blocked_friend_writes_is_stored_and_reaches_only_themselves()
    {
        var room = await rows.BefriendAsync((ann, "ann"), (ben, "ben_1"));
        await rows.SayAsync(room, ann, "before");
        var before = (await rows.Rooms.FindAsync(room, ben))!.Seq;
        Assert.True(await rows.Contacts.BlockAsync(ben, "ann"));
        Assert.NotNull(await rows.SayAsync(room, ann, "after"));

        var blocker = (await rows.Rooms.ListAsync(ben)).Single(r => r.Number == room);
        Assert.Equal((before, "before", 0L), (blocker.UntilSeq, blocker.LastBody, blocker.Unread));
        var blocked = (await rows.Rooms.ListAsync(ann)).Single(r => r.Number == room);
        Assert.Equal((null, "after"), (blocked.UntilSeq, blocked.LastBody));
        Assert.True((await rows.Contacts.FindAsync("ben_1", ann))!.IsFriend);

        await rows.Contacts.UnblockAsync(ben, "ann");
        Assert.Equal("after", (await rows.Rooms.ListAsync(ben)).Single(r => r.Number == room).LastBody);
    }

    [Fact]
    public async Task One_who_blocks_hides_their_coming_and_going_from_the_blocked_alone()
    {
        await rows.BefriendAsync((ann, "ann"), (ben, "ben_1"));
        await rows.BefriendAsync((outsider, "outsider"), (ben, "ben_1"));
        await rows.Contacts.BlockAsync(ben, "ann");
        const long Later = 9_000_000_000_000;
        await rows.Database.WriteAsync(c => c.ExecuteAsync("UPDATE users SET seen_at = @Later", new { Later }));

        Assert.Equal([outsider], await rows.Contacts.WatchersAsync(ben));
        Assert.Equal([ben], await rows.Contacts.WatchersAsync(ann));
        Assert.Empty(await rows.Contacts.WatchedAsync(ann));
        Assert.Equal([ann, outsider], (await rows.Contacts.WatchedAsync(ben)).Order());
        Assert.DoesNotContain(await rows.Contacts.VisibleAsync([ann, ben], ann), p => p.Id == ben);
        Assert.Contains(await rows.Contacts.VisibleAsync([ann, ben], outsider), p => p.Id == ben);
        Assert.Equal(Later, (await rows.Contacts.FindAsync("ben_1", outsider))!.SeenAt);
        Assert.InRange((await rows.Contacts.FindAsync("ben_1", ann))!.SeenAt, 1, Later - 1);
    }

    [Fact]
    public async Task A_remark_is_seen_by_the_one_who_made_it_alone()
    {
        var room = await rows.BefriendAsync((ann, "ann"), (ben, "ben_1"));
        Assert.True(await rows.Contacts.SetRemarkAsync(ann, "ben_1", "Uncle Ben"));

        Assert.Equal("Uncle Ben", Assert.Single(await rows.Contacts.FriendsAsync(ann)).Name);
        Assert.Equal("Uncle Ben", (await rows.Rooms.FindAsync(room, ann))!.Name);
        Assert.Equal("Benedict", (await rows.Contacts.FindAsync("ben_1", outsider))!.Name);
        Assert.Equal("ann", (await rows.Rooms.FindAsync(room, ben))!.Name);
    }

    [Theory]
    [InlineData("%", 0)]
    [InlineData("_", 1)]
    [InlineData("'", 0)]
    [InlineData("BEN", 1)]
    [InlineData("benedict", 1)]
    [InlineData("n", 2)]
    public async Task Searching_takes_every_character_by_the_letter(string query, int found) =>
        Assert.Equal(found, (await rows.Contacts.SearchAsync(query, outsider, 1)).Count);

    [Theory]
    [InlineData("éva")]
    [InlineData("ÉVA")]
    [InlineData("Éva")]
    [InlineData("жук")]
    [InlineData("ΣΟΦΊΑ")]
    public async Task People_are_found_whatever_the_case_of_letters_of_any_script(string query)
    {
        var eva = await rows.UserAsync("somebody", "Éva Жук Σοφία");

        Assert.Equal(eva, Assert.Single(await rows.Contacts.SearchAsync(query, outsider, 1)).Id);
        Assert.Empty(await rows.Contacts.SearchAsync("eva", outsider, 1)); // another letter
    }

    [Fact]
    public async Task Who_was_there_before_nicknames_had_keys_is_found_after_the_next_start()
    {
        var eva = await rows.UserAsync("somebody", "Éva");
        await rows.Database.WriteAsync(c => c.ExecuteAsync("UPDATE users SET nickname_key = NULL WHERE id = @eva", new { eva }));
        Assert.Empty(await rows.Contacts.SearchAsync("éva", outsider, 1));

        await rows.StartAgainAsync();

        Assert.Equal(eva, Assert.Single(await rows.Contacts.SearchAsync("éva", outsider, 1)).Id);
    }
}
