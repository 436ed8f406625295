using System.Globalization;
using System.Net;
using static WebChat.Tests.Messages.Programs.Exchanged;

namespace WebChat.Tests.Messages.Programs;

/// <summary>Programs at the socket: JSON up and down, with somebody's token and by the promises that pages have.</summary>
public sealed class ExchangeTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task A_message_goes_in_and_comes_out_stored_for_author_page_and_other_programs()
    {
        var (ann, ben, room) = await app.FriendsAsync("ann-x1", "ben-x1");
        await using var script = await ann.RunProgramAsync();
        await using var other = await ben.RunProgramAsync();
        await using var tab = await ben.ConnectAsync();
        await other.SayAsync(new { room = Text(room) });
        await other.NextAsync(f => f.Contains("\"open\"", StringComparison.Ordinal));
        await tab.OpenAsync(room);

        await script.SayAsync(new { room = Text(room), message = "早 **all** <b>", client_id = "first" });

        var mine = Json(await script.NextAsync(_ => true)); // nothing comes before it
        Assert.Equal((Text(room), "text", "早 **all** <b>", "ann-x1", "first"), (Str(mine, "room"), Str(mine, "kind"), Str(mine, "message"), Str(mine, "sender"), Str(mine, "client_id")));
        Assert.Equal("ann-x1", Str(mine, "name"));
        Assert.True(mine.GetProperty("seq").GetInt64() > 0 && mine.GetProperty("rev").GetInt64() > 0);
        Assert.True(DateTimeOffset.TryParseExact(Str(mine, "at"), "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) && at > DateTimeOffset.UtcNow.AddMinutes(-5));
        Assert.Equal(mine.GetRawText(), Json(await other.NextMessageAsync("first")).GetRawText()); // the same bytes for everybody
        await tab.NextMessageAsync(room, mine.GetProperty("seq").GetInt64());

        await ben.SayAsync(room, "hello back");
        Assert.Equal("ben-x1", Str(Json(await script.NextMessageAsync("hello back")), "sender")); // a post opens the room too
    }

    [Fact]
    public async Task Edits_recalls_reactions_pins_and_notes_come_as_what_they_are()
    {
        using var ann = await app.SignUpAsync("ann-x2");
        var room = await ann.NewGroupAsync("Changes");
        await using var script = await ann.RunProgramAsync();
        await script.SayAsync(new { room = Text(room), rev = 0 });
        var note = Json(await script.NextAsync(_ => true));
        Assert.Equal(("note", "ann-x2 created the group", 1), (Str(note, "kind"), Str(note, "message"), note.GetProperty("seq").GetInt32()));
        Assert.Equal(1, Json(await script.NextMessageAsync("open")).GetProperty("rev").GetInt32());

        var seq = await ann.SayAsync(room, "first @ann-x2 words");
        Assert.Equal("ann-x2", Json(await script.NextMessageAsync("words")).GetProperty("mentions")[0].GetString());
        await ann.ActAsync(room, seq, "edit", ("content", "second"));
        Assert.True(Json(await script.NextMessageAsync("second")).GetProperty("edited").GetBoolean());
        await ann.ActAsync(room, seq, "reactions", ("emoji", "👍"));
        Assert.Equal(1, Json(await script.NextMessageAsync("reactions")).GetProperty("reactions").GetProperty("👍").GetInt32());
        await ann.ActAsync(room, seq, "pin");
        Assert.True(Json(await script.NextMessageAsync("pinned\"")).GetProperty("pinned").GetBoolean());
        await ann.ActAsync(room, seq, "recall");
        var gone = Json(await script.NextMessageAsync("recalled"));
        Assert.Equal("Message recalled", Str(gone, "message"));
        Assert.False(gone.TryGetProperty("reactions", out _));

        await script.SayAsync(new { room = Text(room), message = "an answer", reply_to = 1, client_id = "a" });
        Assert.False(Json(await script.NextMessageAsync("an answer")).TryGetProperty("reply_to", out _)); // a note is not answered
    }

    [Fact]
    public async Task What_a_file_is_stands_beside_its_line()
    {
        using var ann = await app.SignUpAsync("ann-x3");
        var room = await ann.NewGroupAsync("Files");
        await using var script = await ann.RunProgramAsync();
        await script.SayAsync(new { room = Text(room) });
        await script.NextMessageAsync("open");
        using var form = new MultipartFormDataContent
        {
            { new StringContent("to read"), "content" }, { new StringContent(await ann.TokenAsync()), "__RequestVerificationToken" }, { new StringContent("words of mine"), "file", "notes.txt" },
        };

        await ann.Http.PostAsync($"/rooms/{room}/messages", form);

        var file = Json(await script.NextMessageAsync("notes.txt"));
        Assert.Equal(("file", "File: notes.txt", "to read"), (Str(file, "kind"), Str(file, "message"), Str(file, "caption")));
        Assert.Equal(("notes.txt", 13), (Str(file.GetProperty("file"), "name"), file.GetProperty("file").GetProperty("bytes").GetInt32()));
        Assert.Equal("words of mine", await ann.Http.GetStringAsync(Str(file, "url")));
    }

    [Fact]
    public async Task A_custom_kind_gives_programs_its_payload_and_pages_its_words()
    {
        var (ann, ben, room) = await app.FriendsAsync("ann-x4", "ben-x4");
        await using var script = await ann.RunProgramAsync();
        await using var tab = await ben.ConnectAsync();
        await tab.OpenAsync(room);

        await script.SendAsync($$$"""{"room":"{{{room}}}","message":"Poll: <i>tea</i> or *coffee*?","kind":"poll.v1","payload":{"of":["tea","咖啡 </script>",{"a":[1.50,null,true]}]},"client_id":"p"}""");

        var poll = Json(await script.NextAsync(_ => true));
        Assert.Equal(("poll.v1", "Poll: <i>tea</i> or *coffee*?"), (Str(poll, "kind"), Str(poll, "message")));
        Assert.Equal("""{"of":["tea","咖啡 </script>",{"a":[1.50,null,true]}]}""", poll.GetProperty("payload").GetRawText());
        var article = await tab.NextMessageAsync(room, poll.GetProperty("seq").GetInt64());
        Assert.Contains("<span class=\"stamp\">poll.v1</span>", article, StringComparison.Ordinal);
        Assert.Contains("&lt;i&gt;tea", article, StringComparison.Ordinal);
        Assert.DoesNotContain("script", article, StringComparison.Ordinal);
        Assert.Contains("Poll:", (await ben.GetPageAsync("/rooms")).Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await ann.ActAsync(room, poll.GetProperty("seq").GetInt64(), "edit", ("content", "else"))).StatusCode);
    }
}
