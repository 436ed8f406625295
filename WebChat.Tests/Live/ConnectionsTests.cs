using System.Text;
using WebChat.Accounts;
using WebChat.Live;

namespace WebChat.Tests.Live;

public sealed class ConnectionsTests : IDisposable
{
    private readonly CountingNodes nodes = new();
    private readonly Topics topics = new();
    private readonly Connections connections;
    private readonly List<(Connection Tab, MemoryStream Line)> tabs = [];

    public ConnectionsTests()
    {
        connections = new Connections(topics, new Relay(nodes), new Roster(), TimeProvider.System);
        foreach (var user in new long[] { 1, 2, 3, 3 })
        {
            var line = new MemoryStream();
            var tab = new Connection(line, () => { }, topics, TimeProvider.System, new Reader { UserId = user, Name = "", SessionId = "s", Language = "en" });
            connections.Add(tab, most: 0);
            tabs.Add((tab, line));
        }
        nodes.Said = 0;
    }

    [Fact]
    public async Task A_word_to_some_is_one_word_between_nodes_and_the_others_get_nothing()
    {
        connections.Changed([2, 3, 4], "rooms");

        Assert.Equal(1, nodes.Said);
        Assert.Equal(["", """{"changed":"rooms"}""", """{"changed":"rooms"}""", """{"changed":"rooms"}"""], await WrittenAsync());
    }

    [Fact]
    public async Task A_new_name_is_one_word_between_nodes_and_reaches_every_tab()
    {
        new Profiles(connections).Tell(new User { Id = 9, Account = "ann", Nickname = "Ann" });

        Assert.Equal(1, nodes.Said);
        Assert.All(await WrittenAsync(), w => Assert.Contains("\"name\":\"Ann\"", w, StringComparison.Ordinal));
    }

    [Fact]
    public void Of_those_who_are_away_nothing_is_said()
    {
        connections.Changed([4, 5], "rooms");

        Assert.Equal(0, nodes.Said);
    }

    public void Dispose()
    {
        foreach (var (tab, line) in tabs)
        {
            tab.Dispose();
            line.Dispose();
        }
    }

    /// <summary>What each tab got, without the two bytes that frame it.</summary>
    private async Task<IEnumerable<string>> WrittenAsync()
    {
        foreach (var (tab, _) in tabs)
            await tab.TakenAsync();
        return tabs.Select(t => Encoding.UTF8.GetString(t.Line.ToArray().AsSpan(Math.Min(2, (int)t.Line.Length)))).ToList();
    }

    private sealed class CountingNodes : WebChat.Live.Nodes
    {
        public int Said { get; set; }

        public override bool AreMany => true;

        public override void Say(string channel, ReadOnlyMemory<byte> words) => Said++;

        public override Task ListenAsync(string channel, Action<ReadOnlyMemory<byte>> hear) => Task.CompletedTask;

        public override void Leave(string channel)
        {
            // Nothing is heard.
        }
    }
}
