using System.Text.Json;

namespace WebChat.Tests.Presence;

public sealed class ComingsTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task Friends_hear_who_comes_and_goes_and_strangers_do_not()
    {
        var (ann, ben, _) = await app.FriendsAsync("comes", "watches");
        using var eve = await app.SignUpAsync("stranger");
        await using var watching = await ben.ConnectAsync();
        await using var strange = await eve.ConnectAsync();
        await watching.NextAsync(f => f.StartsWith("""{"online":""", StringComparison.Ordinal));
        var id = (await ann.GetPageAsync("/rooms")).QuerySelector("[data-me]")!.GetAttribute("data-me");

        await using (await ann.ConnectAsync())
            await watching.NextAsync(f => f == Here(id, "true"));
        await ann.SubmitAsync("/me", "Sign out");

        await watching.NextAsync(f => f == Here(id, "false"));
        await strange.RoundTripAsync();
        Assert.DoesNotContain(strange.All, f => f.Contains("here", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_new_tab_is_told_which_friends_are_here()
    {
        var (ann, ben, _) = await app.FriendsAsync("here-already", "comes-later");
        using var eve = await app.SignUpAsync("nobodys-friend");
        await using var first = await ann.ConnectAsync();
        await first.RoundTripAsync();

        await using var friend = await ben.ConnectAsync();
        await using var other = await eve.ConnectAsync();

        Assert.Single(Ids(await friend.NextAsync(f => f.StartsWith("""{"online":""", StringComparison.Ordinal))));
        Assert.Empty(Ids(await other.NextAsync(f => f.StartsWith("""{"online":""", StringComparison.Ordinal))));
    }

    [Fact]
    public async Task One_who_blocks_looks_gone_to_the_blocked_alone()
    {
        var (ann, ben, _) = await app.FriendsAsync("was-blocked", "has-blocked");
        await using var blocker = await ben.ConnectAsync();
        await using var blocked = await ann.ConnectAsync();
        Assert.Single(Ids(await blocked.NextAsync(f => f.StartsWith("""{"online":""", StringComparison.Ordinal))));

        await ben.SubmitAsync("/people/was-blocked/block", "Block");

        await blocked.NextAsync(f => f.Contains("\"on\":false", StringComparison.Ordinal));
        Assert.Null((await ann.GetPageAsync("/online")).QuerySelector("#online-list a[href='/people/has-blocked']"));
        Assert.NotNull((await ben.GetPageAsync("/online")).QuerySelector("#online-list a[href='/people/was-blocked']"));
        await using var again = await ann.ConnectAsync();
        Assert.Empty(Ids(await again.NextAsync(f => f.StartsWith("""{"online":""", StringComparison.Ordinal))));
    }

    [Fact]
    public async Task A_signed_out_user_leaves_the_list()
    {
        using var ann = await app.SignUpAsync("reads-list");
        using var ben = await app.SignUpAsync("signs-out");
        await using var socket = await ben.ConnectAsync();
        await socket.RoundTripAsync();
        Assert.NotNull((await ann.GetPageAsync("/online")).QuerySelector("#online-list a[href='/people/signs-out']"));

        await ben.SubmitAsync("/me", "Sign out");

        Assert.Null((await ann.GetPageAsync("/online")).QuerySelector("#online-list a[href='/people/signs-out']"));
    }

    private static string Here(string? id, string on) => $$$"""{"here":{"user":{{{id}}},"on":{{{on}}}}}""";

    private static List<long> Ids(string frame)
    {
        using var json = JsonDocument.Parse(frame);
        return [.. json.RootElement.GetProperty("online").EnumerateArray().Select(id => id.GetInt64())];
    }
}
