using WebChat.Tests.Servers;

namespace WebChat.Tests.Faults;

/// <summary>Real processes that are one installation, and the people who have an account there.</summary>
internal sealed class Installation : IAsyncDisposable
{
    private const string Any = "1000000";

    private static readonly string[] Limits =
        ["PostsPerSecond", "PostsPerMinute", "SearchesPerMinute", "SignInsPerMinute", "RegistrationsPerHour", "CodesPerHour", "CodeChecksPerHour", "HandshakesPerMinute", "SocketsPerUser", "GroupsPerUser", "MembersPerGroup", "UploadsPerHour", "RequestsPerMinute", "OpeningsPerSecond"];

    private readonly List<(Person Person, string Token)> people = [];

    private Installation()
    {
    }

    public List<Instance> Nodes { get; } = [];
    public PostgresServer? Postgres { get; private init; }
    public RedisServer? Redis { get; private init; }

    /// <summary>How to reach its database; empty over SQLite.</summary>
    public string Database { get; private init; } = "";

    /// <summary>One node over SQLite.</summary>
    public static async Task<Installation> OneAsync()
    {
        var one = new Installation();
        one.Nodes.Add(await StartAsync(most: "0"));
        return one;
    }

    /// <summary>Three nodes over a PostgreSQL and a Redis of their own. Every act is counted there, but nobody reaches what they may do.</summary>
    public static async Task<Installation> ThreeAsync()
    {
        var postgres = await PostgresServer.StartNewAsync();
        var three = new Installation { Postgres = postgres, Redis = await RedisServer.StartNewAsync(), Database = await postgres.NewDatabaseAsync() };
        three.Nodes.Add(await StartNodeAsync()); // alone: it makes the tables
        three.Nodes.AddRange(await Task.WhenAll(StartNodeAsync(), StartNodeAsync()));
        return three;

        Task<Instance> StartNodeAsync() => StartAsync(Any, ("WebChat__Storage__Postgres", three.Database), ("WebChat__Redis", three.Redis.Address));
    }

    /// <summary>Its first people, as many as are asked for; who is not there yet comes.</summary>
    public async Task<IReadOnlyList<(Person Person, string Token)>> PeopleAsync(int count)
    {
        while (people.Count < count)
        {
            var person = new Person(Nodes[0].Address, $"person-{people.Count}");
            if (people.Count == 0)
                await person.SetUpAsync();
            else
                await person.RegisterAsync(Nodes[0].Folder);
            people.Add((person, await person.TokenAsync()));
        }
        return people[..count];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes)
            await node.DisposeAsync();
        if (Postgres is not null)
            await Postgres.DisposeAsync();
        if (Redis is not null)
            await Redis.DisposeAsync();
        foreach (var (person, _) in people)
            person.Dispose();
    }

    private static Task<Instance> StartAsync(string most, params (string Name, string Value)[] settings) =>
        Instance.StartAsync(Instance.Built, Instance.Project, [.. settings, .. Limits.Select(l => ($"WebChat__Limits__{l}", most)), ("WebChat__Shutdown__PauseSeconds", "0")]);
}

/// <summary>
/// An installation that came through one bad day whole goes on to the next: to start another takes longer than most days, and nobody
/// gets a new one in the morning. After a day that was lost, the next begins with a new one.
/// </summary>
public sealed class Installations : IAsyncLifetime
{
    private readonly Dictionary<int, Installation> whole = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var installation in whole.Values)
            await installation.DisposeAsync();
    }

    /// <summary>One with so many nodes: one or three.</summary>
    internal async Task<Installation> TakeAsync(int nodes) =>
        whole.Remove(nodes, out var rested) ? rested : nodes == 1 ? await Installation.OneAsync() : await Installation.ThreeAsync();

    /// <summary>It is whole, and nobody uses it any more.</summary>
    internal void Return(Installation installation) => whole.Add(installation.Nodes.Count, installation);
}
