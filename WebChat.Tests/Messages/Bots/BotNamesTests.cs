using System.Text.Json;
using AngleSharp.Dom;

namespace WebChat.Tests.Messages.Bots;

/// <summary>Wherever the name of a bot stands, nobody can take it for a person's; and no person is marked as one.</summary>
public sealed class BotNamesTests : IAsyncLifetime
{
    private Kitchen kitchen = null!;
    private Person ann = null!;
    private long room;

    public async Task InitializeAsync()
    {
        kitchen = await Kitchen.OpenAsync();
        (ann, room) = (kitchen.Ann, kitchen.Room);
    }

    public async Task DisposeAsync() => await kitchen.DisposeAsync();

    [Fact]
    public async Task In_the_log_and_in_quotes()
    {
        var (bot, person) = await SayBothAsync();
        foreach (var seq in new[] { bot, person })
            await ann.SubmitAsync($"/rooms/{room}?reply={seq}", "Send", ("Message", $"answer to {seq}"));

        var log = (await ann.GetPageAsync($"/rooms/{room}")).QuerySelector("[role=log]")!;

        Assert.Equal("Bot", log.QuerySelector($".quote[data-seq='{bot}'] .stamp")?.TextContent);
        Assert.Null(log.QuerySelector($".quote[data-seq='{person}'] .stamp"));
        Assert.Equal("Echo (bot)", log.QuerySelector($"article[data-seq='{bot}']")!.GetAttribute("aria-label"));
        Assert.Equal("ann", log.QuerySelector($"article[data-seq='{person}']")!.GetAttribute("aria-label"));
        Assert.Equal("EchoBot", (await ann.GetPageAsync($"/rooms/{room}?reply={bot}")).QuerySelector(".answering b")!.Text().Trim());
        Assert.Null((await ann.GetPageAsync($"/rooms/{room}?reply={person}")).QuerySelector(".answering .stamp"));
    }

    [Fact]
    public async Task In_the_list_of_conversations_as_it_is_read_and_as_it_is_told()
    {
        await using var tab = await ann.ConnectAsync();
        var (token, _) = await kitchen.MakeAsync("Echo");
        await kitchen.PostAsync(token, new { content = "The oven is hot" });

        var told = await tab.NextAsync(f => f.StartsWith("{\"head\"", StringComparison.Ordinal) && f.Contains("oven", StringComparison.Ordinal));
        Assert.Equal("Echo (bot)", JsonElement.Parse(told).GetProperty("head").GetProperty("name").GetString());
        Assert.Equal("Echo (bot): The oven is hot", await LastLineAsync(ann));
        using var mei = await kitchen.App.SignUpAsync("mei");
        mei.Http.DefaultRequestHeaders.AcceptLanguage.Clear();
        mei.Http.DefaultRequestHeaders.AcceptLanguage.ParseAdd("zh-CN");
        await mei.SubmitAsync($"/rooms/find?q={room}", "加入");
        await kitchen.PostAsync(token, new { content = "The oven is cold" });
        Assert.Equal("Echo（机器人）：The oven is cold", await LastLineAsync(mei));

        await ann.SayAsync(room, "thank you");
        told = await tab.NextAsync(f => f.StartsWith("{\"head\"", StringComparison.Ordinal) && f.Contains("thank", StringComparison.Ordinal));
        Assert.Equal("ann", JsonElement.Parse(told).GetProperty("head").GetProperty("name").GetString());
        Assert.Equal("ann：thank you", await LastLineAsync(mei));
    }

    [Fact]
    public async Task In_what_is_pinned_and_what_was_found()
    {
        var (bot, person) = await SayBothAsync();
        foreach (var seq in new[] { person, bot })
            await ann.ActAsync(room, seq, "pin", ("pinned", "true"));

        Assert.Equal("Bot", (await ann.GetPageAsync($"/rooms/{room}")).QuerySelector("#pinned .stamp")?.TextContent);
        Assert.Equal([true, false], (await ann.GetPageAsync($"/rooms/{room}/pinned")).QuerySelectorAll("main .rows li").Select(l => l.QuerySelector(".stamp") is not null));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        List<IElement> found;
        while ((found = [.. (await ann.GetPageAsync("/search?q=oven")).QuerySelectorAll(".results li")]).Count < 2)
            await Task.Delay(20, limit.Token);
        Assert.Equal([(false, "ann"), (true, "Echo")], found.Select(l => (l.QuerySelector(".stamp") is not null, l.QuerySelector("b")!.TextContent)));
        await ann.ActAsync(room, bot, "pin", ("pinned", "false"));
        Assert.Null((await ann.GetPageAsync($"/rooms/{room}")).QuerySelector("#pinned .stamp"));
    }

    [Fact]
    public async Task In_notices_and_behind_an_at()
    {
        await using var tab = await ann.ConnectAsync();
        await SayBothAsync();

        var notice = await tab.NextAsync(f => f.StartsWith("{\"notice\"", StringComparison.Ordinal));
        Assert.Equal("Echo (bot) · Kitchen", JsonElement.Parse(notice).GetProperty("notice").GetProperty("en").GetProperty("title").GetString());
        Assert.Equal("Echo（机器人） · Kitchen", JsonElement.Parse(notice).GetProperty("notice").GetProperty("zh-Hans").GetProperty("title").GetString());
        Assert.Equal("""[{"account":"Echo","name":"Echo","bot":true}]""", await ann.Http.GetStringAsync($"/rooms/{room}/names?q=e"));
    }

    /// <returns>The places of what a bot said, and of what a person said after it.</returns>
    private async Task<(long Bot, long Person)> SayBothAsync()
    {
        var (token, _) = await kitchen.MakeAsync("Echo");
        var answer = JsonElement.Parse(await (await kitchen.PostAsync(token, new { content = "The oven is hot" })).Content.ReadAsStringAsync());
        return (answer.GetProperty("seq").GetInt64(), await ann.SayAsync(room, "An oven?"));
    }

    private async Task<string> LastLineAsync(Person person) =>
        (await person.GetPageAsync("/rooms")).QuerySelector($"li[data-room='{room}'] .last")!.Text().Trim();
}
