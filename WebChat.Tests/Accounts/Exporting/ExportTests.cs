using System.IO.Compression;
using System.Net;
using System.Text.Json;
using WebChat.Tests.Media;

namespace WebChat.Tests.Accounts.Exporting;

public sealed class ExportTests(App app) : IClassFixture<App>
{
    private readonly string name = "p" + Guid.NewGuid().ToString("N")[..8];

    [Fact]
    public async Task It_holds_what_is_ones_own_and_nothing_of_anybody_else()
    {
        var (ann, ben, room) = await app.FriendsAsync(name, "b" + name);
        await ann.SayAsync(room, "mine: tides 潮汐");
        await ben.SayAsync(room, "not hers to take");
        await ann.PostFileAsync(room, Sample.Png, "bay.png", "From the pier");
        await ben.PostFileAsync(room, Sample.Png, "bens.png");
        var left = await ann.NewGroupAsync("Walkers");
        await ann.SayAsync(left, "nobody else reads this");
        await ann.SubmitAsync($"/rooms/{left}/dissolve", "Dissolve group");
        await ann.MakeTokenAsync("Nightly");

        using var zip = await ExportAsync(ann);

        Assert.Equal(["contacts.json", "conversations.json", "devices.json", "messages.json", "points.json", "profile.json"], zip.Entries.Select(e => e.FullName).Where(n => n.EndsWith(".json", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        using var messages = Read(zip, "messages.json");
        var said = messages.RootElement.EnumerateArray().ToList();
        Assert.Equal(3, said.Count);
        Assert.Contains(said, m => m.TryGetProperty("text", out var text) && text.GetString() == "mine: tides 潮汐" && m.GetProperty("room").GetInt64() == room);
        Assert.Contains(said, m => m.TryGetProperty("text", out var text) && text.GetString() == "nobody else reads this");
        using var profile = Read(zip, "profile.json");
        Assert.Equal((name, ann.Email), (profile.RootElement.GetProperty("account").GetString(), profile.RootElement.GetProperty("email").GetString()));
        using var contacts = Read(zip, "contacts.json");
        Assert.Equal("b" + name, contacts.RootElement.GetProperty("contacts")[0].GetProperty("account").GetString());
        var file = Assert.Single(zip.Entries, e => e.FullName.StartsWith("files/", StringComparison.Ordinal));
        Assert.EndsWith("bay.png", file.FullName, StringComparison.Ordinal);
        Assert.True(file.Length > 0);
        var all = string.Concat(zip.Entries.Where(e => e.FullName.EndsWith(".json", StringComparison.Ordinal)).Select(Text));
        foreach (var secret in new[] { "not hers to take", ben.Email, "password", "wcp_", "AQAAAA" })
            Assert.DoesNotContain(secret, all, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task More_pages_than_one_are_all_in_it_once()
    {
        using var ann = await app.SignUpAsync(name);
        var room = await ann.NewGroupAsync("Walkers");
        var token = await ann.TokenAsync();
        for (var i = 0; i < 1010; i++)
            await ann.SayAsync(room, $"line {i}", token);

        using var zip = await ExportAsync(ann);

        using var messages = Read(zip, "messages.json");
        Assert.Equal(1010, messages.RootElement.EnumerateArray().Select(m => m.GetProperty("text").GetString()).Distinct().Count());
    }

    [Fact]
    public async Task The_fourth_in_an_hour_waits_and_a_visitor_gets_none()
    {
        using var own = new App(("WebChat:Limits:ExportsPerHour", "3"));
        using var ann = await own.SignUpAsync("ann");
        for (var i = 0; i < 3; i++)
            (await ExportAsync(ann)).Dispose();

        var answer = await ann.SubmitAsync("/me/export", "Download my data");

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.NotNull((await Person.ReadAsync(answer)).QuerySelector("[role=alert]"));
        using var visitor = own.Visitor();
        Assert.Equal(HttpStatusCode.Redirect, (await visitor.Http.GetAsync("/me/export")).StatusCode);
        using var form = new FormUrlEncodedContent([]);
        Assert.NotEqual(HttpStatusCode.OK, (await visitor.Http.PostAsync("/me/export", form)).StatusCode);
    }

    private static async Task<ZipArchive> ExportAsync(Person person)
    {
        var answer = await person.SubmitAsync("/me/export", "Download my data");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("application/zip", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("attachment", answer.Content.Headers.ContentDisposition!.DispositionType);
        return new ZipArchive(new MemoryStream(await answer.Content.ReadAsByteArrayAsync()));
    }

    private static JsonDocument Read(ZipArchive zip, string name) => JsonDocument.Parse(Text(zip.GetEntry(name)!));

    private static string Text(ZipArchiveEntry entry)
    {
        using var reader = new StreamReader(entry.Open());
        return reader.ReadToEnd();
    }
}
