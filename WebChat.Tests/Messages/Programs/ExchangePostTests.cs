using System.Globalization;
using WebChat.Messages.Kinds;
using WebChat.Shared;
using static WebChat.Tests.Messages.Programs.Exchanged;

namespace WebChat.Tests.Messages.Programs;

/// <summary>What programs may post, how often, and what they are told of what they may not.</summary>
public sealed class ExchangePostTests(App app) : IClassFixture<App>
{
    [Theory]
    [InlineData("""{"room":"ROOM","message":""}""", 400, "Write something first.")]
    [InlineData("""{"room":"ROOM","message":" \n "}""", 400, "Write something first.")]
    [InlineData("""{"room":"ROOM","message":7}""", 400, "Something in it is not what it should be: words are text, numbers are whole.")]
    [InlineData("""{"room":"ROOM","message":"a\ud800"}""", 400, "Something in it is not what it should be: words are text, numbers are whole.")]
    [InlineData("""{"room":"ROOM","message":"a","reply_to":1.5}""", 400, "Something in it is not what it should be: words are text, numbers are whole.")]
    [InlineData("""{"room":"ROOM","message":"a","reply_to":"1"}""", 400, "Something in it is not what it should be: words are text, numbers are whole.")]
    [InlineData("""{"room":"ROOM","message":"a\u0000b"}""", 400, "There is a sign in it that cannot be stored.")]
    [InlineData("""{"room":"ROOM","message":"a","client_id":"no spaces"}""", 400, "This form is damaged. Reload the page and try again.")]
    [InlineData("""{"room":"ROOM","message":"a","payload":{}}""", 400, "A payload needs a kind.")]
    [InlineData("""{"room":"ROOM","kind":"poll"}""", 400, "Write something first.")]
    [InlineData("""{"room":"ROOM","message":"a","kind":"Poll"}""", 400, "A kind is 1 to 40 of a-z, 0-9, dot and hyphen, and none of those there are.")]
    [InlineData("""{"room":"ROOM","message":"a","kind":"image"}""", 400, "A kind is 1 to 40 of a-z, 0-9, dot and hyphen, and none of those there are.")]
    [InlineData("""{"room":"ROOM","message":"a","kind":"custom"}""", 400, "A kind is 1 to 40 of a-z, 0-9, dot and hyphen, and none of those there are.")]
    [InlineData("""{"room":"ROOM","message":"a","kind":"<b>"}""", 400, "A kind is 1 to 40 of a-z, 0-9, dot and hyphen, and none of those there are.")]
    [InlineData("""{"room":"ROOM","message":"a","kind":""}""", 400, "A kind is 1 to 40 of a-z, 0-9, dot and hyphen, and none of those there are.")]
    [InlineData("""{"room":"999999999","message":"a"}""", 404, "There is no such room.")]
    [InlineData("""{"room":null,"message":"a"}""", 404, "There is no such room.")]
    [InlineData("""{"room":-5,"message":"a"}""", 404, "There is no such room.")]
    public async Task What_cannot_be_posted_is_refused_in_the_words_of_HTTP_and_stores_nothing(string frame, int status, string words)
    {
        using var ann = await app.SignUpAsync("x" + Guid.NewGuid().ToString("N")[..12]);
        var room = await ann.NewGroupAsync("Refusals");
        await using var script = await ann.RunProgramAsync();

        await script.SendAsync(frame.Replace("ROOM", Text(room), StringComparison.Ordinal));

        var refusal = Json(await script.NextAsync(_ => true));
        Assert.Equal((words, status), (Str(refusal, "error"), refusal.GetProperty("status").GetInt32()));
        Assert.Single((await ann.GetPageAsync($"/rooms/{room}")).QuerySelectorAll("article"));
        await script.SayAsync(new { room = Text(room), message = "still here" });
        await script.NextMessageAsync("still here");
    }

    [Fact]
    public async Task A_payload_has_its_size_and_its_depth()
    {
        using var ann = await app.SignUpAsync("ann-x5");
        var room = await ann.NewGroupAsync("Sizes");
        await using var script = await ann.RunProgramAsync();

        await script.SayAsync(new { room = Text(room), message = "fits", kind = "k", payload = new string('x', CustomKind.MostPayloadBytes - 2) });
        Assert.Equal("k", Str(Json(await script.NextMessageAsync("fits")), "kind"));
        await script.SayAsync(new { room = Text(room), message = "more", kind = "k", payload = new string('x', CustomKind.MostPayloadBytes - 1) });
        Assert.Equal("A payload is JSON of at most 8 KiB.", Str(Json(await script.NextMessageAsync("error")), "error"));
        await script.SendAsync($$"""{"room":"{{room}}","message":"deep","kind":"k","payload":{{new string('[', 31)}}{{new string(']', 31)}}}""");
        await script.NextMessageAsync("deep");
        await script.SendAsync($$"""{"room":"{{room}}","message":"deeper","kind":"k","payload":{{new string('[', 32)}}{{new string(']', 32)}}}""");
        await script.NextMessageAsync("unknown-action");
        Assert.Equal(3, (await ann.GetPageAsync($"/rooms/{room}")).QuerySelectorAll("article").Length); // readers can read it
    }

    [Fact]
    public async Task The_same_client_id_is_one_message_and_is_answered_again()
    {
        using var ann = await app.SignUpAsync("ann-x6");
        var room = await ann.NewGroupAsync("Once");
        await using (var script = await ann.RunProgramAsync())
        {
            await script.SayAsync(new { room = Text(room), message = "once", client_id = "same" });
            await script.NextMessageAsync("once");
            await script.SayAsync(new { room = Text(room), message = "once", client_id = "same" });
            Assert.Equal(2, Json(await script.NextMessageAsync("once")).GetProperty("seq").GetInt32());
        }
        await using var again = await ann.RunProgramAsync();
        await again.SayAsync(new { room = Text(room), message = "once", client_id = "same" });
        Assert.Equal(2, Json(await again.NextAsync(_ => true)).GetProperty("seq").GetInt32());
        await again.NextMessageAsync("\"open\"");
        await again.SayAsync(new { room = Text(room), message = "other words", client_id = "same" });
        Assert.Equal((409, "same"), (Json(await again.NextMessageAsync("error")) is var taken ? taken.GetProperty("status").GetInt32() : 0, Str(taken, "client_id")));
        Assert.Equal(2, (await ann.GetPageAsync($"/rooms/{room}")).QuerySelectorAll("article").Length);
    }

    [Fact]
    public async Task Rates_are_those_of_everybody()
    {
        using var strict = new App(("WebChat:Limits:PostsPerMinute", "2"));
        using var ann = await strict.SignUpAsync("ann");
        var room = Text(long.Parse((await ann.GetPageAsync("/rooms")).QuerySelector("li[data-room]")!.GetAttribute("data-room")!, CultureInfo.InvariantCulture));
        await using var script = await ann.RunProgramAsync();
        for (var i = 0; i < 3; i++)
            await script.SayAsync(new { room, message = $"message {i}" });

        var refusal = Json(await script.NextMessageAsync("error"));

        Assert.Equal(("You are writing too fast. Wait a moment.", 429), (Str(refusal, "error"), refusal.GetProperty("status").GetInt32()));
        Assert.True(refusal.GetProperty("retry_after").GetInt32() > 0);
    }
}
