using System.Net;
using Dapper;
using WebChat.Storage;

namespace WebChat.Tests.Messages.Reporting;

public sealed class ReportPagesTests : IDisposable
{
    private readonly App app = new();

    public void Dispose() => app.Dispose();

    [Fact]
    public async Task A_member_reports_a_message_from_its_own_page_and_a_second_time_is_thanked_again()
    {
        using var admin = await app.SignUpAsync("admin");
        var (ann, ben, room) = await app.FriendsAsync("ann", "ben");
        var seq = await ben.SayAsync(room, "harsh words");

        var page = await ann.GetPageAsync($"/rooms/{room}/messages/{seq}");
        var form = await ann.GetPageAsync(page.QuerySelector("a[href$='/report']")!.GetAttribute("href")!);
        Assert.Contains("harsh words", form.QuerySelector("main")!.TextContent, StringComparison.Ordinal);
        var thanked = await ann.SubmitAsync(form, "Report", ("Reason", "not our tone"));
        Assert.Equal($"/rooms/{room}?around={seq}", thanked.Headers.Location!.OriginalString);
        Assert.Contains("Thank you.", (await ann.FollowAsync(thanked)).Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains("already", (await ann.FollowAsync(await ann.SubmitAsync(form, "Report", ("Reason", "again")))).Body!.TextContent, StringComparison.Ordinal);

        Assert.Equal(["not our tone"], await ReasonsAsync());
        Assert.Equal(1, await CountAsync());
        Assert.Null((await ben.GetPageAsync($"/rooms/{room}/messages/{seq}")).QuerySelector("a[href$='/report']")); // their own words
    }

    [Fact]
    public async Task To_outsiders_there_is_nothing_to_report_and_whoever_is_reported_sees_nothing_of_it()
    {
        using var admin = await app.SignUpAsync("admin");
        var (ann, ben, room) = await app.FriendsAsync("ann", "ben");
        using var eve = await app.SignUpAsync("eve");
        var seq = await ben.SayAsync(room, "words");
        var before = await SeenByAsync(ben, room);

        Assert.Equal(HttpStatusCode.NotFound, (await eve.Http.GetAsync($"/rooms/{room}/messages/{seq}/report")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await eve.ActAsync(room, seq, "report", ("reason", "x"))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await ann.ActAsync(room, 999, "report", ("reason", "x"))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await ben.ActAsync(room, seq, "report", ("reason", "x"))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await ann.ActAsync(room, seq, "report", ("reason", "x"))).StatusCode);
        await ann.SubmitAsync("/people/ben/report", "Report", ("Reason", "y"));

        Assert.Equal(["x", "y"], await ReasonsAsync());
        Assert.Equal(before, await SeenByAsync(ben, room));
        Assert.Equal(HttpStatusCode.NotFound, (await ben.Http.GetAsync("/admin/reports")).StatusCode);
    }

    [Theory]
    [InlineData("", 400)]
    [InlineData("\u200B \u202E", 400)]
    [InlineData("501", 400)]
    [InlineData("500", 200)]
    public async Task A_reason_is_asked_for_that_can_be_read(string reason, int status)
    {
        using var admin = await app.SignUpAsync("admin");
        using var ann = await app.SignUpAsync("ann");
        var text = int.TryParse(reason, out var length) ? new string('x', length) : reason;

        using var request = new HttpRequestMessage(HttpMethod.Post, "/people/admin/report") { Content = new FormUrlEncodedContent([new("reason", text)]) };
        request.Headers.Accept.ParseAdd("application/json");
        request.Headers.Add("RequestVerificationToken", await ann.TokenAsync());
        Assert.Equal(status, (int)(await ann.Http.SendAsync(request)).StatusCode);

        Assert.Equal(status == 200 ? 1 : 0, await CountAsync());
        if (status != 200)
            Assert.NotNull((await Person.ReadAsync(await ann.SubmitAsync("/people/admin/report", "Report", ("Reason", text)))).GetElementById("reason-error"));
    }

    [Fact]
    public async Task Nobody_reports_themselves_a_bot_or_nobody()
    {
        using var admin = await app.SignUpAsync("admin");
        var group = await admin.NewGroupAsync("Walkers");
        await admin.SubmitAsync($"/rooms/{group}/bots", "Make bot", ("Name", "kettle"), ("Webhook address", ""));

        foreach (var account in new[] { "admin", "kettle", "nobody" })
            Assert.Equal(HttpStatusCode.NotFound, (await admin.Http.GetAsync($"/people/{account}/report")).StatusCode);
    }

    [Fact]
    public async Task One_person_reports_only_so_much_in_an_hour()
    {
        using var few = new App(("WebChat:Limits:ReportsPerHour", "2"));
        using var admin = await few.SignUpAsync("admin");
        using var ann = await few.SignUpAsync("ann");
        using var ben = await few.SignUpAsync("ben");
        var room = await ann.BefriendAsync(ben);
        var first = await ben.SayAsync(room, "one");
        await ben.SayAsync(room, "two");
        await ben.SayAsync(room, "three");

        Assert.Equal(HttpStatusCode.OK, (await ann.ActAsync(room, first, "report", ("reason", "x"))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await ann.ActAsync(room, first + 1, "report", ("reason", "x"))).StatusCode);
        var refused = await ann.ActAsync(room, first + 2, "report", ("reason", "x"));

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Equal(2, await few.Get<Database>().ReadAsync(c => c.ExecuteScalarAsync<long>("SELECT count(*) FROM cases")));
    }

    /// <summary>What a person sees of themselves and of the room, in words.</summary>
    private static async Task<string> SeenByAsync(Person person, long room) =>
        string.Concat(await Task.WhenAll(new[] { $"/rooms/{room}", "/rooms", "/contacts", "/me" }.Select(async a => (await person.GetPageAsync(a)).QuerySelector("main")!.TextContent)));

    private Task<List<string>> ReasonsAsync() => app.Get<Database>().ReadAsync(async c => (await c.QueryAsync<string>("SELECT reason FROM reports ORDER BY created_at, case_id")).AsList());

    private Task<long> CountAsync() => app.Get<Database>().ReadAsync(c => c.ExecuteScalarAsync<long>("SELECT count(*) FROM cases"));
}
