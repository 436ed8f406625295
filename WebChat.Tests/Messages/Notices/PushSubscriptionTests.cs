using System.Net;
using WebChat.Tests.Accounts.Push;

namespace WebChat.Tests.Messages.Notices;

/// <summary>Where browsers are reached: which addresses are taken, whose they are, and until when.</summary>
public sealed class PushSubscriptionTests : IAsyncLifetime
{
    private Pushing world = null!;

    public async Task InitializeAsync() => world = await Pushing.StartAsync();

    public async Task DisposeAsync() => await world.DisposeAsync();

    [Fact]
    public async Task Signing_out_ends_it_and_so_does_a_new_password_and_the_switch()
    {
        var (ann, ben, room) = await world.App.FriendsAsync("ann", "ben");
        using var first = await world.SubscribeAsync(ben, "/first");
        await ben.SubmitAsync("/me", "Sign out");
        await ann.SayAsync(room, "signed out");
        Assert.Empty(await world.RestAsync(ann));
        await ben.SignInAsync();
        using var second = await world.SubscribeAsync(ben, "/second");
        await ben.SubmitAsync("/me/security", "Change password", ("Current password", App.Password), ("New password", "another tide altogether"));
        await ann.SayAsync(room, "new password");
        Assert.Empty(await world.RestAsync(ann));
        using var third = await world.SubscribeAsync(ben, "/third");
        Assert.Equal(HttpStatusCode.NoContent, (await Pushing.PostAsync(ben, "unsubscribe", ("endpoint", world.Service.At("/third").ToString()))).StatusCode);
        await ann.SayAsync(room, "switched off");

        Assert.Empty(await world.RestAsync(ann));
    }

    [Theory]
    [InlineData(404)]
    [InlineData(410)]
    public async Task A_browser_that_its_service_does_not_know_any_more_is_forgotten(int status)
    {
        var (ann, ben, room) = await world.App.FriendsAsync("ann", "ben");
        using var bens = await world.SubscribeAsync(ben, "/ben");
        world.Answers.Enqueue(status);
        await ann.SayAsync(room, "are you there?");
        await world.NextAsync();
        Assert.Empty(await world.RestAsync(ann));

        await ann.SayAsync(room, "no?");

        Assert.Empty(await world.RestAsync(ann));
    }

    [Fact]
    public async Task One_that_has_no_time_is_asked_again()
    {
        var (ann, ben, room) = await world.App.FriendsAsync("ann", "ben");
        using var bens = await world.SubscribeAsync(ben, "/ben", retryAfter: "0");
        world.Answers.Enqueue(503);

        await ann.SayAsync(room, "again");

        Assert.Equal(bens.Read((await world.NextAsync()).Body), bens.Read((await world.NextAsync()).Body));
    }

    [Theory]
    [InlineData("https://push.example.org/1")] // these rules take http alone
    [InlineData("http://10.0.0.1/1")]
    [InlineData("http://127.0.0.1/1")]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("")]
    public async Task A_browser_that_is_where_it_cannot_be_is_refused(string endpoint)
    {
        using var ann = await world.App.SignUpAsync("ann");
        using var keys = new Receiver();

        Assert.Equal(HttpStatusCode.BadRequest, (await Pushing.PostAsync(ann, "subscribe", ("endpoint", endpoint), ("p256dh", keys.P256dhText), ("auth", keys.AuthText))).StatusCode);
        Assert.Empty(world.Service.AskedInPrivate);
    }

    [Fact]
    public async Task Anothers_browser_cannot_be_taken_or_removed_and_keys_must_be_keys()
    {
        var (ann, ben, room) = await world.App.FriendsAsync("ann", "ben");
        using var bens = await world.SubscribeAsync(ben, "/ben");
        using var mine = new Receiver();
        var endpoint = world.Service.At("/ben").ToString();

        Assert.Equal(HttpStatusCode.Conflict, (await Pushing.PostAsync(ann, "subscribe", ("endpoint", endpoint), ("p256dh", mine.P256dhText), ("auth", mine.AuthText))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Pushing.PostAsync(ann, "unsubscribe", ("endpoint", endpoint))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Pushing.PostAsync(ann, "unsubscribe", ("endpoint", "http://nowhere"))).StatusCode);
        foreach (var (p256dh, auth) in new[] { ("", mine.AuthText), (mine.AuthText, mine.AuthText), (mine.P256dhText, ""), (mine.P256dhText, mine.P256dhText), ("!", "!"), (mine.P256dhText[..^2] + "AA", mine.AuthText) })
            Assert.Equal(HttpStatusCode.BadRequest, (await Pushing.PostAsync(ann, "subscribe", ("endpoint", world.Service.At("/mine").ToString()), ("p256dh", p256dh), ("auth", auth))).StatusCode);
        using var noToken = new HttpRequestMessage(HttpMethod.Post, "/me/notifications/unsubscribe") { Content = new FormUrlEncodedContent([new("endpoint", endpoint)]) };
        Assert.Equal(HttpStatusCode.BadRequest, (await ben.Http.SendAsync(noToken)).StatusCode);
        using var nobody = world.App.Visitor();
        Assert.NotEqual(HttpStatusCode.OK, (await nobody.Http.GetAsync("/me/notifications")).StatusCode);

        await ann.SayAsync(room, "still yours");
        Assert.Contains("still yours", bens.Read((await world.NextAsync()).Body), StringComparison.Ordinal);
    }
}
