using System.Net;
using System.Text.RegularExpressions;
using AngleSharp;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;
using WebChat.Accounts.Factors;

namespace WebChat.Tests.Shared;

/// <summary>Every page of the app, in both languages: valid markup, ids and names that lead somewhere, no word left in English.</summary>
public sealed partial class PagesTests
{
    // Answers that are no page: they lead elsewhere, or are parts of one.
    private static readonly string[] NoPages =
        ["lobby", "rooms/list", "rooms/unread", "rooms/{number:long}/messages", "rooms/{number:long}/head", "rooms/{number:long}/membership", "rooms/{number:long}/roles", "rooms/{number:long}/requests", "rooms/{number:long}/names", "rooms/{number:long}/messages/{seq:long}/recall", "rooms/{number:long}/messages/{seq:long}/reactions", "rooms/{number:long}/messages/{seq:long}/pin", "rooms/{number:long}/messages/{seq:long}/open", "contacts/list", "contacts/waiting", "people/{account}/answer", "people/{account}/room", "people/{account}/unblock", "accounts/sign-out", "me/notifications/subscribe", "me/notifications/unsubscribe", "accounts/sign-in/passkey", "admin/users.csv", "admin/rooms.csv", "announcement"];

    // No words of ours: names, formats, and what is searched for.
    private static readonly string[] Names = ["ann", "ben", "cas", "Harbour", "House", "WebChat", "example", "org", "English", "CSV", "PNG", "JPEG", "WebP", "GIF", "nobody", "nothing", "kettle", "https", "elsewhere", "zip", "JSON"];

    [Theory]
    [InlineData("en")]
    [InlineData("zh-CN")]
    public async Task Every_page_is_valid_and_in_its_readers_language(string language)
    {
        using var app = new App();
        var wrong = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var (person, address) in WalkAsync(app, language))
        {
            var answer = await person.Http.GetAsync(address);
            Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.NotFound, $"{address} answered {(int)answer.StatusCode}");
            seen.Add(TemplateOf(address));
            var html = await answer.Content.ReadAsStringAsync();
            wrong.AddRange(Mistakes(html).Select(m => $"{address}: {m}"));
            if (language != "en")
                wrong.AddRange(English(html).Select(m => $"{address}: not in Chinese: {m}"));
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Distinct(StringComparer.Ordinal)));
        Assert.Empty(PagesOf(app).Except(seen, StringComparer.OrdinalIgnoreCase).Except(NoPages, StringComparer.OrdinalIgnoreCase));
    }

    [Fact]
    public void Mistakes_are_seen()
    {
        Assert.NotEmpty(Mistakes("<!doctype html><html lang=en><title>x</title><body><p>one<div id=a></div><div id=a></div></html>"));
        Assert.NotEmpty(Mistakes("<!doctype html><html lang=en><head><title>x</title></head><body><main><h1>x</h1><b>un<i>closed</b></main></body></html>"));
        Assert.NotEmpty(English("<p>Left in English</p>"));
        Assert.NotEmpty(English("<input placeholder='Left in English'>"));
        Assert.Empty(English("<p>中文 ann</p>"));
    }

    /// <summary>All there is to see, by whoever sees it, while a small world comes to be.</summary>
    private static async IAsyncEnumerable<(Person Person, string Address)> WalkAsync(App app, string language)
    {
        var visitor = app.Visitor();
        yield return (Reading(visitor), "/setup");
        var ann = await app.SignUpAsync("ann");
        var ben = await app.SignUpAsync("ben");
        var cas = await app.SignUpAsync("cas");
        foreach (var address in new[] { "/accounts/sign-in", "/accounts/register", "/accounts/reset" })
            yield return (Reading(visitor), address);
        foreach (var address in new[] { "/accounts/register", "/accounts/reset" })
        {
            await visitor.SubmitAsync(address, "Send code", ("E-mail", "new@example.org"));
            yield return (Reading(visitor), address);
        }

        foreach (var address in new[] { "/rooms", "/contacts", "/contacts/find", "/contacts/find?q=nobody", "/online", "/people/ben", "/people/ben/request", "/rooms/find", "/rooms/find?q=nothing", "/rooms/new" })
            yield return (Reading(ann), address);
        var room = await ann.BefriendAsync(ben);
        await cas.SubmitAsync("/people/ann/request", "Send request", ("Message", "我是山上的那位"));
        await ann.SubmitAsync("/rooms/new", "Create group", ("Name", "周六徒步"), ("Memo", "带靴子"));
        var group = await GroupAsync(ann);
        await ben.SubmitAsync("/rooms/find?q=%E5%91%A8%E5%85%AD", "Join");
        await ben.SayAsync(group, "十点见");
        await ann.SubmitAsync($"/rooms/{group}/bots", "Make bot", ("Name", "kettle"), ("Webhook address", "https://a.example/hook"));
        var bots = app.Get<WebChat.Messages.Bots.BotStore>();
        await bots.NoteCallAsync((await bots.CalledAsync(group, ["kettle"]))[0], "status 500");
        await ann.SubmitAsync("/me/tokens", "Make token", ("Name", "备份"));
        var token = await ann.TokenAsync();
        for (var i = 0; i < 60; i++)
            await ann.SayAsync(room, "<b>&\"'\u202E", token);
        await ann.ActAsync(room, 3, "pin");
        await ann.ActAsync(room, 4, "reactions", ("emoji", "👍"));
        await ann.ActAsync(room, 5, "recall");
        await ann.SubmitAsync($"/rooms/{room}?reply=4", "Send", ("Message", "好"));
        foreach (var address in new[]
        {
            $"/rooms/{room}/messages/4", $"/rooms/{room}/messages/4/edit", $"/rooms/{room}/messages/4/readers", $"/rooms/{room}/pinned", $"/rooms/{room}/contact", $"/rooms/{room}/news", $"/rooms/{room}/lucky", $"/rooms/{room}/sticker", "/admin/stickers", "/admin", "/admin/confirm", "/admin/users", "/admin/users?q=nobody", "/admin/users/ben", "/admin/users/ben/disable", "/admin/users/ben/make-administrator", "/admin/users/ann/remove-administrator", "/admin/users/ben/sign-out", "/admin/users/ben/reset", "/admin/audit", "/admin/audit?person=nobody", "/admin/settings", "/admin/invites", "/admin/announcement", $"/rooms/{group}/pinned", $"/rooms/{room}?reply=4",
            "/rooms", $"/rooms/{room}", $"/rooms/{room}?before=40", $"/rooms/{room}?around=5", $"/rooms/{group}", $"/rooms/{group}/members", $"/rooms/{group}/settings", $"/rooms/{group}/notifications", $"/rooms/{room}/notifications", $"/rooms/{group}/dissolve",
            "/contacts", "/contacts/find?q=be", "/people/ben", "/people/cas", "/people/ann", "/people/ben/delete", "/people/ben/block",
            "/rooms/find?q=%E5%91%A8", "/online", "/me", "/me/security", "/me/security/two-step", "/me/security/passkeys", "/me/email", "/me/export", "/me/delete", "/me/confirm", "/me/notifications", "/me/tokens", "/people/kettle", $"/rooms/{group}/bots", $"/rooms/{group}/bots/kettle", $"/rooms/{group}/bots/kettle/remove", "/mailbox", "/nowhere", "/rooms/1",
        })
            yield return (Reading(ann), address);
        var other = (await ann.GetPageAsync($"/rooms/{group}/members")).QuerySelector("input[name=member]")!.GetAttribute("value");
        await app.Get<WebChat.Messages.Search.SearchIndex>().IndexAsync(group);
        foreach (var address in new[] { "/search", $"/search?room={group}", $"/search?q=%E5%8D%81%E7%82%B9&room={group}", "/search?q=nothing", "/search?by=ben", "/search?q=ann&from=nobody", "/search?q=ann&room=1" })
            yield return (Reading(ann), address);
        yield return (Reading(ann), $"/rooms/{group}/remove?member={other}");
        yield return (Reading(ben), $"/rooms/{group}/leave");
        foreach (var address in new[] { $"/rooms/{group}/mute?member={other}", $"/rooms/{group}/hand-over", $"/rooms/{group}/hand-over?member={other}", $"/rooms/{group}/members?q=nobody" })
            yield return (Reading(ann), address);
        await foreach (var seen in WalkGroupAsync(app, ann, ben, cas, group, long.Parse(other!)))
            yield return (Reading(seen.Person), seen.Address);
        await foreach (var seen in WalkReportsAsync(ann, ben, group))
            yield return (Reading(seen.Person), seen.Address);
        await cas.SubmitAsync("/me/email", "Send code", ("New e-mail", "cas@elsewhere.example"));
        yield return (Reading(cas), "/me/email");
        var secret = Totp.NewSecret();
        await app.Get<TwoStep>().TurnOnAsync(await cas.IdAsync(), secret, Totp.CodeAt(secret, DateTimeOffset.UtcNow));
        yield return (Reading(cas), "/me/security/two-step");
        using var halfIn = new Person(app, "cas", "en");
        await halfIn.SignInAsync();
        foreach (var address in new[] { "/accounts/sign-in/code", "/accounts/sign-in/code?recovery=true" })
        {
            yield return (Reading(halfIn, "/accounts/sign-in"), address);
        }
        await ann.SubmitAsync("/people/ben/block", "Block");
        await ann.GetPageAsync("/rooms"); // takes the toast, which is in the language of who pressed
        foreach (var address in new[] { "/people/ben", $"/rooms/{room}" })
            yield return (Reading(ann), address);

        Person Reading(Person person, string path = "/")
        {
            var reader = new Person(app, person.Account, language);
            reader.Cookies.Add(person.Cookies.GetCookies(new Uri(app.Address, path)));
            return reader;
        }
    }

    /// <summary>A group with rules: somebody asks to be let in, somebody may not write, somebody is invited.</summary>
    private static async IAsyncEnumerable<(Person Person, string Address)> WalkGroupAsync(App app, Person ann, Person ben, Person cas, long group, long benId)
    {
        await ann.SubmitAsync($"/rooms/{group}/settings", "Save", ("Announcement", "带靴子和雨衣"), ("Who can join", "ByApproval"), ("Who can write", "true"));
        var asking = await cas.GetPageAsync($"/rooms/find?q={group}");
        yield return (cas, $"/rooms/find?q={group}");
        await cas.SubmitAsync(asking, "Join", ("Message", "我也走"));
        var made = await Person.ReadAsync(await ann.SubmitAsync($"/rooms/{group}/invites", "Make link"));
        var link = new Uri(made.GetElementById("link")!.TextContent).AbsolutePath;
        foreach (var person in new[] { ann, ben, cas })
            await person.GetPageAsync("/rooms"); // takes the toast
        foreach (var address in new[] { "/rooms", $"/rooms/{group}", $"/rooms/{group}/members", $"/rooms/{group}/settings", $"/rooms/{group}/invites", $"/rooms/{group}/announcement" })
            yield return (ann, address);
        foreach (var address in new[] { "/rooms/find", $"/rooms/find?q={group}", link, "/invites/nothing" })
            yield return (cas, address);
        yield return (ben, $"/rooms/{group}");
        var groups = app.Get<WebChat.Rooms.Groups>();
        foreach (var lasts in new TimeSpan?[] { TimeSpan.FromDays(3), null })
        {
            await groups.MuteAsync(group, await ann.IdAsync(), benId, lasts);
            yield return (ben, $"/rooms/{group}");
            yield return (ann, $"/rooms/{group}/members");
        }
        yield return (ben, link);
        await ann.SubmitAsync($"/rooms/{group}/settings", "Save", ("Who can join", "ByInvite"), ("Who can write", "false"));
        await ann.GetPageAsync("/rooms");
        yield return (ann, $"/rooms/{group}/remove?member={benId}");
        yield return (ben, $"/rooms/{group}/leave");
    }

    /// <summary>A message and a person that are reported, and what an administrator sees and does.</summary>
    private static async IAsyncEnumerable<(Person Person, string Address)> WalkReportsAsync(Person ann, Person ben, long group)
    {
        var seq = await ann.SayAsync(group, "点这里领奖");
        await ann.ActAsync(group, seq, "edit", ("content", "点这里"));
        await ann.ActAsync(group, seq, "reactions", ("emoji", "👍"));
        yield return (ben, $"/rooms/{group}/messages/{seq}");
        yield return (ben, $"/rooms/{group}/messages/{seq}/report");
        yield return (ben, "/people/ann/report");
        yield return (ann, "/admin/reports");
        await ben.SubmitAsync($"/rooms/{group}/messages/{seq}/report", "Report", ("Reason", "广告"));
        await ben.SubmitAsync("/people/ann/report", "Report", ("Reason", "冒充他人"));
        await ben.GetPageAsync("/rooms");
        foreach (var address in new[] { "/admin/reports", "/admin/reports?q=nothing", "/admin/reports/1/dismiss", "/admin/reports/1/remove", "/admin/reports/2/disable", "/admin/rooms", "/admin/rooms?q=nothing", "/admin/rooms?order=Name", $"/admin/rooms/{group}", $"/admin/rooms/{group}/dissolve", $"/admin/rooms/{group}/messages" })
            yield return (ann, address);
        await ann.SubmitAsync($"/admin/rooms/{group}/messages", "Read messages", ("Reason", "有人举报"));
        foreach (var address in new[] { "", "?q=nothing", "?q=%E5%8D%81%E7%82%B9", $"?around={seq}", $"/{seq}", $"/{seq}/remove" })
            yield return (ann, $"/admin/rooms/{group}/messages{address}");
        await ann.SubmitAsync("/admin/reports/2/dismiss", "Dismiss", ("Note", "没有问题"));
        await ann.SubmitAsync("/admin/reports/1/remove", "Recall message");
        await ann.GetPageAsync("/rooms");
        foreach (var address in new[] { "/admin/reports", "/admin/audit", $"/rooms/{group}" })
            yield return (ann, address);
    }

    private static async Task<long> GroupAsync(Person person) =>
        long.Parse((await person.GetPageAsync("/rooms")).QuerySelectorAll("li[data-room]").First(l => l.TextContent.Contains("周六徒步", StringComparison.Ordinal)).GetAttribute("data-room")!);

    private static IEnumerable<string> PagesOf(App app) =>
        app.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<PageActionDescriptor>() is not null)
            .Select(e => e.RoutePattern.RawText!.TrimStart('/')).Distinct(StringComparer.OrdinalIgnoreCase);

    private static string TemplateOf(string address) =>
        Reports().Replace(Invites().Replace(Bots().Replace(People().Replace(Place().Replace(Number().Replace(address.Split('?')[0].TrimStart('/'), "rooms/{number:long}"), "messages/{seq:long}"), "people/{account}"), "bots/{bot}"), "invites/{token}"), "admin/reports/{id:long}/{act}") is var template && template.StartsWith("admin/users/", StringComparison.Ordinal) ? template.Count(c => c == '/') == 2 ? "admin/users/{account}" : "admin/users/{account}/{act}" : template;

    private static IEnumerable<string> Mistakes(string html)
    {
        var parser = new HtmlParser(new HtmlParserOptions { IsKeepingSourceReferences = true }, BrowsingContext.New());
        var errors = new List<string>();
        parser.Error += (_, e) => errors.Add($"{((AngleSharp.Html.Dom.Events.HtmlErrorEvent)e).Message} at line {((AngleSharp.Html.Dom.Events.HtmlErrorEvent)e).Position.Line}");
        using var page = parser.ParseDocument(html);
        foreach (var error in errors)
            yield return error;
        foreach (var twice in page.QuerySelectorAll("[id]").GroupBy(e => e.Id, StringComparer.Ordinal).Where(g => g.Count() > 1))
            yield return $"id {twice.Key} stands {twice.Count()} times";
        foreach (var attribute in new[] { "for", "form", "aria-describedby", "aria-labelledby", "aria-controls" })
        {
            foreach (var element in page.QuerySelectorAll($"[{attribute}]"))
            {
                foreach (var id in element.GetAttribute(attribute)!.Split(' ').Where(id => page.GetElementById(id) is null))
                    yield return $"{attribute}={id} leads nowhere";
            }
        }
        foreach (var element in page.QuerySelectorAll("a a, a button, button a, button button, label label, form form, p div, ul > :not(li, script, template), ol > :not(li, script, template), [style], [onclick], a:not([href]), img:not([alt])"))
            yield return $"{element.LocalName} has no business here: {element.OuterHtml[..Math.Min(120, element.OuterHtml.Length)]}";
        if (string.IsNullOrEmpty(page.DocumentElement.GetAttribute("lang")) || string.IsNullOrWhiteSpace(page.Title))
            yield return "no language or no title";
        if (page.QuerySelectorAll("h1").Length != 1 || page.QuerySelectorAll("main").Length != 1)
            yield return $"{page.QuerySelectorAll("h1").Length} h1 and {page.QuerySelectorAll("main").Length} main";
    }

    private static List<string> English(string html)
    {
        using var page = new HtmlParser(new HtmlParserOptions(), BrowsingContext.New()).ParseDocument(html);
        var texts = page.Descendants<IText>().Where(t => t.ParentElement is not (null or IHtmlScriptElement or IHtmlStyleElement) && t.ParentElement.Closest(".letter, option[value=en], [translate=no]") is null).Select(t => t.Text)
            .Concat(new[] { "aria-label", "placeholder", "title", "alt", "data-on", "data-off", "data-one", "data-many" }.SelectMany(a => page.QuerySelectorAll($"[{a}]").Select(e => e.GetAttribute(a)!)));
        return texts.Where(t => Word().Matches(t).Any(w => !Names.Contains(w.Value, StringComparer.OrdinalIgnoreCase))).Select(t => t.Trim()).ToList();
    }

    // But what stands in a name of the environment.
    [GeneratedRegex("(?<![A-Za-z_])[A-Za-z]{3,}(?![A-Za-z_])", RegexOptions.None, 1000)]
    private static partial Regex Word();

    [GeneratedRegex("(?<=^(admin/)?)rooms/[0-9]+", RegexOptions.None, 1000)]
    private static partial Regex Number();

    [GeneratedRegex("messages/[0-9]+", RegexOptions.None, 1000)]
    private static partial Regex Place();

    [GeneratedRegex("^admin/reports/[0-9]+/[a-z]+", RegexOptions.None, 1000)]
    private static partial Regex Reports();

    [GeneratedRegex("bots/[a-z]+", RegexOptions.None, 1000)]
    private static partial Regex Bots();

    [GeneratedRegex("^invites/.+", RegexOptions.None, 1000)]
    private static partial Regex Invites();

    [GeneratedRegex("^people/[a-z]+", RegexOptions.None, 1000)]
    private static partial Regex People();
}
