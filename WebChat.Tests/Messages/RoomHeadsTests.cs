namespace WebChat.Tests.Messages;

/// <summary>What lists are told of a room's last message.</summary>
public sealed class RoomHeadsTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task A_tab_that_has_the_room_open_hears_it_after_the_message_and_no_second_time()
    {
        var (ann, ben, room) = await app.FriendsAsync("says-two", "has-two-tabs");
        await using var open = await ben.ConnectAsync();
        await open.OpenAsync(room, 1);
        await using var list = await ben.ConnectAsync();

        foreach (var text in new[] { "the first", "the second" })
        {
            await ann.SayAsync(room, text);
            await list.NextAsync(f => IsHead(f, text));
        }
        await open.NextAsync(f => IsHead(f, "the second"));
        await open.RoundTripAsync(); // what was sent to it by itself would be here by now

        Assert.Single(open.All, f => IsHead(f, "the second"));
        var head = Assert.Single(open.All, f => IsHead(f, "the first"));
        Assert.True(open.All.IndexOf(head) > open.All.FindIndex(f => f.StartsWith("<article", StringComparison.Ordinal) && f.Contains("the first", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_tab_that_opens_the_room_after_the_message_hears_it_by_itself()
    {
        var (ann, ben, room) = await app.FriendsAsync("says-one", "opens-late");
        await using var tab = await ben.ConnectAsync();

        await ann.SayAsync(room, "was there before");
        await tab.OpenAsync(room, 1);

        await tab.NextAsync(f => IsHead(f, "was there before"));
    }

    private static bool IsHead(string frame, string text) => frame.StartsWith("""{"head":""", StringComparison.Ordinal) && frame.Contains(text, StringComparison.Ordinal);
}
