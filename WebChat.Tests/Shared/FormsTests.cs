using System.Net;
using System.Net.Sockets;
using System.Text;

namespace WebChat.Tests.Shared;

public sealed class FormsTests(App app) : IClassFixture<App>
{
    private static string NewName() => "p" + Guid.NewGuid().ToString("N")[..8];

    private static FormUrlEncodedContent Form(params (string Name, string Value)[] fields) =>
        new(fields.Select(f => new KeyValuePair<string, string>(f.Name, f.Value)));

    [Theory]
    [InlineData("/me")]
    [InlineData("/me/security")]
    [InlineData("/me/notifications")]
    [InlineData("/me/notifications/subscribe")]
    [InlineData("/accounts/sign-in")]
    [InlineData("/accounts/sign-out")]
    [InlineData("/accounts/register")]
    [InlineData("/accounts/reset")]
    public async Task Without_a_token_a_form_is_refused(string address)
    {
        using var ann = await app.SignUpAsync(NewName());

        Assert.Equal(HttpStatusCode.BadRequest, (await ann.Http.PostAsync(address, Form(("Nickname", "x")))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await ann.Http.GetAsync("/me")).StatusCode);
    }

    [Fact]
    public async Task Another_persons_token_is_refused()
    {
        using var ann = await app.SignUpAsync(NewName());
        using var ben = await app.SignUpAsync(NewName());

        var answer = await ann.Http.PostAsync("/me", Form(("Nickname", "x"), ("__RequestVerificationToken", await ben.TokenAsync())));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task Nul_is_refused_in_fields_and_in_the_query()
    {
        using var ann = await app.SignUpAsync(NewName());

        var answer = await ann.Http.PostAsync("/me", Form(("Nickname", "a\0b"), ("__RequestVerificationToken", await ann.TokenAsync())));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await ann.Http.GetAsync("/me?x=a%00b")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await ann.Http.GetAsync("/me?a%00b=x")).StatusCode);
        Assert.Equal(ann.Account, (await ann.GetPageAsync("/me")).GetElementById("nickname")!.GetAttribute("value"));
    }

    [Fact]
    public async Task Invalid_utf8_is_replaced_and_never_a_500()
    {
        using var ann = await app.SignUpAsync(NewName());
        using var body = new ByteArrayContent(Encoding.ASCII.GetBytes($"Nickname=Ann%FF%C3&Sex=Male&__RequestVerificationToken={Uri.EscapeDataString(await ann.TokenAsync())}"));
        body.Headers.ContentType = new("application/x-www-form-urlencoded");

        var answer = await ann.Http.PostAsync("/me", body);

        Assert.True((int)answer.StatusCode < 500);
        Assert.DoesNotContain('\uFFFD', (await ann.GetPageAsync("/me")).GetElementById("nickname")!.GetAttribute("value")!);
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded; charset=utf-7", "Login=+AGE-")]
    [InlineData("application/x-www-form-urlencoded; charset=no-such", "Login=%00")]
    [InlineData("multipart/form-data; boundary=QQ", "--QQ\r\nContent-Disposition: form-data; name=\"Login\"\r\n\r\na")]
    [InlineData("multipart/form-data; boundary=QQ", "--QQ\r\nContent-Disposition: form-data; name=\"Login\"\r\nContent-Type: text/plain; charset=utf-7\r\n\r\na\r\n--QQ--\r\n")]
    [InlineData("multipart/form-data; boundary=QQ", "--QQ\r\n")]
    [InlineData("multipart/form-data; boundary=QQ", "")]
    [InlineData("multipart/form-data", "--QQ\r\n")]
    public async Task A_form_that_cannot_be_read_is_refused_and_never_a_500(string type, string form)
    {
        using var visitor = app.Visitor();
        using var body = new ByteArrayContent(Encoding.ASCII.GetBytes(form));
        body.Headers.TryAddWithoutValidation("Content-Type", type);

        Assert.Equal(HttpStatusCode.BadRequest, (await visitor.Http.PostAsync("/accounts/sign-in", body)).StatusCode);
    }

    [Fact]
    public async Task A_field_cannot_say_another_room_or_person_than_the_address()
    {
        var (ann, ben, room) = await app.FriendsAsync(NewName(), NewName());
        using var cas = await app.SignUpAsync(NewName());
        var lobby = await Messages.PostingTests.LobbyAsync(ann);
        var token = await ann.TokenAsync();

        await ann.Http.PostAsync($"/rooms/{lobby}/messages", Form(("number", $"{room}"), ("content", "said once"), ("__RequestVerificationToken", token)));
        await ann.Http.PostAsync($"/people/{cas.Account}/block", Form(("account", ben.Account), ("__RequestVerificationToken", token)));

        Assert.Contains((await ben.GetPageAsync($"/rooms/{lobby}")).QuerySelectorAll("article"), m => m.TextContent.Contains("said once", StringComparison.Ordinal));
        Assert.DoesNotContain((await ben.GetPageAsync($"/rooms/{room}")).QuerySelectorAll("article"), m => m.TextContent.Contains("said once", StringComparison.Ordinal));
        Assert.NotNull((await ann.GetPageAsync($"/people/{cas.Account}")).QuerySelector("form[action$='/unblock']"));
        Assert.Null((await ann.GetPageAsync($"/people/{ben.Account}")).QuerySelector("form[action$='/unblock']"));
    }

    [Fact]
    public async Task A_body_beyond_64_KiB_is_refused_with_413()
    {
        using var ann = await app.SignUpAsync(NewName());

        var answer = await ann.Http.PostAsync("/me/security", Form(("CurrentPassword", new string('x', 70_000)), ("__RequestVerificationToken", await ann.TokenAsync())));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Theory]
    [InlineData("/me")]
    [InlineData("/rooms/1/messages")]
    public async Task A_body_that_does_not_arrive_is_refused_with_408(string address)
    {
        using var ann = await app.SignUpAsync(NewName());
        using var client = new TcpClient();
        await client.ConnectAsync(app.Address.Host, app.Address.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"POST {address} HTTP/1.1\r\nHost: {app.Address.Authority}\r\nCookie: {ann.Cookies.GetCookieHeader(app.Address)}\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 1000\r\n\r\n--x\r\n"));

        using var reader = new StreamReader(client.GetStream(), Encoding.UTF8);
        var answer = await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(30));

        Assert.StartsWith("HTTP/1.1 408", answer, StringComparison.Ordinal);
        Assert.Contains("That took too long", answer, StringComparison.Ordinal);
    }
}
