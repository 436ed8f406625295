using System.Net;
using Microsoft.Extensions.Configuration;
using WebChat.Shared;
using WebChat.Tests.Servers;

namespace WebChat.Tests.Shared;

/// <summary>The program asks a node of its own how it is.</summary>
public sealed class HealthTests
{
    [Fact]
    public async Task The_exit_code_says_whether_the_node_is_ready()
    {
        await using var node = await Instance.StartAsync(Instance.Built, Instance.Project, ("WebChat__Shutdown__PauseSeconds", "0"));
        using var ready = Ask(node.Address);
        Assert.Equal((0, ""), await ready.EndAsync());
        Assert.Equal(["ready"], ready.Said);

        await node.KillAsync();
        using var gone = Ask(node.Address);
        Assert.Equal(1, (await gone.EndAsync()).Code);
    }

    [Fact]
    public async Task While_the_database_is_away_the_node_lives_and_is_not_ready()
    {
        await using var postgres = await PostgresServer.StartNewAsync();
        await using var node = await Instance.StartAsync(Instance.Built, Instance.Project, ("WebChat__Storage__Postgres", await postgres.NewDatabaseAsync()), ("WebChat__Shutdown__PauseSeconds", "0"));
        using var http = new HttpClient { BaseAddress = node.Address };

        await postgres.StopFastAsync();

        await AnswersAsync(http, HttpStatusCode.ServiceUnavailable, "the database does not answer");
        Assert.Equal("ok", await http.GetStringAsync("/healthz"));
        Assert.Equal("ready", await http.GetStringAsync("/readyz?of=node")); // people are told that it comes back, and not by the proxy that nobody is there
        using var asked = Ask(node.Address);
        Assert.Equal(1, (await asked.EndAsync()).Code);

        await postgres.StartAsync();
        await AnswersAsync(http, HttpStatusCode.OK, "ready");
    }

    private static async Task AnswersAsync(HttpClient http, HttpStatusCode status, string words)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            using var answer = await http.GetAsync("/readyz", limit.Token);
            if (answer.StatusCode == status)
            {
                Assert.Equal(words, await answer.Content.ReadAsStringAsync(limit.Token));
                return;
            }
        }
    }

    [Theory]
    [InlineData("urls", "http://+:8080", "http://127.0.0.1:8080/")]
    [InlineData("urls", "https://example.org:8443;http://0.0.0.0:8081", "http://127.0.0.1:8081/")]
    [InlineData("urls", "http://[::]:8080", "http://[::1]:8080/")]
    [InlineData("http_ports", "8080;8081", "http://127.0.0.1:8080/")]
    [InlineData("Kestrel:Endpoints:Main:Url", "http://*:9000", "http://127.0.0.1:9000/")]
    [InlineData("nothing", "of the kind", "http://localhost:5080/")]
    public void It_asks_where_the_node_listens(string name, string value, string address) =>
        Assert.Equal(new Uri(address), Health.AddressOf(new ConfigurationBuilder().AddInMemoryCollection([new(name, value)]).Build()));

    private static Errand Ask(Uri address) => Errand.Start(["health"], ("ASPNETCORE_URLS", address.ToString()));
}
