namespace WebChat.Tests.Admin.Reports;

public sealed class OpenReportsTests(App app) : IClassFixture<App>
{
    [Fact]
    public async Task What_waits_for_administrators_is_counted_at_their_way_to_it_and_nowhere_for_others()
    {
        using var admin = await app.SignUpAsync("admin");
        using var ann = await app.SignUpAsync("ann");
        using var ben = await app.SignUpAsync("ben");
        Assert.Null((await admin.GetPageAsync("/rooms")).QuerySelector(".rail a[href='/admin'] .badge"));

        await ann.SubmitAsync("/people/ben/report", "Report", ("Reason", "Sells umbrellas"));

        Assert.Equal("1 open report", (await admin.GetPageAsync("/rooms")).QuerySelector(".rail a[href='/admin'] .badge")!.TextContent);
        foreach (var other in new[] { ann, ben })
        {
            var page = (await other.GetPageAsync("/rooms")).DocumentElement.OuterHtml;
            Assert.DoesNotContain("open report", page, StringComparison.Ordinal);
            Assert.DoesNotContain("/admin", page, StringComparison.Ordinal);
        }
        await admin.SubmitAsync("/admin/reports/1/dismiss", "Dismiss");
        Assert.Null((await admin.GetPageAsync("/rooms")).QuerySelector(".rail a[href='/admin'] .badge"));
    }
}
