using Microsoft.Playwright;
using WebChat.Messages.Lucky;
using WebChat.Messages.Retention;
using WebChat.Storage;
using WebChat.Tests.Media;
using WebChat.Tests.Messages.Stickers;
using static Microsoft.Playwright.Assertions;

namespace WebChat.Tests.Browser;

/// <summary>A page that was open all the while shows what one opened now shows, element by element.</summary>
[Collection(BrowserTests.Name)]
public sealed class LivePageTests(Chromium chromium)
{
    [Fact]
    public async Task After_every_action_the_open_page_equals_the_reloaded_one()
    {
        using var app = new App();
        using var ann = await app.SignUpAsync("ann");
        using var ben = await app.SignUpAsync("ben");
        using var cas = await app.SignUpAsync("cas");
        await ann.SubmitAsync("/rooms/new", "Create group", ("Name", "Walkers"));
        var group = await RoomAsync(ann, "Walkers");
        var lobby = await RoomAsync(ann, "Lobby");
        await ben.SubmitAsync("/rooms/find?q=walkers", "Join");
        await using var screen = await chromium.OpenAsync(app.Address);
        await screen.BeAsync(ann, app.Address);
        await screen.Page.GotoAsync($"/rooms/{group}");
        var reloaded = await screen.NewTabAsync();

        await CheckAsync("at first", () => Task.CompletedTask);
        await CheckAsync("I write", () => screen.SayAsync("Low water is at 11:40"));
        await CheckAsync("I go on", () => screen.SayAsync("two\nlines\n\nand a paragraph"));
        await CheckAsync("another writes", () => ben.SayAsync(group, "<b>Perfect</b> & \"so on\""));
        await CheckAsync("the other goes on", () => ben.SayAsync(group, "ليلى حداد 👩‍👩‍👧‍👦"));
        await CheckAsync("the other goes on in families", () => ben.SayAsync(group, string.Concat(Enumerable.Repeat("👨‍👩‍👧‍👦", 60)) + "\nall of us"));
        await CheckAsync("the other is called something else", () => ben.SubmitAsync("/me", "Save", ("Nickname", "Benedict <b>")));
        await CheckAsync("I am called something else", () => ann.SubmitAsync("/me", "Save", ("Nickname", "安 Ann")));
        await CheckAsync("the other has a picture", () => ShowFaceAsync(ben));
        await CheckAsync("I write from another device", () => ann.SayAsync(group, "from the phone"));
        await CheckAsync("somebody answers", () => ReplyAsync(ben, group, 3, "quite so"));
        await CheckAsync("what was answered is edited", () => ann.ActAsync(group, 3, "edit", ("content", "two\nother lines")));
        await CheckAsync("somebody reacts", () => ben.ActAsync(group, 3, "reactions", ("emoji", "👍")));
        await CheckAsync("I react too", () => ann.ActAsync(group, 3, "reactions", ("emoji", "👍")));
        await CheckAsync("a reaction is taken back", () => ben.ActAsync(group, 3, "reactions", ("emoji", "👍")));
        await CheckAsync("a message is pinned", () => ann.ActAsync(group, 2, "pin"));
        await CheckAsync("another is pinned", () => ann.ActAsync(group, 3, "pin"));
        await CheckAsync("one is unpinned", () => ann.ActAsync(group, 2, "pin"));
        await CheckAsync("what was answered is taken back", () => ann.ActAsync(group, 3, "recall"));
        await CheckAsync("I am called", () => ben.SayAsync(group, "@ann where are you?"));
        await CheckAsync("the last message is edited", async () => await ben.ActAsync(group, await ben.SayAsync(group, "soon"), "edit", ("content", "sooner")));
        await CheckAsync("the last message is taken back", async () => await ben.ActAsync(group, await ben.SayAsync(group, "never mind"), "recall"));
        await CheckAsync("somebody joins", () => cas.SubmitAsync("/rooms/find?q=walkers", "Join"));
        await CheckAsync("the newcomer writes", () => cas.SayAsync(group, "Hello all"));
        await CheckAsync("the name changes", () => ann.SubmitAsync($"/rooms/{group}/settings", "Save", ("Name", "Sunday walkers")));
        await CheckAsync("there is an announcement", () => ann.SubmitAsync($"/rooms/{group}/settings", "Save", ("Announcement", "Bring boots")));
        await CheckAsync("somebody leaves", () => cas.SubmitAsync($"/rooms/{group}/leave", "Leave group"));
        await CheckAsync("another room speaks", () => ben.SayAsync(lobby, "Anybody here?"));
        await CheckAsync("another room calls me", () => ben.SayAsync(lobby, "@ann, look"));
        await CheckAsync("what it said last is edited", async () => await ben.ActAsync(lobby, await ben.SayAsync(lobby, "this way"), "edit", ("content", "that way")));
        await CheckAsync("the open room is on top again", () => ben.SayAsync(group, "back here"));
        await CheckAsync("the last word further down is edited", async () => await ben.ActAsync(lobby, await LastAsync(ben, lobby), "edit", ("content", "no way, @ann")));
        await CheckAsync("and somebody reacts to it", async () => await cas.ActAsync(lobby, await LastAsync(cas, lobby), "reactions", ("emoji", "👍")));
        await CheckAsync("and it is taken back", async () => await ben.ActAsync(lobby, await LastAsync(ben, lobby), "recall"));
        await CheckAsync("somebody asks to be a friend", () => cas.SubmitAsync("/people/ann/request", "Send request", ("Message", "It is me")));
        await CheckAsync("they are friends", () => ann.SubmitAsync("/contacts", "Accept"));
        await CheckAsync("the friend is called something else", () => cas.SubmitAsync("/me", "Save", ("Nickname", "Cassandra")));
        await CheckAsync("the friend writes", async () => await cas.SayAsync(await RoomAsync(cas, "Ann"), "At last"));
        await StickerPagesTests.AddAsync(ann, "Tea", "a cup & \"saucer\"", Sample.Png);
        await CheckAsync("somebody sends a sticker", () => ben.SubmitAsync($"/rooms/{group}/sticker", "a cup & \"saucer\""));
        await CheckAsync("there is lucky money", async () => await ben.SubmitAsync($"/rooms/{group}/lucky", "Send", ("Points", "30"), ("Shares", "3"), ("Greeting", "安 & all")));
        var lucky = await LastLuckyAsync(ann, group);
        await CheckAsync("another opens it", () => ben.ActAsync(group, lucky, "open"));
        await CheckAsync("I open it", () => ann.ActAsync(group, lucky, "open"));
        await CheckAsync("there is another, for one, which I open at once", async () =>
        {
            await ben.SubmitAsync($"/rooms/{group}/lucky", "Send", ("Points", "5"), ("Shares", "1"));
            await ann.ActAsync(group, lucky + 1, "open");
        });
        await CheckAsync("nobody opens mine, and it goes back", async () =>
        {
            await ann.SubmitAsync($"/rooms/{group}/lucky", "Send", ("Points", "5"), ("Shares", "1"));
            var late = DateTimeOffset.UtcNow.AddHours(25).ToUnixTimeMilliseconds();
            await app.Get<LuckyStore>().ReturnAsync(group, lucky + 2, late);
        });
        await CheckAsync("the other room is read elsewhere", () => ann.GetPageAsync($"/rooms/{lobby}"));
        await CheckAsync("a member is removed", () => RemoveAsync(ann, group));
        await CheckAsync("a friend is deleted", () => cas.SubmitAsync("/people/ann/delete", "Delete friend"));

        var last = await SnapshotAsync(screen.Page);
        Assert.Contains("Sunday walkers", last, StringComparison.Ordinal);
        Assert.Contains("Bring boots", last, StringComparison.Ordinal);
        Assert.Contains("Benedict", last, StringComparison.Ordinal);
        Assert.Contains("src=/pictures/", last, StringComparison.Ordinal);
        Assert.Contains("Hello all", last, StringComparison.Ordinal);
        Assert.Contains("Message recalled", last, StringComparison.Ordinal);
        Assert.Contains("sooner", last, StringComparison.Ordinal);
        await CheckAsync("the oldest are deleted for their age, with what somebody answered", async () =>
        {
            await app.Get<Database>().ExecuteAsync("UPDATE messages SET created_at = 1 WHERE room = @group AND seq <= 7", new { group });
            await app.Get<AgeStore>().DeleteSomeAsync(group, before: 2, most: 50);
        });
        Assert.DoesNotContain($"data-seq=7 ", await SnapshotAsync(screen.Page), StringComparison.Ordinal);

        async Task CheckAsync(string when, Func<Task> action)
        {
            await action();
            var (live, anew) = ("", "");
            var limit = DateTime.UtcNow.AddSeconds(20);
            do
            {
                await reloaded.GotoAsync($"/rooms/{group}");
                (live, anew) = (await SnapshotAsync(screen.Page), await SnapshotAsync(reloaded));
            } while (live != anew && DateTime.UtcNow < limit);
            Assert.True(live == anew, $"When {when}:\n{Difference(live, anew)}");
        }
    }

    [Fact]
    public async Task What_is_pinned_further_up_than_the_page_reaches_is_shown_as_it_is_now()
    {
        using var app = new App();
        var (a, b, room) = await app.FriendsAsync("ann", "ben");
        var token = await a.TokenAsync();
        var seq = await a.SayAsync(room, "Meet at ten", token);
        for (var i = 0; i < 55; i++)
            await a.SayAsync(room, $"word {i}", token);
        await a.ActAsync(room, seq, "pin");
        await using var ben = await chromium.OpenAsync(app.Address);
        await ben.BeAsync(b, app.Address);
        await ben.Page.GotoAsync($"/rooms/{room}");
        var pinned = ben.Page.Locator("#pinned");
        await Expect(pinned).ToContainTextAsync("Meet at ten");
        await Expect(ben.Message("Meet at ten")).ToHaveCountAsync(0);

        await a.ActAsync(room, seq, "edit", ("content", "Meet at eleven"));
        await Expect(pinned).ToContainTextAsync("Meet at eleven");
        await a.ActAsync(room, seq, "recall");
        await Expect(pinned).ToBeHiddenAsync();
        Assert.Equal(0, await ben.Page.GetByText("Meet at eleven").CountAsync());
    }

    [Fact]
    public async Task In_Chinese_the_list_says_the_same_live_and_reloaded()
    {
        using var app = new App();
        using var ben = await app.SignUpAsync("ben");
        using var ann = await app.SignUpAsync("ann");
        var lobby = await RoomAsync(ben, "Lobby");
        await using var screen = await chromium.OpenAsync(app.Address, o => o.Locale = "zh-CN");
        await screen.BeAsync(ann, app.Address);
        await screen.Page.GotoAsync($"/rooms/{lobby}");
        var reloaded = await screen.NewTabAsync();
        foreach (var (person, text, line) in new[] { (ann, "mine: $& {1}", "我：mine: $& {1}"), (ben, "theirs {0}", "ben：theirs {0}") })
        {
            await person.SayAsync(lobby, text);
            await Expect(screen.Page.Locator($"li[data-room='{lobby}'] .last")).ToHaveTextAsync(line);
            await reloaded.GotoAsync($"/rooms/{lobby}");
            await Expect(reloaded.Locator($"li[data-room='{lobby}'] .last")).ToHaveTextAsync(line);
        }
    }

    [Fact]
    public async Task One_who_is_put_out_is_told_on_the_open_page_and_the_others_go_on()
    {
        using var app = new App();
        using var ann = await app.SignUpAsync("ann");
        using var ben = await app.SignUpAsync("ben");
        await ann.SubmitAsync("/rooms/new", "Create group", ("Name", "Walkers"));
        var group = await RoomAsync(ann, "Walkers");
        await ben.SubmitAsync("/rooms/find?q=walkers", "Join");
        await using var owner = await chromium.OpenAsync(app.Address);
        await using var member = await chromium.OpenAsync(app.Address);
        await owner.BeAsync(ann, app.Address);
        await member.BeAsync(ben, app.Address);
        await owner.Page.GotoAsync($"/rooms/{group}");
        await member.Page.GotoAsync($"/rooms/{group}");
        await ann.SayAsync(group, "still together");
        await member.SeesAsync("still together");

        await RemoveAsync(ann, group);
        await Expect(member.Page.GetByText("You can no longer read this conversation.")).ToBeVisibleAsync();
        await Expect(member.Page.Locator("form.composer")).ToHaveCountAsync(0);
        await Expect(member.Page.Locator($"li[data-room='{group}']")).ToHaveCountAsync(0);
        await Expect(owner.Page.GetByText("1 member ·")).ToBeVisibleAsync();
        await owner.SayAsync("only me now");
        await owner.SeesAsync("only me now");
        Assert.Equal(0, await member.Message("only me now").CountAsync());
    }

    [Fact]
    public async Task Pages_about_a_group_say_live_who_is_in_it_and_what_is_typed_there_stays()
    {
        using var app = new App();
        using var ann = await app.SignUpAsync("ann");
        using var ben = await app.SignUpAsync("ben");
        var group = await ann.NewGroupAsync("Walkers");
        await using var screen = await chromium.OpenAsync(app.Address);
        await screen.BeAsync(ann, app.Address);
        await screen.Page.GotoAsync($"/rooms/{group}/members");
        var settings = await screen.NewTabAsync();
        await settings.GotoAsync($"/rooms/{group}/settings");
        await settings.GetByLabel("Memo").FillAsync("half a wor");
        await Expect(screen.Page.Locator("#members")).ToHaveTextAsync("Members, 1");

        await ben.SubmitAsync("/rooms/find?q=walkers", "Join");

        await Expect(screen.Page.Locator("#members")).ToHaveTextAsync("Members, 2");
        await Expect(screen.Page.Locator("ul[aria-labelledby=members]")).ToContainTextAsync("@ben");
        await Expect(settings.Locator("#ways")).ToContainTextAsync("Members, 2");
        await Expect(settings.Locator("#end")).ToContainTextAsync("all 2 members");
        await Expect(settings.GetByLabel("Memo")).ToHaveValueAsync("half a wor");

        await ben.SubmitAsync("/me", "Save", ("Nickname", "Benedict"));
        await Expect(screen.Page.Locator("ul[aria-labelledby=members]")).ToContainTextAsync("Benedict");
    }

    [Fact]
    public async Task One_who_is_put_out_is_told_on_the_page_of_members_too()
    {
        using var app = new App();
        using var ann = await app.SignUpAsync("ann");
        using var ben = await app.SignUpAsync("ben");
        var group = await ann.NewGroupAsync("Walkers");
        await ben.SubmitAsync("/rooms/find?q=walkers", "Join");
        await using var member = await chromium.OpenAsync(app.Address);
        await member.BeAsync(ben, app.Address);
        await member.Page.GotoAsync($"/rooms/{group}/members");
        await Expect(member.Page.GetByText("@ann")).ToBeVisibleAsync();

        await RemoveAsync(ann, group);

        await Expect(member.Page.GetByText("You are not in the group any more, or it was dissolved.")).ToBeVisibleAsync();
        await Expect(member.Page.Locator("main")).Not.ToContainTextAsync("@ann");
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await ben.Http.GetAsync($"/rooms/{group}/members")).StatusCode);
    }

    [Fact]
    public async Task A_persons_page_follows_what_they_are_called()
    {
        using var app = new App();
        var (a, b, _) = await app.FriendsAsync("ann", "ben");
        await using var ann = await chromium.OpenAsync(app.Address);
        await ann.BeAsync(a, app.Address);
        await ann.Page.GotoAsync("/people/ben");
        await ann.Label("Remark").FillAsync("half a wor");

        await b.SubmitAsync("/me", "Save", ("Nickname", "Benedict"));

        await Expect(ann.Page.Locator("#person h1")).ToHaveTextAsync("Benedict");
        await Expect(ann.Page.Locator("ul.rooms")).ToContainTextAsync("Benedict");
        await Expect(ann.Label("Remark")).ToHaveValueAsync("half a wor");
    }

    [Fact]
    public async Task The_title_keeps_its_number_when_a_part_of_a_page_comes_anew()
    {
        using var app = new App();
        var (a, b, room) = await app.FriendsAsync("ann", "ben");
        using var cas = await app.SignUpAsync("cas");
        var group = await a.NewGroupAsync("Walkers");
        await using var ann = await chromium.OpenAsync(app.Address);
        await ann.BeAsync(a, app.Address);
        await ann.Page.GotoAsync($"/rooms/{group}/members");
        await b.SayAsync(room, "one");
        await b.SayAsync(room, "two");
        var counted = new System.Text.RegularExpressions.Regex(@"^\(\d+\) Members of Walkers · ");
        await Expect(ann.Page).ToHaveTitleAsync(counted);

        await cas.SubmitAsync("/rooms/find?q=walkers", "Join");

        await Expect(ann.Page.Locator("#members")).ToHaveTextAsync("Members, 2");
        await Expect(ann.Page).ToHaveTitleAsync(counted);
    }

    private static async Task ReplyAsync(Person person, long room, long seq, string words) =>
        await person.SubmitAsync($"/rooms/{room}?reply={seq}", "Send", ("Message", words));

    private static async Task<long> LastAsync(Person person, long room) =>
        long.Parse((await person.GetPageAsync($"/rooms/{room}")).QuerySelectorAll("article[data-seq]").Last().GetAttribute("data-seq")!);

    private static async Task<long> LastLuckyAsync(Person person, long room) =>
        long.Parse((await person.GetPageAsync($"/rooms/{room}")).QuerySelectorAll("article:has(.lucky)").Last().GetAttribute("data-seq")!);

    /// <summary>Puts the first who can be removed out of the group.</summary>
    private static async Task RemoveAsync(Person owner, long group) =>
        await owner.SubmitAsync(await Person.ReadAsync(await owner.SubmitAsync($"/rooms/{group}/members", "Remove")), "Remove");

    private static async Task<long> RoomAsync(Person person, string name) =>
        long.Parse((await person.GetPageAsync("/rooms")).QuerySelectorAll("li[data-room]").First(l => l.QuerySelector(".name")!.TextContent.Contains(name, StringComparison.Ordinal)).GetAttribute("data-room")!);

    private static async Task ShowFaceAsync(Person person)
    {
        using var body = new MultipartFormDataContent
        {
            { new StringContent("Benedict"), "Nickname" },
            { new StringContent("Unknown"), "Sex" },
            { new StringContent(await person.TokenAsync()), "__RequestVerificationToken" },
            { new ByteArrayContent(Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")), "Avatar", "face.png" },
        };
        await person.Http.PostAsync("/me", body);
    }

    /// <summary>The page as lines of elements. Left out is what only time makes: entrances, who is here, and one-time words.</summary>
    private static Task<string> SnapshotAsync(IPage page) => page.EvaluateAsync<string>(
        """
        () => {
          const lines = [];
          const passing = '.line-new, .here, template, script, input[type=hidden]';
          const walk = (node, depth) => {
            if (node.nodeType === Node.TEXT_NODE) {
              const text = node.textContent.replace(/\s+/g, ' ').trim();
              if (text) lines.push(' '.repeat(depth) + text);
            }
            if (node.nodeType !== Node.ELEMENT_NODE || node.matches(passing)) return;
            const names = [...node.classList].filter(c => c !== 'arrived').sort().join('.');
            const attributes = ['id', 'href', 'data-room', 'data-seq', 'data-rev', 'data-read', 'data-by', 'data-at', 'data-line', 'data-called', 'data-claims', 'aria-pressed', 'datetime', 'aria-label', 'aria-current', 'dir', 'hidden', 'src', 'width', 'data-last-by']
              .filter(a => node.hasAttribute(a)).map(a => a === 'hidden' ? ' hidden' : ` ${a}=${node.getAttribute(a)}`).join('');
            lines.push(' '.repeat(depth) + node.localName + (names && '.' + names) + attributes);
            for (const child of node.childNodes) walk(child, depth + 1);
          };
          lines.push(document.title);
          walk(document.querySelector('.app'), 0);
          return lines.join('\n');
        }
        """);

    /// <summary>Where the two part, with what stands around it.</summary>
    private static string Difference(string live, string anew)
    {
        var (l, a) = (live.Split('\n'), anew.Split('\n'));
        var at = l.Zip(a).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"open:\n{string.Join('\n', l.Skip(at - 3).Take(12))}\nreloaded:\n{string.Join('\n', a.Skip(at - 3).Take(12))}\n";
    }

    [Fact]
    public async Task A_message_that_comes_leaves_the_style_of_those_before_it_alone()
    {
        using var app = new App();
        var (a, b, room) = await app.FriendsAsync("ann", "ben");
        for (var i = 1; i <= 49; i++)
            await b.SayAsync(room, $"early {i}");
        await using var ann = await chromium.OpenAsync(app, a, $"/rooms/{room}", 1280);
        await ann.SeesAsync("early 49");

        var styled = await StyledAsync(ann, async () =>
        {
            await b.SayAsync(room, "one more");
            await ann.SeesAsync("one more");
        });

        var elements = await ann.Page.Locator("[role=log] *").CountAsync();
        Assert.True(styled < elements / 2, $"{styled} elements were styled at once, of {elements} in the log.");
    }

    /// <summary>The most elements whose style was worked out at once meanwhile, as the browser's own trace says.</summary>
    private static async Task<int> StyledAsync(Screen screen, Func<Task> act)
    {
        var devtools = await screen.Page.Context.NewCDPSessionAsync(screen.Page);
        var (most, isDone) = (0, new TaskCompletionSource());
        devtools.Event("Tracing.dataCollected").OnEvent += (_, data) =>
        {
            foreach (var e in data!.Value.GetProperty("value").EnumerateArray())
            {
                if (e.GetProperty("name").GetString() == "UpdateLayoutTree" && e.GetProperty("args").TryGetProperty("elementCount", out var count))
                    most = Math.Max(most, count.GetInt32());
            }
        };
        devtools.Event("Tracing.tracingComplete").OnEvent += (_, _) => isDone.TrySetResult();
        await devtools.SendAsync("Tracing.start", new Dictionary<string, object> { ["traceConfig"] = new { includedCategories = new[] { "devtools.timeline" } } });
        await act();
        await devtools.SendAsync("Tracing.end");
        await isDone.Task.WaitAsync(TimeSpan.FromSeconds(15));
        Assert.NotEqual(0, most); // it was traced
        return most;
    }
}
