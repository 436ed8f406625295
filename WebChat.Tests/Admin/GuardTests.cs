using System.Net;
using System.Text.RegularExpressions;
using Dapper;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using WebChat.Storage;
using WebChat.Tests.Accounts;

namespace WebChat.Tests.Admin;

/// <summary>What stands below /admin, for those who are no administrators: nothing.</summary>
public sealed partial class GuardTests : IDisposable
{
    private readonly ShiftedClock clock = new();
    private readonly App app;

    public GuardTests() => app = new App(services => services.AddSingleton<TimeProvider>(clock));

    public void Dispose() => app.Dispose();

    [Fact]
    public async Task For_a_member_no_address_below_admin_is_other_than_a_missing_page_however_it_is_asked_for()
    {
        using var admin = await app.SignUpAsync("admin");
        using var ann = await app.SignUpAsync("ann");
        var token = await ann.TokenAsync();
        var before = await RowsAsync();

        foreach (var address in (string[])[.. Addresses(), "/admin/nothing/there", "/ADMIN/Users", "/admin/"])
        {
            foreach (var kind in new[] { "text/html", "application/json", "htmx" })
            {
                var missing = await AnswerAsync(ann, HttpMethod.Get, kind, "/nowhere", token);
                Assert.StartsWith("404", missing, StringComparison.Ordinal);
                foreach (var method in new[] { HttpMethod.Get, HttpMethod.Post, HttpMethod.Delete })
                    Assert.Equal(missing, await AnswerAsync(ann, method, kind, address, token));
                Assert.Equal(await AnswerAsync(ann, HttpMethod.Head, kind, "/nowhere", token), await AnswerAsync(ann, HttpMethod.Head, kind, address, token));
            }
        }
        Assert.Equal(HttpStatusCode.NotFound, (await ann.Http.GetAsync("/admin/users?p=a%00b")).StatusCode);

        Assert.Equal(before, await RowsAsync());
        Assert.Null((await ann.GetPageAsync("/me")).QuerySelector("a[href^='/admin']"));
        Assert.Equal(2, (await admin.GetPageAsync("/me")).QuerySelectorAll("a[href='/admin']").Length);
    }

    [Fact]
    public async Task A_visitor_is_sent_to_sign_in_as_from_every_address()
    {
        using var admin = await app.SignUpAsync("admin");
        using var visitor = app.Visitor();
        foreach (var address in (string[])[.. Addresses(), "/admin/nothing/there"])
            Assert.Equal($"/accounts/sign-in?returnUrl={Uri.EscapeDataString(address)}", (await visitor.Http.GetAsync(address)).Headers.Location!.OriginalString);
        var script = await AnswerAsync(visitor, HttpMethod.Get, "htmx", "/admin/users", "");
        Assert.StartsWith("401", script, StringComparison.Ordinal);
        Assert.Equal(await AnswerAsync(visitor, HttpMethod.Get, "htmx", "/nowhere", ""), script);
    }

    [Fact]
    public async Task An_administrator_is_asked_for_the_password_after_a_quarter_of_an_hour_wherever_they_go()
    {
        using var admin = await app.SignUpAsync("admin");
        Assert.Equal(HttpStatusCode.OK, (await admin.Http.GetAsync("/admin")).StatusCode);
        var token = await admin.TokenAsync();
        clock.Pass(TimeSpan.FromMinutes(16));
        foreach (var address in Addresses().Where(a => a != "/admin/confirm"))
        {
            Assert.Equal($"/admin/confirm?returnUrl={Uri.EscapeDataString(address)}", (await admin.Http.GetAsync(address)).Headers.Location?.OriginalString);
            using var form = new FormUrlEncodedContent([new("__RequestVerificationToken", token)]);
            Assert.StartsWith("/admin/confirm?", (await admin.Http.PostAsync(address, form)).Headers.Location?.OriginalString, StringComparison.Ordinal);
        }
        Assert.Equal(HttpStatusCode.OK, (await admin.Http.GetAsync("/me")).StatusCode);

        var wrong = await admin.SubmitAsync("/admin/confirm?returnUrl=/admin/users", "Continue", ("Password", "not my password"));
        Assert.NotNull((await Person.ReadAsync(wrong)).GetElementById("password-error"));
        Assert.Equal("/admin/users", (await admin.SubmitAsync("/admin/confirm?returnUrl=/admin/users", "Continue", ("Password", App.Password))).Headers.Location!.OriginalString);
        Assert.Equal(HttpStatusCode.OK, (await admin.Http.GetAsync("/admin/users")).StatusCode);
        Assert.Equal("/admin", (await admin.SubmitAsync("/admin/confirm?returnUrl=//evil.example", "Continue", ("Password", App.Password))).Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task Who_is_an_administrator_no_more_finds_nothing_at_the_next_click()
    {
        using var admin = await app.SignUpAsync("admin");
        using var ann = await app.SignUpAsync("ann");
        await admin.SubmitAsync("/admin/users/ann/make-administrator", "Make administrator");
        Assert.Equal(HttpStatusCode.OK, (await ann.Http.GetAsync("/admin/users")).StatusCode);
        var page = await ann.GetPageAsync("/admin/users/admin/disable");

        await admin.SubmitAsync("/admin/users/ann/remove-administrator", "Remove administrator");

        Assert.Equal(HttpStatusCode.NotFound, (await ann.Http.GetAsync("/admin/users")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await ann.SubmitAsync(page, "Disable")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await admin.Http.GetAsync("/admin")).StatusCode);
    }

    /// <summary>Every route below /admin that the app has, with somebody who is there wherever it names one.</summary>
    private List<string> Addresses()
    {
        var addresses = app.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Select(e => "/" + e.RoutePattern.RawText!.TrimStart('/'))
            .Where(a => a == "/admin" || a.StartsWith("/admin/", StringComparison.OrdinalIgnoreCase))
            .Select(a => Parameter().Replace(a.Replace("{account}", "admin").Replace("{act}", "disable"), "1")).Distinct(StringComparer.Ordinal).ToList();
        foreach (var known in new[] { "/admin", "/admin/confirm", "/admin/users", "/admin/users.csv", "/admin/users/admin", "/admin/users/admin/disable", "/admin/audit", "/admin/stickers", "/admin/rooms", "/admin/rooms.csv", "/admin/rooms/1", "/admin/rooms/1/dissolve", "/admin/rooms/1/messages", "/admin/rooms/1/messages/1/remove", "/admin/reports", "/admin/reports/1/disable" })
            Assert.Contains(known, addresses);
        return addresses;
    }

    private static async Task<string> AnswerAsync(Person person, HttpMethod method, string kind, string address, string token)
    {
        using var request = new HttpRequestMessage(method, address);
        request.Headers.Accept.ParseAdd(kind == "htmx" ? "text/html" : kind);
        if (kind == "htmx")
            request.Headers.Add("HX-Request", "true");
        if (method == HttpMethod.Post)
        {
            request.Headers.Add("RequestVerificationToken", token);
            request.Content = new FormUrlEncodedContent([new("Name", "x")]);
        }
        var answer = await person.Http.SendAsync(request);
        var headers = answer.Headers.Concat(answer.Content.Headers).Where(h => h.Key is not "Date").Select(h => $"{h.Key}: {string.Join(", ", h.Value)}").Order(StringComparer.Ordinal);
        return $"{(int)answer.StatusCode}\n{string.Join('\n', headers)}\n{FormToken().Replace(await answer.Content.ReadAsStringAsync(), "")}";
    }

    private Task<string> RowsAsync() =>
        app.Get<Database>().ReadAsync(async c => string.Join('\n', (await c.QueryAsync<(long Id, long Admin, long? Disabled, string Hash)>("SELECT id, is_admin, disabled_at, password_hash FROM users ORDER BY id")).Select(r => r.ToString()))
            + await c.ExecuteScalarAsync<long>("SELECT (SELECT count(*) FROM audit) + (SELECT count(*) FROM sessions)"));

    [GeneratedRegex(@"\{[^}]+\}", RegexOptions.None, 1000)]
    private static partial Regex Parameter();

    // Sealed anew for each page, so that no two are the same.
    [GeneratedRegex("\"RequestVerificationToken\":\"[^\"]*\"|RequestVerificationToken&quot;:&quot;[^&]*&quot;", RegexOptions.None, 1000)]
    private static partial Regex FormToken();
}
