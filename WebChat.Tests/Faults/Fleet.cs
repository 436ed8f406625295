using System.Globalization;
using System.Net;
using WebChat.Storage;
using WebChat.Tests.Servers;

namespace WebChat.Tests.Faults;

/// <summary>An installation of real processes, its people, and what they write and read while things go wrong.</summary>
internal sealed class Fleet : IAsyncDisposable
{
    private static readonly string[] Limits =
        ["PostsPerSecond", "PostsPerMinute", "SearchesPerMinute", "SignInsPerMinute", "RegistrationsPerHour", "CodesPerHour", "CodeChecksPerHour", "HandshakesPerMinute", "SocketsPerUser", "GroupsPerUser", "MembersPerGroup", "UploadsPerHour", "RequestsPerMinute", "OpeningsPerSecond"];

    private readonly List<Person> people = [];
    private readonly List<string> tokens = [];
    private readonly List<long> rooms = [];
    private readonly CancellationTokenSource end = new();
    private readonly List<Task> writing = [];
    private readonly List<Tab> tabs = [];

    private Fleet()
    {
    }

    public List<Instance> Nodes { get; } = [];
    public PostgresServer? Postgres { get; private init; }

    /// <summary>How to reach its database; empty over SQLite.</summary>
    public string Database { get; private set; } = "";

    public RedisServer? Redis { get; private init; }
    public IReadOnlyList<Person> People => people;
    public IReadOnlyList<long> Rooms => rooms;
    public IReadOnlyList<string> Tokens => tokens;
    public Ledger Ledger { get; } = new();
    public List<Sender> Senders { get; } = [];
    public IReadOnlyList<Tab> Tabs => tabs;

    /// <summary>One node over SQLite.</summary>
    public static async Task<Fleet> OneAsync(int people, int rooms)
    {
        var fleet = new Fleet();
        fleet.Nodes.Add(await StartAsync(most: 0));
        await fleet.MoveInAsync(people, rooms);
        return fleet;
    }

    /// <summary>Three nodes over a PostgreSQL and a Redis of their own.</summary>
    /// <param name="people">How many there are.</param>
    /// <param name="rooms">How many groups, with everybody in each.</param>
    /// <param name="most">What the limits allow: a number nobody reaches, for every act to be counted. 0 turns them off.</param>
    public static async Task<Fleet> ThreeAsync(int people, int rooms, int most = 0)
    {
        var fleet = new Fleet { Postgres = await PostgresServer.StartNewAsync(), Redis = await RedisServer.StartNewAsync() };
        fleet.Database = await fleet.Postgres.NewDatabaseAsync();
        for (var i = 0; i < 3; i++)
            fleet.Nodes.Add(await StartAsync(most, ("WebChat__Storage__Postgres", fleet.Database), ("WebChat__Redis", fleet.Redis.Address)));
        await fleet.MoveInAsync(people, rooms);
        return fleet;
    }

    /// <summary>Lets senders write without a pause, each in one room, at a node by turns.</summary>
    /// <param name="count">How many.</param>
    /// <param name="name">Begins the name of their posts.</param>
    /// <param name="onTheWay">May lose an answer.</param>
    /// <param name="pause">Between two posts of one sender.</param>
    /// <param name="takesNo">False when they ask again whatever they are told.</param>
    public void Write(int count, string name, Action<HttpResponseMessage>? onTheWay = null, TimeSpan pause = default, bool takesNo = true)
    {
        for (var i = 0; i < count; i++)
        {
            var mine = i;
            var sender = new Sender(people[i % people.Count], tokens[i % people.Count], rooms[i % rooms.Count], Ledger, tries => Nodes[(mine + tries) % Nodes.Count].Address) { OnTheWay = onTheWay, Pause = pause, TakesNo = takesNo };
            Senders.Add(sender);
            writing.Add(Task.Run(() => sender.WriteUntilAsync($"{name}-{mine}", end.Token)));
        }
    }

    /// <summary>Opens tabs that read, spread over rooms and nodes.</summary>
    public void Read(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var mine = i;
            tabs.Add(new Tab(rooms[i % rooms.Count], tries => LiveSocket.ConnectAsync(Nodes[(mine + tries) % Nodes.Count].Address, people[mine % people.Count].Cookies, keepsAll: false)));
        }
    }

    /// <summary>Waits until so many more posts than now are acknowledged: life goes on.</summary>
    public async Task GoOnAsync(int more)
    {
        var goal = Ledger.CountOf(Outcome.Acknowledged) + more;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        while (Ledger.CountOf(Outcome.Acknowledged) < goal)
            await Task.Delay(20, limit.Token);
    }

    /// <summary>Lets everybody finish, waits until the tabs have caught up, and holds all against what is stored.</summary>
    public async Task<Verdict> JudgeAsync(TimeSpan? within = null)
    {
        await end.CancelAsync();
        await Task.WhenAll(writing);
        var stored = new Dictionary<long, IReadOnlyList<Shown>>();
        foreach (var room in rooms)
            stored[room] = await HistoryAsync(room);
        using var limit = new CancellationTokenSource(within ?? TimeSpan.FromSeconds(30));
        try
        {
            while (tabs.Exists(t => t.Last < stored[t.Room][^1].Seq))
                await Task.Delay(50, limit.Token);
        }
        catch (OperationCanceledException)
        {
            // Those who are still behind are counted as diverging.
        }
        return Ledger.Judge(stored, tabs.Select(t => (t.Room, t.Seen)));
    }

    /// <summary>A room from its first message on, page by page, as a reader walks through it.</summary>
    public async Task<IReadOnlyList<Shown>> HistoryAsync(long room)
    {
        var all = new List<Shown>();
        while (true)
        {
            var last = all.Count == 0 ? 0 : all[^1].Seq;
            var page = await people[0].GetPageAsync($"/rooms/{room}?after={last}");
            var articles = page.QuerySelectorAll("[role=log] article[data-seq]").Select(a => new Shown(long.Parse(a.GetAttribute("data-seq")!, CultureInfo.InvariantCulture), Tab.Body(a.OuterHtml))).Where(m => m.Seq > last).ToList();
            if (articles.Count == 0)
                return all;
            all.AddRange(articles);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await Task.WhenAll(tabs.Select(t => t.DisposeAsync().AsTask()));
        foreach (var node in Nodes)
            await node.DisposeAsync();
        if (Postgres is not null)
            await Postgres.DisposeAsync();
        if (Redis is not null)
            await Redis.DisposeAsync();
        foreach (var person in people)
            person.Dispose();
        end.Dispose();
    }

    private static Task<Instance> StartAsync(int most, params (string Name, string Value)[] settings) =>
        Instance.StartAsync(Instance.Built, Instance.Project, [.. settings, .. Limits.Select(l => ($"WebChat__Limits__{l}", $"{most}")), ("WebChat__Shutdown__PauseSeconds", "0")]);

    /// <summary>People come, and each joins every room.</summary>
    private async Task MoveInAsync(int count, int groups)
    {
        for (var i = 0; i < count; i++)
        {
            var person = new Person(Nodes[0].Address, $"person-{i}");
            if (i == 0)
                await person.SetUpAsync();
            else
                await person.RegisterAsync(Nodes[0].Folder);
            people.Add(person);
            tokens.Add(await person.TokenAsync());
        }
        for (var i = 0; i < groups; i++)
        {
            var room = await people[0].NewGroupAsync($"Room {i}");
            rooms.Add(room);
            for (var p = 1; p < count; p++)
                Assert.True((int)(await JoinAsync(people[p], tokens[p], room)).StatusCode < 400);
        }
    }

    internal static Task<HttpResponseMessage> JoinAsync(Person person, string token, long room) =>
        person.Http.PostAsync($"/rooms/{room}/membership", new FormUrlEncodedContent([new("__RequestVerificationToken", token)]));
}
