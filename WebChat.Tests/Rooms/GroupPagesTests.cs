using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace WebChat.Tests.Rooms;

public sealed class GroupPagesTests(App app) : IClassFixture<App>
{
    private static readonly Regex RequestName = new("[0-9A-Z]{13}:[0-9A-F]{8}", RegexOptions.None, TimeSpan.FromSeconds(1));

    [Fact]
    public async Task Who_comes_and_goes_writes_notes_no_faster_than_messages()
    {
        using var strict = new App(("WebChat:Limits:PostsPerMinute", "4"));
        using var ann = await strict.SignUpAsync("ann");
        using var ben = await strict.SignUpAsync("ben");
        var group = (await ann.SubmitAsync("/rooms/new", "Create group", ("Name", "Tides"))).Headers.Location!.OriginalString;
        var form = new[] { new KeyValuePair<string, string>("__RequestVerificationToken", await ben.TokenAsync()) };
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(HttpStatusCode.Redirect, (await ben.Http.PostAsync($"{group}/membership", new FormUrlEncodedContent(form))).StatusCode);
            Assert.Equal(HttpStatusCode.Redirect, (await ben.Http.PostAsync($"{group}/leave", new FormUrlEncodedContent(form))).StatusCode);
        }

        var answer = await ben.Http.PostAsync($"{group}/membership", new FormUrlEncodedContent(form));

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.NotFound, (await ben.Http.GetAsync(group)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await ann.Http.GetAsync(group)).StatusCode);
    }

    [Fact]
    public async Task Who_promotes_a_muted_member_is_told_that_they_write_again()
    {
        using var ann = await app.SignUpAsync("promotes");
        using var ben = await app.SignUpAsync("was-mute");
        var group = await CreateAsync(ann, "Quiet Walkers");
        await ben.SubmitAsync($"/rooms/find?q={group}", "Join");
        await app.Get<WebChat.Rooms.Groups>().MuteAsync(group, await ann.IdAsync(), await ben.IdAsync(), TimeSpan.FromDays(1));

        var page = await ann.FollowAsync(await ann.SubmitAsync($"/rooms/{group}/members", "Make administrator"));

        Assert.Equal("was-mute is an administrator, and no longer muted", page.QuerySelector(".toast")!.TextContent);
        Assert.Equal(HttpStatusCode.OK, (await ben.PostMessageAsync(group, "at last")).StatusCode);
    }

    [Fact]
    public async Task A_group_is_made_found_joined_and_left()
    {
        using var ann = await app.SignUpAsync("owner");
        using var ben = await app.SignUpAsync("walker");
        var room = await CreateAsync(ann, "Saturday Walkers");

        var found = await ben.GetPageAsync($"/rooms/find?q={room}");
        Assert.Contains($"{room}, 1 member", found.Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await ben.Http.GetAsync($"/rooms/{room}")).StatusCode);
        await ben.SubmitAsync(found, "Join");

        Assert.Equal("Saturday Walkers", (await ben.GetPageAsync($"/rooms/{room}")).QuerySelector("h1")!.TextContent.Trim());
        var members = (await ben.GetPageAsync($"/rooms/{room}/members")).QuerySelector("ul[aria-labelledby=members]")!;
        Assert.Equal(2, members.Children.Length);
        Assert.DoesNotContain("Remove", members.TextContent, StringComparison.Ordinal);

        var left = await ben.SubmitAsync(await Person.ReadAsync(await ben.SubmitAsync($"/rooms/{room}/settings", "Leave group")), "Leave group");
        Assert.Equal("/rooms", left.Headers.Location!.OriginalString);
        Assert.Equal(HttpStatusCode.NotFound, (await ben.Http.GetAsync($"/rooms/{room}")).StatusCode);
        Assert.Contains("walker left", (await ann.GetPageAsync("/rooms")).Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dissolved_group_is_404_for_all()
    {
        using var ann = await app.SignUpAsync("dissolver");
        using var ben = await app.SignUpAsync("member");
        var room = await CreateAsync(ann, "Brief");
        await ben.SubmitAsync($"/rooms/find?q={room}", "Join");

        await ann.SubmitAsync(await Person.ReadAsync(await ann.SubmitAsync($"/rooms/{room}/settings", "Dissolve group")), "Dissolve group");

        foreach (var person in new[] { ann, ben })
        {
            foreach (var part in new[] { "", "/members", "/settings", "/leave", "/dissolve" })
                Assert.Equal(HttpStatusCode.NotFound, (await person.Http.GetAsync($"/rooms/{room}{part}")).StatusCode);
        }
    }

    [Fact]
    public async Task One_group_too_many_is_refused_beside_those_that_could_go()
    {
        using var limited = new App(("WebChat:Limits:GroupsPerUser", "2"));
        using var ann = await limited.SignUpAsync("ann");
        await CreateAsync(ann, "One");
        await CreateAsync(ann, "Two");

        var answer = await ann.SubmitAsync("/rooms/new", "Create group", ("Name", "Three"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var page = await Person.ReadAsync(answer);
        var alert = page.QuerySelector("p.error[role=alert]")!;
        Assert.Contains("You own 2 groups, and more are not possible.", alert.TextContent, StringComparison.Ordinal);
        Assert.NotNull(alert.QuerySelector("svg"));
        Assert.Equal(["One", "Two"], page.QuerySelectorAll("ul[aria-labelledby=owned] a.name").Select(a => a.TextContent));
        Assert.Equal("Three", page.QuerySelector("input[name=Name]")!.GetAttribute("value"));
        Assert.DoesNotContain("Three", (await ann.GetPageAsync("/rooms")).Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Searches_beyond_the_limit_are_429_with_a_sentence()
    {
        using var limited = new App(("WebChat:Limits:SearchesPerMinute", "2"));
        using var ann = await limited.SignUpAsync("ann");
        await ann.GetPageAsync("/rooms/find?q=a");
        await ann.GetPageAsync("/contacts/find?q=a");

        var answer = await ann.Http.GetAsync("/rooms/find?q=a");

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.Contains("Too many searches", (await Person.ReadAsync(answer)).QuerySelector("[role=alert]")!.TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "A group needs a name.")]
    [InlineData(" \u200B\u202E ", "A group needs a name.")]
    [InlineData("long", "At most 60 characters.")]
    public async Task A_wrong_name_is_said_beside_its_field(string name, string sentence)
    {
        using var ann = await app.SignUpAsync($"namer{Random.Shared.Next(1_000_000)}");
        var answer = await ann.SubmitAsync("/rooms/new", "Create group", ("Name", name == "long" ? new string('x', 61) : name), ("Memo", "kept"));

        var page = await Person.ReadAsync(answer);
        Assert.Equal(sentence, page.QuerySelector("#name-error")!.TextContent.Trim());
        Assert.Equal("kept", page.QuerySelector("#memo")!.TextContent.Trim());
    }

    [Fact]
    public async Task Outsiders_and_members_cannot_do_what_owners_do()
    {
        using var ann = await app.SignUpAsync("leader");
        using var ben = await app.SignUpAsync("plain-member");
        using var eve = await app.SignUpAsync("outsider");
        var room = await CreateAsync(ann, "Guarded");
        await ben.SubmitAsync($"/rooms/find?q={room}", "Join");
        var members = await ann.GetPageAsync($"/rooms/{room}/members");
        var annId = members.QuerySelector("[data-me]")!.GetAttribute("data-me")!;

        foreach (var (person, status) in new[] { (ben, HttpStatusCode.Forbidden), (eve, HttpStatusCode.NotFound) })
        {
            foreach (var (address, fields) in new (string, Dictionary<string, string>)[]
            {
                ($"/rooms/{room}/settings", new() { ["Name"] = "Mine" }),
                ($"/rooms/{room}/remove", new() { ["member"] = annId }),
                ($"/rooms/{room}/dissolve", []),
            })
            {
                fields["__RequestVerificationToken"] = await person.TokenAsync();
                Assert.Equal(status, (await person.Http.PostAsync(address, new FormUrlEncodedContent(fields))).StatusCode);
            }
        }
        Assert.Equal(await BodyAsync(eve, $"/rooms/{room}/members"), await BodyAsync(eve, "/rooms/123456789/members"));
        Assert.Equal(await BodyAsync(eve, $"/rooms/{room}/remove?member={annId}"), await BodyAsync(eve, $"/rooms/123456789/remove?member={annId}"));
        Assert.Equal(HttpStatusCode.Forbidden, (await ann.Http.GetAsync($"/rooms/{room}/remove?member={annId}")).StatusCode);
        foreach (var number in new[] { "-5", "0", "99999999999999999999", "1e3", "abc" })
            Assert.Equal(HttpStatusCode.NotFound, (await eve.Http.GetAsync($"/rooms/{number}/members")).StatusCode);
        Assert.Equal("Guarded", (await ann.GetPageAsync($"/rooms/{room}")).QuerySelector("h1")!.TextContent.Trim());
    }

    [Fact]
    public async Task A_removed_member_is_out_and_the_room_says_so()
    {
        using var ann = await app.SignUpAsync("remover");
        using var ben = await app.SignUpAsync("removed-one");
        var room = await CreateAsync(ann, "Strict");
        await ben.SubmitAsync($"/rooms/find?q={room}", "Join");
        await using var socket = await ben.ConnectAsync();
        await socket.OpenAsync(room);

        var confirm = await Person.ReadAsync(await ann.SubmitAsync($"/rooms/{room}/members", "Remove"));
        Assert.Equal("Remove removed-one?", confirm.QuerySelector("main h1")!.TextContent);
        Assert.Contains("They can join again.", confirm.QuerySelector("main")!.TextContent, StringComparison.Ordinal);
        Assert.Equal($"/rooms/{room}/members", confirm.QuerySelectorAll("main a").Single(a => a.TextContent == "Cancel").GetAttribute("href"));
        Assert.Equal(HttpStatusCode.OK, (await ben.Http.GetAsync($"/rooms/{room}")).StatusCode);

        await ann.SubmitAsync(confirm, "Remove");

        await socket.NextAsync(frame => frame.Contains("unknown-room", StringComparison.Ordinal));
        await ann.SayAsync(room, "among ourselves");
        await socket.RoundTripAsync();
        Assert.DoesNotContain(socket.All, frame => frame.Contains("among ourselves", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.NotFound, (await ben.Http.GetAsync($"/rooms/{room}")).StatusCode);
        Assert.Contains("removed removed-one", (await ann.GetPageAsync($"/rooms/{room}")).Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_group_says_how_others_find_it_and_its_head_gives_the_number_whole()
    {
        using var ann = await app.SignUpAsync("founder");
        var room = await CreateAsync(ann, "Lonely");

        var page = await ann.GetPageAsync($"/rooms/{room}");

        Assert.Equal($"Tell others the number {room}: with it they find this group and join.", page.QuerySelector(".first-words")!.TextContent);
        Assert.Equal($"number {room}", page.QuerySelector("main > header .number")!.TextContent);
        var lobby = await ann.GetPageAsync("/lobby");
        Assert.DoesNotContain("Tell others", lobby.Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_member_hears_of_a_new_name_and_outsiders_do_not()
    {
        using var ann = await app.SignUpAsync("renamer");
        using var ben = await app.SignUpAsync("hears");
        using var eve = await app.SignUpAsync("hears-not");
        var room = await CreateAsync(ann, "Old name");
        await ben.SubmitAsync($"/rooms/find?q={room}", "Join");
        await using var hears = await ben.ConnectAsync();
        await using var hearsNot = await eve.ConnectAsync();
        await hearsNot.RoundTripAsync();

        await ann.SubmitAsync($"/rooms/{room}/settings", "Save", ("Name", "New name"), ("Announcement", "Bring boots"));

        await hears.NextAsync(frame => frame == """{"changed":"rooms"}""");
        await hearsNot.RoundTripAsync();
        Assert.DoesNotContain(hearsNot.All, frame => frame.Contains("rooms", StringComparison.Ordinal));
        Assert.Contains("New name", (await ben.GetPageAsync("/rooms/list")).Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains("Bring boots", (await ben.GetPageAsync($"/rooms/{room}/members")).Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_hears_of_settings_that_were_saved_as_they_were()
    {
        using var ann = await app.SignUpAsync("saver");
        using var ben = await app.SignUpAsync("undisturbed");
        var room = await CreateAsync(ann, "As it is");
        await ben.SubmitAsync($"/rooms/find?q={room}", "Join");
        await using var hears = await ben.ConnectAsync();
        await hears.RoundTripAsync();

        await ann.SubmitAsync($"/rooms/{room}/settings", "Save");
        await ann.SubmitAsync($"/rooms/{room}/settings", "Save", ("Memo", "Every Sunday"));

        await hears.NextAsync(frame => frame == """{"changed":"rooms"}""");
        await hears.RoundTripAsync();
        Assert.Single(hears.All, frame => frame == """{"changed":"rooms"}""");
    }

    private static async Task<long> CreateAsync(Person person, string name)
    {
        var answer = await person.SubmitAsync("/rooms/new", "Create group", ("Name", name));
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        return long.Parse(answer.Headers.Location!.OriginalString.Split('/')[^1], CultureInfo.InvariantCulture);
    }

    /// <summary>A page but for what differs from request to request: its token and its name.</summary>
    private static async Task<string> BodyAsync(Person person, string address)
    {
        var page = await Person.ReadAsync(await person.Http.GetAsync(address));
        page.Body!.RemoveAttribute("data-address");
        page.Body.RemoveAttribute("hx-headers:inherited");
        return RequestName.Replace(page.Body.InnerHtml, "");
    }
}
