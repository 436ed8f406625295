using System.Net;

namespace WebChat.Tests.Messages;

/// <summary>Places in a room that nobody's page leads to.</summary>
public sealed class HostileAddressTests(App app) : IClassFixture<App>
{
    private static readonly string[] Nowhere = ["-1", "0", "9999", "9223372036854775807", "-9223372036854775808", "9223372036854775808", "99999999999999999999999", "x", "1.5", "%00"];

    [Fact]
    public async Task A_message_that_never_was_is_not_found_and_nothing_can_be_done_to_it()
    {
        var (ann, _, room) = await app.FriendsAsync("ann1", "ben1");
        await ann.SayAsync(room, "the only one");
        var token = await ann.TokenAsync();

        foreach (var seq in Nowhere)
        {
            var lost = seq == "%00" ? new[] { HttpStatusCode.NotFound, HttpStatusCode.BadRequest } : [HttpStatusCode.NotFound];
            foreach (var page in new[] { "", "/edit", "/readers", "/open" })
                Assert.Contains((await ann.Http.GetAsync($"/rooms/{room}/messages/{seq}{page}")).StatusCode, lost);
            foreach (var verb in new[] { "edit", "recall", "reactions", "pin", "open" })
                Assert.Contains((await ActAsync(ann, $"/rooms/{room}/messages/{seq}/{verb}", token)).StatusCode, lost);
        }
        Assert.Contains("the only one", (await ann.GetPageAsync($"/rooms/{room}")).Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_of_a_foreign_room_is_the_same_nothing()
    {
        var (ann, _, room) = await app.FriendsAsync("ann2", "ben2");
        using var outsider = await app.SignUpAsync("cas2");
        var seq = await ann.SayAsync(room, "not for you");
        var token = await outsider.TokenAsync();

        foreach (var verb in new[] { "edit", "recall", "reactions", "pin", "open" })
        {
            var (foreign, unknown) = (await ActAsync(outsider, $"/rooms/{room}/messages/{seq}/{verb}", token), await ActAsync(outsider, $"/rooms/999999998/messages/{seq}/{verb}", token));
            Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
            Assert.Equal(await unknown.Content.ReadAsStringAsync(), await foreign.Content.ReadAsStringAsync());
        }
    }

    [Theory]
    [InlineData("before")]
    [InlineData("after")]
    [InlineData("around")]
    [InlineData("reply")]
    [InlineData("read")]
    [InlineData("date")]
    public async Task A_page_of_nowhere_is_a_page_of_this_room_and_never_a_mistake_of_ours(string which)
    {
        var (ann, ben, room) = await app.FriendsAsync($"ann-{which}", $"ben-{which}");
        var group = await ann.NewGroupAsync("Walkers");
        await ann.SayAsync(group, "said in the group");
        await ann.SayAsync(room, "said here");

        foreach (var value in Nowhere.Concat(["", "0001-01-01", "9999-12-31", "2026-02-30", $"{group}"]))
        {
            var answer = await ben.Http.GetAsync($"/rooms/{room}?{which}={value}");
            Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.OK, HttpStatusCode.Redirect, HttpStatusCode.BadRequest });
            Assert.Equal(value == "%00", answer.StatusCode == HttpStatusCode.BadRequest);
            Assert.DoesNotContain("said in the group", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        Assert.Equal(HttpStatusCode.NotFound, (await ben.Http.GetAsync($"/rooms/{group}?{which}=1")).StatusCode);
    }

    private static async Task<HttpResponseMessage> ActAsync(Person person, string address, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new FormUrlEncodedContent([new("content", "changed"), new("emoji", "👍")]) };
        request.Headers.Accept.ParseAdd("application/json");
        request.Headers.Add("RequestVerificationToken", token);
        return await person.Http.SendAsync(request);
    }
}
