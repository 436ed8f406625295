using System.Net;
using Microsoft.Extensions.DependencyInjection;
using WebChat.Accounts.Factors;
using WebChat.Tests.Media;

namespace WebChat.Tests.Accounts.Leaving;

/// <summary>Somebody deletes their account, and the others go on.</summary>
public sealed class DeleteTests(App app) : IClassFixture<App>, IAsyncLifetime
{
    private readonly string name = "p" + Guid.NewGuid().ToString("N")[..8];

    public async Task InitializeAsync() => (await app.SignUpAsync("first" + name)).Dispose(); // who keeps the house

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Who_left_is_nobody_everywhere_at_once()
    {
        var (ann, ben, room) = await app.FriendsAsync(name, "b" + name);
        using var second = app.Visitor();
        await second.SignInAsync(name);
        var token = await ann.MakeTokenAsync();
        await using var tab = await second.ConnectAsync();
        await using var program = await LiveSocket.ProgramAsync(app.Address, token);
        await using var bens = await ben.ConnectAsync();
        var mails = app.MailsTo(ann.Email);

        var answer = await DeleteAsync(ann, remove: false);

        Assert.Equal("/accounts/sign-in", answer.Headers.Location!.OriginalString);
        Assert.Equal(4401, await tab.ClosedAsync());
        Assert.Equal(4401, await program.ClosedAsync());
        foreach (var device in new[] { ann, second })
            Assert.Equal(HttpStatusCode.Redirect, (await device.Http.GetAsync("/me")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await ann.SignInAsync()).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await ann.SignInAsync(ann.Email)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await ben.Http.GetAsync($"/people/{name}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await ben.Http.GetAsync($"/people/{name}/avatar")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await ben.Http.GetAsync($"/rooms/{room}")).StatusCode);
        foreach (var page in new[] { "/contacts", "/rooms", "/online", $"/contacts/find?q={name}" })
            Assert.DoesNotContain((await ben.GetPageAsync(page)).QuerySelectorAll("main a, nav.pane a"), a => a.GetAttribute("href")!.EndsWith($"/people/{name}", StringComparison.Ordinal));
        Assert.Equal(mails + 1, app.MailsTo(ann.Email));
    }

    [Fact]
    public async Task The_name_is_taken_for_ever_and_the_address_is_not()
    {
        using var ann = await app.SignUpAsync(name);
        await DeleteAsync(ann, remove: false);
        using var next = app.Visitor();
        await next.SubmitAsync("/accounts/register", "Send code", ("E-mail", ann.Email));
        Task<HttpResponseMessage> CreateAsync(string account) =>
            next.SubmitAsync("/accounts/register", "Create account", ("Code", app.CodeFor(ann.Email)), ("Account", account), ("Nickname", "Ann"), ("Password", App.Password));

        Assert.Contains("taken", (await Person.ReadAsync(await CreateAsync(name))).GetElementById("account-error")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await CreateAsync("n" + name)).StatusCode);
    }

    [Fact]
    public async Task Kept_words_are_a_deleted_users_in_every_language()
    {
        using var ben = await app.SignUpAsync("b" + name);
        using var ann = await app.SignUpAsync(name);
        var group = await GroupAsync(ben, ann);
        var seq = await ann.SayAsync(group, "still here");
        await DeleteAsync(ann, remove: false);

        var article = (await ben.GetPageAsync($"/rooms/{group}")).GetElementById($"m-{group}-{seq}")!;
        Assert.Contains("still here", article.TextContent, StringComparison.Ordinal);
        Assert.Equal("Deleted user", article.GetAttribute("aria-label"));
        Assert.DoesNotContain(name, article.OuterHtml, StringComparison.Ordinal);
        Assert.Contains("This account was deleted.", (await ben.GetPageAsync(article.QuerySelector(".by a")!.GetAttribute("href")!)).Body!.TextContent, StringComparison.Ordinal);
        using var chinese = app.Visitor("zh-CN");
        await chinese.SubmitAsync("/accounts/sign-in", "登录", ("账号或邮箱", ben.Account), ("密码", App.Password));
        Assert.Equal("已注销用户", (await chinese.GetPageAsync($"/rooms/{group}")).GetElementById($"m-{group}-{seq}")!.GetAttribute("aria-label"));
    }

    [Fact]
    public async Task Removed_words_and_files_are_gone_for_those_who_read_on()
    {
        using var ben = await app.SignUpAsync("b" + name);
        using var ann = await app.SignUpAsync(name);
        var group = await GroupAsync(ben, ann);
        var seq = await ann.SayAsync(group, "regretted words");
        await ann.PostFileAsync(group, Sample.Png, "bay.png");
        var picture = (await ben.GetPageAsync($"/rooms/{group}")).QuerySelector("article img[src^='/media/']")!.GetAttribute("src")!;
        await using var bens = await ben.ConnectAsync();
        await bens.OpenAsync(group);

        await DeleteAsync(ann, remove: true);

        await bens.NextAsync(f => f.Contains($"id=\"m-{group}-{seq}\"", StringComparison.Ordinal) && f.Contains("recalled", StringComparison.Ordinal));
        await bens.NextAsync(f => f.Contains($"id=\"m-{group}-{seq + 1}\"", StringComparison.Ordinal) && f.Contains("recalled", StringComparison.Ordinal));
        Assert.DoesNotContain("regretted words", (await ben.GetPageAsync($"/rooms/{group}")).Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await ben.Http.GetAsync(picture)).StatusCode);
    }

    [Fact]
    public async Task A_wrong_password_deletes_nothing_nor_does_a_look()
    {
        using var ann = await app.SignUpAsync(name);
        await ann.GetPageAsync("/me/delete");

        var page = await Person.ReadAsync(await DeleteAsync(ann, remove: true, password: "not my password"));

        Assert.NotNull(page.GetElementById("password-error"));
        Assert.Equal(HttpStatusCode.OK, (await ann.Http.GetAsync("/me")).StatusCode);
    }

    [Fact]
    public async Task Two_clicks_are_answered_alike()
    {
        using var ann = await app.SignUpAsync(name);
        var page = await ann.GetPageAsync("/me/delete");

        var answers = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => ann.SubmitAsync(page, "Delete account", ("Password", App.Password))));

        Assert.All(answers, a => Assert.Equal("/accounts/sign-in", a.Headers.Location?.OriginalString.Split('?')[0]));
    }

    [Fact]
    public async Task Where_there_is_a_second_step_it_is_asked_too()
    {
        using var ann = await app.SignUpAsync(name);
        var setUp = await ann.GetPageAsync("/me/security/two-step");
        var key = setUp.GetElementById("key")!.TextContent.Replace(" ", "", StringComparison.Ordinal);
        await ann.SubmitAsync(setUp, "Turn on", ("Code", Totp.CodeAt(key, DateTimeOffset.UtcNow)));
        var page = await ann.GetPageAsync("/me/delete");

        Assert.NotNull((await Person.ReadAsync(await ann.SubmitAsync(page, "Delete account", ("Password", App.Password), ("Code", "000000")))).GetElementById("code-error"));
        Assert.Equal(HttpStatusCode.Redirect, (await ann.SubmitAsync(page, "Delete account", ("Password", App.Password), ("Code", Totp.CodeAt(key, DateTimeOffset.UtcNow.AddSeconds(30))))).StatusCode);
    }

    [Fact]
    public async Task The_last_administrator_is_told_why_not()
    {
        using var own = new App();
        using var admin = await own.SignUpAsync("mei");

        var page = await admin.GetPageAsync("/me/delete");

        Assert.Contains("You are the last administrator here.", page.Body!.TextContent, StringComparison.Ordinal);
        using var form = new FormUrlEncodedContent([new("Password", App.Password), new("__RequestVerificationToken", await admin.TokenAsync())]);
        Assert.Equal(HttpStatusCode.OK, (await admin.Http.PostAsync("/me/delete", form)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await admin.Http.GetAsync("/me")).StatusCode);
    }

    private static async Task<long> GroupAsync(Person owner, Person other)
    {
        var group = await owner.NewGroupAsync("Group " + owner.Account);
        await other.SubmitAsync($"/rooms/find?q={group}", "Join");
        return group;
    }

    private static async Task<HttpResponseMessage> DeleteAsync(Person person, bool remove, string password = App.Password)
    {
        var page = await person.GetPageAsync("/me/delete");
        foreach (var choice in page.QuerySelectorAll("input[name=Remove]").OfType<AngleSharp.Html.Dom.IHtmlInputElement>())
            choice.IsChecked = choice.Value == (remove ? "true" : "false");
        return await person.SubmitAsync(page, "Delete account", ("Password", password));
    }
}
