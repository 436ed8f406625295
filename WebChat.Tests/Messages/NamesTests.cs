using System.Net;

namespace WebChat.Tests.Messages;

/// <summary>The list behind an @, as the page's script asks for it.</summary>
public sealed class NamesTests
{
    [Fact]
    public async Task Who_asks_too_often_waits_and_outsiders_learn_nothing()
    {
        using var app = new App(("WebChat:Limits:NamesPerMinute", "3"));
        using var ann = await app.SignUpAsync("ann");
        using var ben = await app.SignUpAsync("ben");
        using var outsider = await app.SignUpAsync("outsider");
        var room = await ann.NewGroupAsync("Walkers");
        await ben.SubmitAsync($"/rooms/find?q={room}", "Join");

        foreach (var beginning in new[] { "b", "be", "x" })
            Assert.Equal(beginning == "x" ? "[]" : """[{"account":"ben","name":"ben"}]""", await ann.Http.GetStringAsync($"/rooms/{room}/names?q={beginning}"));
        var answer = await ann.Http.GetAsync($"/rooms/{room}/names?q=b");
        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);

        Assert.Equal(HttpStatusCode.OK, (await ben.Http.GetAsync($"/rooms/{room}/names?q=a")).StatusCode);
        foreach (var number in new[] { $"{room}", "999999998", "-1" })
            Assert.Equal(HttpStatusCode.NotFound, (await outsider.Http.GetAsync($"/rooms/{number}/names?q=a")).StatusCode);
    }
}
