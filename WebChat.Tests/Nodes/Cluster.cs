using Microsoft.Extensions.DependencyInjection;
using WebChat.Tests.Servers;

namespace WebChat.Tests.Nodes;

/// <summary>Three nodes of one installation, over PostgreSQL and Redis.</summary>
public class Cluster : IAsyncLifetime
{
    private readonly List<App> nodes = [];

    internal RedisServer Redis { get; private set; } = null!;

    /// <summary>The node where people sign up.</summary>
    internal App First => nodes[0];

    internal IReadOnlyList<App> Nodes => nodes;

    public async Task InitializeAsync()
    {
        Redis = await RedisServer.StartNewAsync();
        var postgres = await (await PostgresServer.SharedAsync()).NewDatabaseAsync();
        for (var i = 0; i < 3; i++)
            nodes.Add(new App(Replace, ("WebChat:Storage:Postgres", postgres), ("WebChat:Redis", Redis.Address)));
    }

    /// <summary>What to put in place of a node's own parts.</summary>
    protected virtual void Replace(IServiceCollection services)
    {
        // As they are.
    }

    public async Task DisposeAsync()
    {
        foreach (var node in nodes)
            await node.DisposeAsync();
        await Redis.DisposeAsync();
    }

    /// <summary>A tab of this person at a node.</summary>
    internal Task<LiveSocket> ConnectAsync(Person person, int node) => LiveSocket.ConnectAsync(nodes[node].Address, person.Cookies);
}
