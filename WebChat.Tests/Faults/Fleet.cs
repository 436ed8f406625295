using System.Globalization;
using System.Net;
using WebChat.Storage;
using WebChat.Tests.Servers;

namespace WebChat.Tests.Faults;

/// <summary>An installation of real processes, some of its people, rooms that are new, and what is written and read there while things go wrong.</summary>
internal sealed class Fleet : IAsyncDisposable
{
    private static readonly TimeSpan Leisure = TimeSpan.FromMilliseconds(200);

    private readonly Installations all;
    private readonly Installation installation;
    private readonly List<Person> people = [];
    private readonly List<string> tokens = [];
    private readonly List<long> rooms = [];
    private readonly CancellationTokenSource end = new();
    private readonly List<Task> writing = [];
    private readonly List<Tab> tabs = [];
    private volatile bool isLeisurely;
    private bool isWhole;

    private Fleet(Installations all, Installation installation)
    {
        this.all = all;
        this.installation = installation;
    }

    public IReadOnlyList<Instance> Nodes => installation.Nodes;
    public PostgresServer? Postgres => installation.Postgres;
    public RedisServer? Redis => installation.Redis;

    /// <inheritdoc cref="Installation.Database"/>
    public string Database => installation.Database;

    public IReadOnlyList<Person> People => people;
    public IReadOnlyList<long> Rooms => rooms;
    public IReadOnlyList<string> Tokens => tokens;
    public Ledger Ledger { get; } = new();
    public List<Sender> Senders { get; } = [];
    public IReadOnlyList<Tab> Tabs => tabs;

    /// <summary>What writers leave between two posts just now, beside what is their own.</summary>
    public TimeSpan Pause => isLeisurely ? Leisure : TimeSpan.Zero;

    /// <summary>One node over SQLite.</summary>
    /// <param name="all">Where it comes from, and goes to when it is whole at the end.</param>
    /// <param name="people">How many there are.</param>
    /// <param name="rooms">How many groups, with everybody in each.</param>
    public static Task<Fleet> OneAsync(Installations all, int people, int rooms) => OfAsync(1, all, people, rooms);

    /// <summary>Three nodes over PostgreSQL and Redis.</summary>
    /// <inheritdoc cref="OneAsync"/>
    public static Task<Fleet> ThreeAsync(Installations all, int people, int rooms) => OfAsync(3, all, people, rooms);

    private static async Task<Fleet> OfAsync(int nodes, Installations all, int people, int rooms)
    {
        var fleet = new Fleet(all, await all.TakeAsync(nodes));
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
            var sender = new Sender(people[i % people.Count], tokens[i % people.Count], rooms[i % rooms.Count], Ledger, tries => Nodes[(mine + tries) % Nodes.Count].Address) { OnTheWay = onTheWay, Pause = () => pause + Pause, TakesNo = takesNo };
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

    /// <summary>
    /// Meanwhile people write on, but at leisure: those who never pause want the processors for themselves, and what is done beside them takes
    /// many times as long.
    /// </summary>
    public async Task AtLeisureAsync(Func<Task> act)
    {
        isLeisurely = true;
        try
        {
            await act();
        }
        finally
        {
            isLeisurely = false;
        }
    }

    /// <summary>Starts a node again and waits until it is ready, while people write on at leisure.</summary>
    public Task StartAgainAsync(Instance node) => AtLeisureAsync(node.StartAgainAsync);

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

    /// <summary>It came through: the next may have the installation.</summary>
    public void IsWhole() => isWhole = true;

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await Task.WhenAll(tabs.Select(t => t.DisposeAsync().AsTask()));
        if (isWhole)
            all.Return(installation);
        else
            await installation.DisposeAsync();
        end.Dispose();
    }

    /// <summary>People come, and each joins every room.</summary>
    private async Task MoveInAsync(int count, int groups)
    {
        foreach (var (person, token) in await installation.PeopleAsync(count))
        {
            people.Add(person);
            tokens.Add(token);
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
