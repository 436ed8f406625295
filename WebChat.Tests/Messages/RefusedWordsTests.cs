using System.Net;

namespace WebChat.Tests.Messages;

/// <summary>Words that nobody may write, wherever one could.</summary>
public sealed class RefusedWordsTests : IDisposable
{
    private readonly App app = new();

    public void Dispose() => app.Dispose();

    [Fact]
    public async Task A_refused_word_is_in_no_message_and_reaches_nobody()
    {
        var (ann, ben, room) = await app.FriendsAsync("ann", "ben");
        await ann.SubmitAsync("/admin/settings", "Save", ("Words that are refused", "darn\n赌博"));
        await using var open = await ben.ConnectAsync();
        await open.OpenAsync(room);

        foreach (var words in new[] { "DARN it", "去赌博吧" })
        {
            var refused = await ann.PostMessageAsync(room, words);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            Assert.Equal("{\"error\":\"This has a word in it that is not allowed here.\"}", await refused.Content.ReadAsStringAsync());
        }
        Assert.Equal(HttpStatusCode.BadRequest, (await ann.PostFileAsync(room, Media.Sample.Png, "a.png", caption: "darn")).StatusCode);
        var typed = await Person.ReadAsync(await ann.SubmitAsync($"/rooms/{room}", "Send", ("Message", "darn, all of this")));
        Assert.Equal("darn, all of this", typed.QuerySelector("textarea[name=content]")!.TextContent);

        var seq = await ann.SayAsync(room, "darning socks");
        await open.NextMessageAsync(room, seq);
        Assert.DoesNotContain(open.All, f => f.Contains("DARN", StringComparison.Ordinal) || f.Contains("赌博", StringComparison.Ordinal));
        Assert.Empty(Directory.Exists(Path.Combine(app.Data, "media")) ? Directory.GetFiles(Path.Combine(app.Data, "media"), "*", SearchOption.AllDirectories) : []);
    }

    [Fact]
    public async Task An_edit_a_nickname_and_a_group_are_no_way_round_it()
    {
        var (ann, ben, room) = await app.FriendsAsync("ann", "ben");
        var seq = await ben.SayAsync(room, "socks");
        await ann.SubmitAsync("/admin/settings", "Save", ("Words that are refused", "darn\n赌博"));

        foreach (var words in new[] { "darn", "赌**博**", "`赌`博" })
            Assert.Equal(HttpStatusCode.BadRequest, (await ben.ActAsync(room, seq, "edit", ("content", words))).StatusCode);
        await app.SignUpAsync("cas");
        Assert.NotNull((await Person.ReadAsync(await ben.SubmitAsync("/people/cas/request", "Send request", ("Message", "darn you")))).GetElementById("message-error"));
        Assert.NotNull((await Person.ReadAsync(await ben.SubmitAsync("/me", "Save", ("Nickname", "Darn")))).GetElementById("nickname-error"));
        Assert.NotNull((await Person.ReadAsync(await ben.SubmitAsync("/rooms/new", "Create group", ("Name", "Darn good")))).GetElementById("name-error"));
        Assert.NotNull((await Person.ReadAsync(await ben.SubmitAsync("/rooms/new", "Create group", ("Name", "Good"), ("Memo", "darn")))).GetElementById("memo-error"));
        Assert.DoesNotContain("darn", (await ann.GetPageAsync($"/rooms/{room}")).QuerySelector("[role=log]")!.TextContent, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task What_was_posted_before_the_word_was_refused_is_known_again()
    {
        var (ann, _, room) = await app.FriendsAsync("ann", "ben");
        var first = await ann.PostMessageAsync(room, "darn", "once");
        await ann.SubmitAsync("/admin/settings", "Save", ("Words that are refused", "darn"));

        var again = await ann.PostMessageAsync(room, "darn", "once");

        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
    }
}
