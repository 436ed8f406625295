using System.Net;

namespace WebChat.Tests.Rooms;

/// <summary>Coming into a group: by approval, and by links.</summary>
public sealed class JoiningPagesTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task By_approval_Join_asks_and_the_group_is_told_when_somebody_is_let_in()
    {
        using var ann = await app.SignUpAsync("approver");
        using var ben = await app.SignUpAsync("asks");
        using var cas = await app.SignUpAsync("only-member");
        var room = await NewGroupAsync(ann, "Approved", "ByApproval", cas);
        await using var leads = await ann.ConnectAsync();
        await using var member = await cas.ConnectAsync();
        await using var waits = await ben.ConnectAsync();
        foreach (var tab in new[] { leads, member, waits })
            await tab.RoundTripAsync();

        await ben.SubmitAsync($"/rooms/find?q={room}", "Join", ("Message", "I walk too"));

        await leads.NextAsync(f => f == """{"changed":"rooms"}""");
        await waits.NextAsync(f => f == """{"changed":"joining"}""");
        await member.RoundTripAsync();
        Assert.DoesNotContain(member.All, f => f.Contains("changed", StringComparison.Ordinal));
        Assert.Contains("Waiting to be let in", (await ben.GetPageAsync("/rooms/find")).Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await ben.Http.GetAsync($"/rooms/{room}")).StatusCode);
        Assert.DoesNotContain("I walk too", (await cas.GetPageAsync($"/rooms/{room}/members")).Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains("1 request to join", (await ann.GetPageAsync("/rooms/list")).Body!.TextContent, StringComparison.Ordinal);
        var members = await ann.GetPageAsync($"/rooms/{room}/members");
        Assert.Contains("I walk too", members.QuerySelector("ul[aria-labelledby=asking]")!.TextContent, StringComparison.Ordinal);

        await ann.SubmitAsync(members, "Accept");

        await waits.NextAsync(f => f == """{"changed":"rooms"}""");
        Assert.Contains("approver let asks in", (await ben.GetPageAsync($"/rooms/{room}")).Body!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("Requests to join", (await ann.GetPageAsync($"/rooms/{room}/members")).Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains("This request is gone", (await ann.FollowAsync(await ann.SubmitAsync(members, "Accept"))).Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_is_taken_back_by_who_made_it_and_declined_without_a_word_in_the_room()
    {
        using var ann = await app.SignUpAsync("decliner");
        using var ben = await app.SignUpAsync("asks-in-vain");
        var room = await NewGroupAsync(ann, "Picky", "ByApproval");
        await ben.SubmitAsync($"/rooms/find?q={room}", "Join");
        Assert.Contains("Request taken back", (await ben.FollowAsync(await ben.SubmitAsync("/rooms/find", "Withdraw"))).Body!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("Requests to join", (await ann.GetPageAsync($"/rooms/{room}/members")).Body!.TextContent, StringComparison.Ordinal);
        await ben.SubmitAsync($"/rooms/find?q={room}", "Join");

        await ann.SubmitAsync($"/rooms/{room}/members", "Decline");

        Assert.NotNull((await ben.GetPageAsync($"/rooms/find?q={room}")).QuerySelectorAll("button").SingleOrDefault(b => b.TextContent == "Join"));
        Assert.DoesNotContain("asks-in-vain", (await ann.GetPageAsync($"/rooms/{room}")).Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_group_that_links_alone_lead_into_is_nothing_to_others()
    {
        using var ann = await app.SignUpAsync("inviter");
        using var ben = await app.SignUpAsync("uninvited");
        var room = await NewGroupAsync(ann, "Hidden", "ByInvite");

        Assert.Contains("No groups called", (await ben.GetPageAsync($"/rooms/find?q={room}")).Body!.TextContent, StringComparison.Ordinal);
        using var join = new FormUrlEncodedContent([new("__RequestVerificationToken", await ben.TokenAsync())]);
        Assert.Equal(HttpStatusCode.NotFound, (await ben.Http.PostAsync($"/rooms/{room}/membership", join)).StatusCode);
        Assert.DoesNotContain("Tell others the number", (await ann.GetPageAsync($"/rooms/{room}")).Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_visitor_comes_back_to_the_invite_after_signing_in_and_after_registering()
    {
        using var ann = await app.SignUpAsync("host");
        using var ben = await app.SignUpAsync("guest");
        var room = await NewGroupAsync(ann, "Party", "ByInvite");
        var made = await Person.ReadAsync(await ann.SubmitAsync($"/rooms/{room}/invites", "Make link", ("For how many", "10")));
        var link = new Uri(made.GetElementById("link")!.TextContent).AbsolutePath;
        Assert.NotNull(made.QuerySelector("svg.qr path"));
        Assert.DoesNotContain(link, (await ann.GetPageAsync($"/rooms/{room}/invites")).Body!.InnerHtml, StringComparison.Ordinal); // shown once

        using var visitor = new Person(app, "guest", "en");
        var door = await visitor.Http.GetAsync(link);
        Assert.StartsWith("/accounts/sign-in?returnUrl=", door.Headers.Location!.OriginalString, StringComparison.Ordinal);
        var signIn = await visitor.FollowAsync(door);
        var back = await visitor.SubmitAsync(signIn, "Sign in", ("Account or e-mail", "guest"), ("Password", App.Password));
        Assert.Equal(link, back.Headers.Location!.OriginalString);

        using var newcomer = new Person(app, "newcomer", "en");
        var register = await newcomer.GetPageAsync((await newcomer.FollowAsync(await newcomer.Http.GetAsync(link))).QuerySelectorAll("a").Single(a => a.TextContent == "Create an account").GetAttribute("href")!);
        var sent = await newcomer.FollowAsync(await newcomer.SubmitAsync(register, "Send code", ("E-mail", newcomer.Email)));
        var made2 = await newcomer.SubmitAsync(sent, "Create account", ("Code", App.CodeFor(app.Data, newcomer.Email)), ("Account", "newcomer"), ("Nickname", "New"), ("Password", App.Password));
        Assert.Equal(link, made2.Headers.Location!.OriginalString);

        var invited = await newcomer.GetPageAsync(link);
        Assert.Contains("Party", invited.QuerySelector("main")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("1 member", invited.QuerySelector("main")!.TextContent, StringComparison.Ordinal);
        Assert.Equal($"/rooms/{room}", (await newcomer.SubmitAsync(invited, "Join")).Headers.Location!.OriginalString);
        Assert.Equal($"/rooms/{room}", (await newcomer.SubmitAsync(invited, "Join")).Headers.Location!.OriginalString); // pressed twice
        Assert.Contains("9 uses left", (await ann.GetPageAsync($"/rooms/{room}/invites")).Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_link_and_what_is_none_any_more_look_alike_and_are_tried_slowly()
    {
        using var limited = new App(("WebChat:Limits:SearchesPerMinute", "4"));
        using var ann = await limited.SignUpAsync("ann");
        using var ben = await limited.SignUpAsync("ben");
        var room = await ann.NewGroupAsync("Guessed");
        var made = await Person.ReadAsync(await ann.SubmitAsync($"/rooms/{room}/invites", "Make link"));
        var link = new Uri(made.GetElementById("link")!.TextContent).AbsolutePath;
        await ann.SubmitAsync($"/rooms/{room}/invites", "Revoke");

        var answers = new List<(HttpStatusCode, string)>();
        foreach (var address in new[] { link, "/invites/wci_never", "/invites/1" })
        {
            var answer = await ben.Http.GetAsync(address);
            answers.Add((answer.StatusCode, (await Person.ReadAsync(answer)).QuerySelector("main")!.InnerHtml));
        }

        Assert.Equal(HttpStatusCode.NotFound, answers[0].Item1);
        Assert.Single(answers.Distinct());
        Assert.Equal(HttpStatusCode.NotFound, (await ben.Http.GetAsync("/invites/2")).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await ben.Http.GetAsync(link)).StatusCode);
    }

    [Fact]
    public async Task Who_is_gone_and_who_is_so_already_is_said_in_a_sentence()
    {
        using var ann = await app.SignUpAsync("two-tabs");
        using var ben = await app.SignUpAsync("pressed-on");
        var room = await NewGroupAsync(ann, "Twice", "Anyone", ben);
        var (first, second) = (await ann.GetPageAsync($"/rooms/{room}/members"), await ann.GetPageAsync($"/rooms/{room}/members"));

        foreach (var tab in new[] { first, second })
            Assert.Contains("pressed-on is an administrator", (await ann.FollowAsync(await ann.SubmitAsync(tab, "Make administrator"))).Body!.TextContent, StringComparison.Ordinal);
        var (mute, remove) = (await Person.ReadAsync(await ann.SubmitAsync($"/rooms/{room}/members", "Mute")), await Person.ReadAsync(await ann.SubmitAsync($"/rooms/{room}/members", "Remove")));
        foreach (var _ in new[] { 1, 2 })
            Assert.Contains("pressed-on is muted", (await ann.FollowAsync(await ann.SubmitAsync(mute, "Mute"))).Body!.TextContent, StringComparison.Ordinal);
        await ben.SubmitAsync(await Person.ReadAsync(await ben.SubmitAsync($"/rooms/{room}/settings", "Leave group")), "Leave group");

        foreach (var (page, button) in new[] { (remove, "Remove"), (mute, "Mute"), (first, "Make administrator") })
            Assert.Contains("They are not in the group any more.", (await ann.FollowAsync(await ann.SubmitAsync(page, button))).Body!.TextContent, StringComparison.Ordinal);
        var log = (await ann.GetPageAsync($"/rooms/{room}")).QuerySelector("[role=log]")!.TextContent;
        Assert.Equal(2, log.Split("two-tabs made pressed-on an administrator").Length);
        Assert.Equal(2, log.Split("two-tabs muted pressed-on").Length);
    }

    [Fact]
    public async Task Five_thousand_members_are_a_page_at_a_time()
    {
        using var ann = await app.SignUpAsync("crowd-owner");
        var room = await ann.NewGroupAsync("Crowd");
        await app.Get<WebChat.Storage.Database>().WriteAsync(c => Dapper.SqlMapper.ExecuteAsync(c,
            """
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4999)
            INSERT INTO users (account, account_key, email, email_key, password_hash, stamp, nickname, nickname_key, seen_at, created_at, updated_at)
            SELECT 'crowd' || i, 'CROWD' || i, 'crowd' || i, 'CROWD' || i, '', '', 'Walker ' || i, 'walker ' || i, 1, 1, 1 FROM n;
            INSERT INTO members (room, user_id, joined_at) SELECT @room, id, id FROM users WHERE account LIKE 'crowd%' AND nickname LIKE 'Walker %';
            UPDATE rooms SET people = 5000 WHERE number = @room;
            """, new { room }));

        var last = await ann.GetPageAsync($"/rooms/{room}/members?p=100");
        Assert.Equal(50, last.QuerySelectorAll("ul[aria-labelledby=members] > li").Length);
        Assert.DoesNotContain(last.QuerySelectorAll("a"), a => a.TextContent == "Next");
        var found = await ann.GetPageAsync($"/rooms/{room}/members?q=walker%20499");
        Assert.Equal(11, found.QuerySelectorAll("ul[aria-labelledby=members] > li").Length);
        Assert.Equal(50, (await ann.GetPageAsync($"/rooms/{room}/members?q=walker&p=2")).QuerySelectorAll("ul[aria-labelledby=members] > li").Length);
    }

    private static async Task<long> NewGroupAsync(Person owner, string name, string policy, params Person[] members)
    {
        var room = await owner.NewGroupAsync(name);
        foreach (var member in members)
            await member.SubmitAsync($"/rooms/find?q={room}", "Join");
        await owner.SubmitAsync($"/rooms/{room}/settings", "Save", ("Who can join", policy));
        return room;
    }
}
