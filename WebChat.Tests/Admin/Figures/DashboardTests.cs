using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using WebChat.Admin.Figures;
using WebChat.Storage;
using WebChat.Tests.Nodes;

namespace WebChat.Tests.Admin.Figures;

/// <summary>The dashboard in the hands of an administrator, and of one who is none.</summary>
public sealed class DashboardTests : IDisposable
{
    private readonly App app = new(services => services.AddSingleton(new Pace(TimeSpan.FromMilliseconds(50))));

    public void Dispose() => app.Dispose();

    [Fact]
    public async Task An_open_dashboard_is_shown_what_happens_and_only_while_its_reader_may_see_it()
    {
        using var admin = await app.SignUpAsync("admin");
        using var ann = await app.SignUpAsync("ann");
        await app.Get<Database>().WriteAsync(c => c.ExecuteAsync("UPDATE users SET language = 'zh-Hans' WHERE account = 'ann'"));
        await admin.SubmitAsync("/admin/users/ann/make-administrator", "Make administrator");
        var room = await admin.NewGroupAsync("Walkers");
        await using var tab = await admin.ConnectAsync();
        await using var hers = await ann.ConnectAsync();
        await tab.SendAsync("{\"dashboard\":\"\"}");
        await hers.SendAsync("{\"dashboard\":\"\"}");
        await tab.NextAsync(f => f.Contains("id=\"figures\"", StringComparison.Ordinal) && f.Contains("People online", StringComparison.Ordinal));
        await hers.NextAsync(f => f.Contains("在线人数", StringComparison.Ordinal));

        for (var i = 0; i < 7; i++)
            await admin.SayAsync(room, "one of seven");
        await tab.NextAsync(f => NumberOf(f, "Messages a minute") >= 7);
        Assert.DoesNotContain("RequestVerificationToken", string.Concat(tab.All), StringComparison.Ordinal);

        await admin.SubmitAsync("/admin/users/ann/remove-administrator", "Remove administrator");
        await tab.NextMessageAsync("id=\"figures\"");
        await tab.NextMessageAsync("id=\"figures\""); // one pass was wholly after it
        var had = hers.All.Count;
        await tab.NextMessageAsync("id=\"figures\"");
        await tab.NextMessageAsync("id=\"figures\"");
        Assert.Equal(had, hers.All.Count);
        await tab.SendAsync("{\"dashboard\":null}");
    }

    [Fact]
    public async Task For_a_member_there_is_no_such_action_and_no_figure_comes()
    {
        using var admin = await app.SignUpAsync("admin");
        using var ann = await app.SignUpAsync("ann");
        await using var tab = await ann.ConnectAsync();
        await using var watching = await admin.ConnectAsync();
        await watching.SendAsync("{\"dashboard\":\"\"}");
        for (var i = 0; i < 4; i++)
        {
            await tab.SendAsync("{\"dashboard\":\"\"}");
            Assert.Equal("{\"error\":\"unknown-action\"}", await tab.NextAsync(f => f.Contains("error", StringComparison.Ordinal)));
        }
        await watching.NextMessageAsync("id=\"figures\"");
        await tab.SendAsync("{\"nothing\":\"of the kind\"}");
        Assert.Equal(1008, await tab.ClosedAsync()); // the fifth, as of any that nobody knows

        Assert.DoesNotContain(tab.All, f => f.Contains("figures", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.NotFound, (await ann.Http.GetAsync("/admin?node=1")).StatusCode);
    }

    [Fact]
    public async Task Without_scripts_it_is_as_of_now_and_each_line_is_told_in_words()
    {
        using var admin = await app.SignUpAsync("admin");
        var room = await admin.NewGroupAsync("Walkers");
        await admin.SayAsync(room, "hello");

        var page = await admin.GetPageAsync("/admin?node=nobody");

        Assert.All(page.QuerySelectorAll("svg.chart"), chart =>
        {
            Assert.Equal("img", chart.GetAttribute("role"));
            Assert.Contains("in the last hour", chart.GetAttribute("aria-label"), StringComparison.Ordinal);
        });
        Assert.Equal(["People online", "Open connections", "Messages a minute", "Delivery, p99", "Errors in the last hour", "Memory of this node", "Storage, rows and files"], page.QuerySelectorAll(".drawn h2").Select(h => h.TextContent));
        var facts = page.QuerySelectorAll("dl.facts dt").ToDictionary(t => t.TextContent, t => t.NextElementSibling!.TextContent, StringComparer.Ordinal);
        Assert.Equal(("1", "1"), (facts["Users"], facts["Administrators"]));
        Assert.Matches("[1-9][0-9]* KB|MB", facts["Database"]);
        Assert.True(page.QuerySelector("#is-live")!.HasAttribute("hidden"));
        Assert.Null(page.QuerySelector("nav[aria-label='Nodes']"));
    }

    [Fact]
    public async Task What_goes_wrong_in_the_house_is_counted()
    {
        using var admin = await app.SignUpAsync("admin");
        await using var tab = await admin.ConnectAsync();
        await tab.SendAsync("{\"dashboard\":\"\"}");
        await app.Get<Database>().WriteAsync(c => c.ExecuteAsync("ALTER TABLE audit RENAME TO elsewhere"));
        Assert.Equal(HttpStatusCode.InternalServerError, (await admin.Http.GetAsync("/admin/audit")).StatusCode);

        await tab.NextAsync(f => NumberOf(f, "Errors in the last hour") >= 1);
    }

    private static double NumberOf(string fragment, string title) =>
        Regex.Match(fragment, $"<h2>{title}</h2>\\s*<output>([0-9,]+)", RegexOptions.None, TimeSpan.FromSeconds(1)) is { Success: true } found
            ? double.Parse(found.Groups[1].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture)
            : -1;
}

/// <summary>Nodes know of each other's figures.</summary>
public sealed class NodeFiguresTests(QuickCluster cluster) : IClassFixture<QuickCluster>
{
    [Fact]
    public async Task Each_node_is_shown_by_itself_and_all_together()
    {
        using var admin = await cluster.First.SignUpAsync("admin");
        await using var here = await cluster.ConnectAsync(admin, 1);
        await using var watching = await cluster.ConnectAsync(admin, 2);
        await watching.SendAsync("{\"dashboard\":\"\"}");

        var all = await watching.NextAsync(f => f.Contains("Memory of all nodes", StringComparison.Ordinal)
            && Regex.Count(f, "<th scope=\"row\">", RegexOptions.None, TimeSpan.FromSeconds(1)) == 3
            && Regex.IsMatch(f, "<h2>Open connections</h2>\\s*<output>2<", RegexOptions.None, TimeSpan.FromSeconds(1)));
        Assert.Matches("<h2>People online</h2>\\s*<output>1<", all); // at two nodes, and yet one

        var page = await admin.GetPageAsync("/admin");
        var links = page.QuerySelectorAll("nav[aria-label='Nodes'] a").Select(a => a.GetAttribute("href")!).ToList();
        Assert.Equal(4, links.Count);
        var connections = new List<string>();
        foreach (var link in links.Skip(1))
        {
            var one = await admin.GetPageAsync(link);
            Assert.Equal(link, one.QuerySelector("nav[aria-label='Nodes'] a[aria-current]")!.GetAttribute("href"));
            connections.Add(one.QuerySelectorAll(".drawn output")[1].TextContent.Trim());
        }
        Assert.Equal(["0", "1", "1"], connections.Order(StringComparer.Ordinal));
    }
}

/// <summary>Three nodes that take their figures often.</summary>
public sealed class QuickCluster : Cluster
{
    protected override void Replace(IServiceCollection services) => services.AddSingleton(new Pace(TimeSpan.FromMilliseconds(100)));
}
