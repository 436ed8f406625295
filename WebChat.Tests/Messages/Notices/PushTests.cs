using System.Text.Json;
using WebChat.Accounts.Push;
using WebChat.Rooms;
using WebChat.Tests.Accounts.Push;

namespace WebChat.Tests.Messages.Notices;

/// <summary>From a post to a push service of the test's own, which reads as the browser would. A socket is an open page; without one there is none.</summary>
public sealed class PushTests : IAsyncLifetime
{
    private Pushing world = null!;

    public async Task InitializeAsync() => world = await Pushing.StartAsync();

    public async Task DisposeAsync() => await world.DisposeAsync();

    [Fact]
    public async Task A_message_reaches_the_browser_of_one_who_has_no_page_open_and_only_theirs()
    {
        var (ann, ben, room) = await world.App.FriendsAsync("ann", "ben");
        using var cas = await world.App.SignUpAsync("cas");
        using var bens = await world.SubscribeAsync(ben, "/ben");
        using var anns = await world.SubscribeAsync(ann, "/ann");
        using var others = await world.SubscribeAsync(cas, "/cas");

        var seq = await ann.SayAsync(room, "tea at *four*?");

        var (path, headers, body) = await world.NextAsync();
        Assert.Equal("/ben", path);
        Assert.Equal(("aes128gcm", "86400", "high"), (headers.ContentEncoding.ToString(), headers["TTL"].ToString(), headers["Urgency"].ToString()));
        Assert.Matches("^[A-Za-z0-9_-]{32}$", headers["Topic"].ToString());
        Assert.Equal(world.Service.Address, PushMessageTests.Believe(headers.Authorization.ToString()).GetProperty("aud").GetString());
        using var said = JsonDocument.Parse(bens.Read(body));
        Assert.Equal((room.ToString(), seq, "ann", "tea at four?", 1), (said.RootElement.GetProperty("room").GetString(), said.RootElement.GetProperty("seq").GetInt64(),
            said.RootElement.GetProperty("title").GetString(), said.RootElement.GetProperty("body").GetString(), said.RootElement.GetProperty("unread").GetInt32()));
        Assert.Empty(await world.RestAsync(ann));
        Assert.DoesNotContain(world.Logged, line => line.Contains("tea at", StringComparison.Ordinal) || line.Contains(bens.AuthText, StringComparison.Ordinal));
        Assert.NotEmpty(world.Logged);
    }

    [Fact]
    public async Task One_with_a_page_open_is_called_there_and_not_pushed_to()
    {
        var (ann, ben, room) = await world.App.FriendsAsync("ann", "ben");
        using var bens = await world.SubscribeAsync(ben, "/ben");
        using var elsewhere = new Person(world.App, "ben", "en");
        await elsewhere.SignInAsync();
        using var phones = await world.SubscribeAsync(elsewhere, "/phone");
        await using var page = await ben.ConnectAsync();

        var seq = await ann.SayAsync(room, "look here");

        using var notice = JsonDocument.Parse(await page.NextAsync(f => f.StartsWith("{\"notice\"", StringComparison.Ordinal)));
        var told = notice.RootElement.GetProperty("notice");
        Assert.Equal((room.ToString(), seq), (told.GetProperty("room").GetString(), told.GetProperty("seq").GetInt64()));
        foreach (var language in new[] { "en", "zh-Hans" })
            Assert.Equal(("ann", "look here"), (told.GetProperty(language).GetProperty("title").GetString(), told.GetProperty(language).GetProperty("body").GetString()));
        Assert.Equal("/phone", (await world.NextAsync()).Path); // another device of theirs, without a page
        Assert.Empty(await world.RestAsync(ann));
    }

    [Fact]
    public async Task What_is_read_before_the_others_are_woken_wakes_none()
    {
        await world.DisposeAsync();
        world = await Pushing.StartAsync(after: "3");
        var (ann, ben, room) = await world.App.FriendsAsync("ann", "ben");
        using var bens = await world.SubscribeAsync(ben, "/ben");
        using var elsewhere = new Person(world.App, "ben", "en");
        await elsewhere.SignInAsync();

        await ann.SayAsync(room, "quick one");
        await elsewhere.GetPageAsync($"/rooms/{room}");
        var seq = await ann.SayAsync(room, "slow one");

        using var said = JsonDocument.Parse(bens.Read((await world.NextAsync()).Body));
        Assert.Equal(seq, said.RootElement.GetProperty("seq").GetInt64());
    }

    [Fact]
    public async Task Without_the_text_it_says_who_and_where_only()
    {
        using var ann = await world.App.SignUpAsync("ann");
        using var ben = await world.App.SignUpAsync("ben");
        ben.Http.DefaultRequestHeaders.AcceptLanguage.Clear();
        ben.Http.DefaultRequestHeaders.AcceptLanguage.ParseAdd("zh-CN");
        var group = await ann.NewGroupAsync("Saturday Walkers");
        await world.App.Get<MemberStore>().JoinAsync(group, await ben.IdAsync(), "", 0, _ => { });
        using var bens = await world.SubscribeAsync(ben, "/ben");
        await ben.Http.PostAsync("/me/notifications", new FormUrlEncodedContent([new("__RequestVerificationToken", await ben.TokenAsync("/me/notifications"))]));

        await ann.SayAsync(group, "the secret place");

        var (_, headers, body) = await world.NextAsync();
        using var said = JsonDocument.Parse(bens.Read(body));
        Assert.Equal(("ann · Saturday Walkers", "新消息", "normal"), (said.RootElement.GetProperty("title").GetString(), said.RootElement.GetProperty("body").GetString(), headers["Urgency"].ToString()));
    }

    [Fact]
    public async Task However_long_names_and_words_are_it_fits()
    {
        using var ann = await world.App.SignUpAsync("ann");
        using var ben = await world.App.SignUpAsync("ben");
        var family = "👨‍👩‍👧‍👦";
        var group = await ann.NewGroupAsync(string.Concat(Enumerable.Repeat(family, 40)));
        await world.App.Get<MemberStore>().JoinAsync(group, await ben.IdAsync(), "", 0, _ => { });
        using var bens = await world.SubscribeAsync(ben, "/ben");

        await ann.SayAsync(group, string.Concat(Enumerable.Repeat(family, 200)));

        var text = bens.Read((await world.NextAsync()).Body);
        Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(text), 1000, PushMessage.MostBytes);
        using var said = JsonDocument.Parse(text);
        Assert.StartsWith("ann · 👨‍👩‍👧‍👦", said.RootElement.GetProperty("title").GetString(), StringComparison.Ordinal);
        Assert.StartsWith(family, said.RootElement.GetProperty("body").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silenced_room_and_a_blocked_person_push_nothing_and_one_who_was_removed_hears_no_more()
    {
        var (ann, ben, room) = await world.App.FriendsAsync("ann", "ben");
        var group = await ann.NewGroupAsync("Walkers");
        await world.App.Get<MemberStore>().JoinAsync(group, await ben.IdAsync(), "", 0, _ => { });
        using var bens = await world.SubscribeAsync(ben, "/ben");
        await ben.SubmitAsync($"/rooms/{room}/notifications", "Save", ("Nothing", "Nothing"));
        await ann.SayAsync(room, "silenced");
        var page = await ann.GetPageAsync($"/rooms/{group}/members");
        await ann.Http.PostAsync($"/rooms/{group}/remove", new FormUrlEncodedContent(
            [new("member", page.QuerySelector("input[name=member]")!.GetAttribute("value")!), new("__RequestVerificationToken", await ann.TokenAsync())]));
        await ann.SayAsync(group, "@ben is gone");
        Assert.Empty(await world.RestAsync(ann));
        await ben.SubmitAsync($"/rooms/{room}/notifications", "Save", ("All messages", "All"));
        await ben.SubmitAsync("/people/ann/block", "Block");

        await ann.SayAsync(room, "blocked");

        Assert.Empty(await world.RestAsync(ann));
    }

    [Fact]
    public async Task Whom_the_reader_has_blocked_pushes_nobody_elses_message_out()
    {
        await world.DisposeAsync();
        world = await Pushing.StartAsync(after: "1");
        var (ann, ben, _) = await world.App.FriendsAsync("ann", "ben");
        using var cas = await world.App.SignUpAsync("cas");
        var group = await ann.NewGroupAsync("Walkers");
        foreach (var member in new[] { ben, cas })
            await world.App.Get<MemberStore>().JoinAsync(group, await member.IdAsync(), "", 0, _ => { });
        await ben.SubmitAsync("/people/cas/block", "Block");
        using var bens = await world.SubscribeAsync(ben, "/ben");
        var token = await cas.TokenAsync();

        var seq = await ann.SayAsync(group, "dinner is ready");
        for (var i = 0; i < 12; i++)
            await cas.SayAsync(group, i % 2 == 0 ? $"nonsense {i}" : $"@ben {i}", token);

        using var said = JsonDocument.Parse(bens.Read((await world.NextAsync()).Body));
        Assert.Equal(seq, said.RootElement.GetProperty("seq").GetInt64());
        Assert.Empty(await world.RestAsync(ann));
    }

    [Fact]
    public async Task What_was_recalled_gives_way_to_words_that_say_so()
    {
        var (ann, ben, room) = await world.App.FriendsAsync("ann", "ben");
        using var bens = await world.SubscribeAsync(ben, "/ben");
        var seq = await ann.SayAsync(room, "a mistake");
        var first = await world.NextAsync();

        await ann.ActAsync(room, seq, "recall");

        var second = await world.NextAsync();
        Assert.Equal(first.Headers["Topic"].ToString(), second.Headers["Topic"].ToString());
        using var said = JsonDocument.Parse(bens.Read(second.Body));
        Assert.Equal((seq, "Message recalled", true), (said.RootElement.GetProperty("seq").GetInt64(), said.RootElement.GetProperty("body").GetString(), said.RootElement.GetProperty("isGone").GetBoolean()));
        Assert.DoesNotContain("mistake", bens.Read(second.Body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_recalled_before_it_was_pushed_is_never_pushed()
    {
        await world.DisposeAsync();
        world = await Pushing.StartAsync(after: "3");
        var (ann, ben, room) = await world.App.FriendsAsync("ann", "ben");
        using var bens = await world.SubscribeAsync(ben, "/ben");

        await ann.ActAsync(room, await ann.SayAsync(room, "a mistake"), "recall");

        Assert.Empty(await world.RestAsync(ann));
    }
}
