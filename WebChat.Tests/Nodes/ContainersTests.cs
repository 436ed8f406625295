using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Npgsql;
using StackExchange.Redis;
using WebChat.Tests.Servers;

namespace WebChat.Tests.Nodes;

/// <summary>
/// docker-compose.yml by the schema of its own program, which needs no engine for that, and what the schema cannot know. That the
/// layout works, <see cref="ProxyTests"/> proves with processes.
/// </summary>
public sealed partial class ContainersTests : IAsyncLifetime
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(Instance.Project, ".."));

    private JsonElement whole;

    private Dictionary<string, JsonElement> Services => whole.GetProperty("services").EnumerateObject().ToDictionary(s => s.Name, s => s.Value);

    private Dictionary<string, JsonElement> Nodes => Services.Where(s => s.Value.TryGetProperty("build", out _)).ToDictionary();

    public async Task InitializeAsync()
    {
        var json = await Command.OutputOfAsync("sh", "-c", $"POSTGRES_PASSWORD='a;b c' REDIS_PASSWORD=redis-secret docker-compose -f {Root}/docker-compose.yml config | python3 -c 'import json, sys, yaml; json.dump(yaml.safe_load(sys.stdin), sys.stdout)'");
        whole = JsonDocument.Parse(json).RootElement;
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public void Two_nodes_alike_stand_behind_the_proxy_that_knows_both_by_name()
    {
        Assert.Equal(2, Nodes.Count);
        Assert.Single(Nodes.Values.Select(n => n.GetRawText()).Distinct());
        var caddy = File.ReadAllText(CaddyServer.Configuration);
        Assert.Contains($"{{$NODES:{string.Join(' ', Nodes.Keys.Select(n => $"{n}:8080"))}}}", caddy, StringComparison.Ordinal);
        Assert.Contains(Services["proxy"].GetProperty("volumes").EnumerateArray(), v => v.GetString() == $"{Root}/Caddyfile:/etc/caddy/Caddyfile:ro");
        Assert.Equal(Nodes.Keys, Services["proxy"].GetProperty("depends_on").EnumerateObject().Select(d => d.Name));
    }

    [Fact]
    public void Only_the_proxy_is_reached_from_outside_and_only_its_word_is_taken_for_who_comes()
    {
        var open = Services.Where(s => s.Value.TryGetProperty("ports", out var ports) && ports.EnumerateArray().Any(p => !p.GetRawText().Contains("127.0.0.1:", StringComparison.Ordinal)));
        Assert.Equal("proxy", Assert.Single(open).Key);
        var address = Services["proxy"].GetProperty("networks").GetProperty("front").GetProperty("ipv4_address").GetString();
        Assert.All(Nodes.Values, n => Assert.Equal(address, n.GetProperty("environment").GetProperty("WebChat__TrustedProxies").GetString()));
    }

    [Fact]
    public void Visitors_are_told_apart_by_their_addresses() =>
        Assert.All(Services["proxy"].GetProperty("ports").EnumerateArray(), p => Assert.StartsWith("0.0.0.0:", p.GetString(), StringComparison.Ordinal));

    [Fact]
    public void The_proxy_and_the_mail_catcher_reach_no_data_and_what_holds_it_reaches_nothing_outside()
    {
        Assert.Equal(["front"], NetworksOf(Services["proxy"]));
        Assert.Equal(["mail"], NetworksOf(Services["mail"]));
        Assert.Equal(["data"], NetworksOf(Services["postgres"]));
        Assert.Equal(["data"], NetworksOf(Services["redis"]));
        Assert.All(Nodes.Values, n => Assert.Equal(["data", "front", "mail"], NetworksOf(n)));
        Assert.True(whole.GetProperty("networks").GetProperty("data").GetProperty("internal").GetBoolean());
    }

    [Fact]
    public void Passwords_are_one_s_own_and_reach_those_who_ask_and_those_who_are_asked()
    {
        Assert.Equal("a;b c", Services["postgres"].GetProperty("environment").GetProperty("POSTGRES_PASSWORD").GetString());
        Assert.Equal(["--requirepass", "redis-secret"], Services["redis"].GetProperty("command").EnumerateArray().Select(a => a.GetString()).TakeLast(2));
        foreach (var settings in Nodes.Values.Select(n => n.GetProperty("environment")))
        {
            var postgres = new NpgsqlConnectionStringBuilder(settings.GetProperty("WebChat__Storage__Postgres").GetString());
            Assert.Equal(("postgres", "a;b c", 40), (postgres.Host, postgres.Password, postgres.MaxPoolSize));
            Assert.Equal("redis-secret", ConfigurationOptions.Parse(settings.GetProperty("WebChat__Redis").GetString()!).Password);
        }
        foreach (var ignored in new[] { ".gitignore", ".dockerignore" })
            Assert.Contains(".env", File.ReadAllLines(Path.Combine(Root, ignored)));
    }

    [Theory]
    [InlineData("POSTGRES_PASSWORD")]
    [InlineData("REDIS_PASSWORD")]
    public async Task Without_a_password_nothing_starts(string missing)
    {
        var others = string.Join(' ', new[] { "POSTGRES_PASSWORD", "REDIS_PASSWORD" }.Where(n => n != missing).Select(n => $"{n}=chosen"));
        var said = await Command.OutputOfAsync("sh", "-c", $"cd / && {others} docker-compose -f {Root}/docker-compose.yml config 2>&1 || true");

        Assert.Contains($"{missing} is not chosen", said, StringComparison.Ordinal);
        Assert.DoesNotContain("services:", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_service_runs_with_as_little_as_it_needs_and_says_how_it_is()
    {
        var image = File.ReadAllText(Path.Combine(Root, "Dockerfile"));
        foreach (var (name, service) in Services)
        {
            Assert.True(service.GetProperty("read_only").GetBoolean(), $"{name}'s root is writable");
            Assert.Equal(["ALL"], service.GetProperty("cap_drop").EnumerateArray().Select(c => c.GetString()));
            Assert.Equal(["no-new-privileges:true"], service.GetProperty("security_opt").EnumerateArray().Select(c => c.GetString()));
            Assert.True(Nodes.ContainsKey(name) ? image.Contains("HEALTHCHECK", StringComparison.Ordinal) : service.TryGetProperty("healthcheck", out _), $"{name} has no health check");
            // The proxy's image has no user of its own, and its ports are low ones: that is the one right it has.
            Assert.True(name == "proxy" || (Nodes.ContainsKey(name) ? image.Contains("\nUSER $APP_UID\n", StringComparison.Ordinal) : service.TryGetProperty("user", out _)), $"{name} runs as root");
        }
    }

    [Fact]
    public void What_is_to_last_is_on_a_volume_and_settings_are_those_of_the_README()
    {
        var image = File.ReadAllText(Path.Combine(Root, "Dockerfile"));
        var data = Regex.Match(image, "^ENV WebChat__Data=(.*)$", RegexOptions.Multiline, TimeSpan.FromSeconds(1)).Groups[1].Value;
        Assert.Contains($"VOLUME {data}\n", image, StringComparison.Ordinal);
        Assert.All(Nodes.Values, n => Assert.Contains(n.GetProperty("volumes").EnumerateArray(), v => v.GetString()!.StartsWith($"data:{data}:", StringComparison.Ordinal)));
        Assert.Contains(Services["postgres"].GetProperty("volumes").EnumerateArray(), v => v.GetString()!.StartsWith("postgres:/var/lib/postgresql/data:", StringComparison.Ordinal));
        var table = File.ReadLines(Path.Combine(Root, "README.md")).Where(l => l.StartsWith("| `", StringComparison.Ordinal)).SelectMany(Names).ToHashSet(StringComparer.Ordinal);
        foreach (var setting in Nodes.Values.First().GetProperty("environment").EnumerateObject().Select(s => s.Name))
            Assert.Contains(setting, table);
    }

    [Fact]
    public void The_image_asks_its_node_by_a_command_that_there_is()
    {
        var check = Regex.Match(File.ReadAllText(Path.Combine(Root, "Dockerfile")), "^HEALTHCHECK .*CMD (\\[.*\\])$", RegexOptions.Multiline, TimeSpan.FromSeconds(1)).Groups[1].Value;
        Assert.Equal(["dotnet", "WebChat.dll", "health"], JsonSerializer.Deserialize<string[]>(check)!);
        Assert.True(Commands.IsOne(["health"]));
        Assert.False(Commands.IsOne(["--urls", "http://127.0.0.1:1"]));
        Assert.False(Commands.IsOne([]));
    }

    [Fact]
    public void The_image_gets_every_file_that_the_build_would_fetch()
    {
        var image = File.ReadAllLines(Path.Combine(Root, "Dockerfile"));
        var copies = XDocument.Load(Path.Combine(Instance.Project, "WebChat.csproj")).Descendants("Copy").ToList();
        Assert.True(copies.Count >= 4);
        foreach (var copy in copies)
        {
            var from = ((string)copy.Attribute("SourceFiles")!).Replace("$(FrontEnd)", "/src/", StringComparison.Ordinal);
            var to = ((string?)copy.Attribute("DestinationFiles") ?? (string)copy.Attribute("DestinationFolder")!).Replace("$(FrontEndLib)", "wwwroot/lib/", StringComparison.Ordinal);
            Assert.Contains($"COPY --from=front-end {from} {to}", image);
        }
    }

    private static IEnumerable<string> NetworksOf(JsonElement service)
    {
        var networks = service.GetProperty("networks");
        return (networks.ValueKind == JsonValueKind.Array ? networks.EnumerateArray().Select(n => n.GetString()!) : networks.EnumerateObject().Select(n => n.Name)).Order(StringComparer.Ordinal);
    }

    /// <summary>The names in a line of the table; one that begins in the middle goes on where the first one ends in a section.</summary>
    private static IEnumerable<string> Names(string line)
    {
        var names = Setting().Matches(line.Split('|')[1]).Select(m => m.Value).ToList();
        var section = names[0][..(names[0].LastIndexOf("__", StringComparison.Ordinal) + 2)];
        return names.Select(n => n.StartsWith("__", StringComparison.Ordinal) ? section + n[2..] : n.Contains("__", StringComparison.Ordinal) || n.StartsWith("ASPNETCORE", StringComparison.Ordinal) || n.StartsWith("OTEL_", StringComparison.Ordinal) ? n : section + n);
    }

    [GeneratedRegex("[A-Za-z0-9_]{3,}", RegexOptions.None, 1_000)]
    private static partial Regex Setting();
}
