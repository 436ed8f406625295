using System.Collections.Concurrent;
using System.Text.Json;
using WebChat.Live;
using WebChat.Shared;

namespace WebChat.Accounts.Push;

/// <summary>
/// With several nodes: says in the rows which browsers have a page open here, so that no other node pushes to them. A node that dies is
/// believed no longer than <see cref="Believed"/>. The node itself asks its sockets.
/// </summary>
internal sealed partial class OpenPages(Connections connections, PushStore store, Nodes nodes, TimeProvider clock, ILogger<OpenPages> logger) : BackgroundService
{
    /// <summary>How often everything that is open is said anew.</summary>
    public static readonly TimeSpan Beat = TimeSpan.FromSeconds(10);

    public static readonly TimeSpan Believed = TimeSpan.FromSeconds(25);

    /// <summary>So soon is said what opened or closed, all of it together. A page that follows a link is gone for less, and nothing is said of it.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(500);

    private const string Channel = "pages";
    private const int Together = 500;

    private readonly ConcurrentDictionary<Page, Touched> touched = new();
    private readonly Dictionary<Page, long> said = []; // and until when: what another node said later is not taken back

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        connections.Connected += Touch;
        connections.Disconnected += Touch;
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await nodes.ListenAsync(Channel, words => Hear(JsonSerializer.Deserialize<Page[]>(words.Span)!));
        var renewed = clock.Now();
        using var timer = new PeriodicTimer(Soon / 2, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var isBeat = clock.Now() - renewed >= Beat.TotalMilliseconds;
            if (isBeat)
                renewed = clock.Now();
            await SayAsync(Take(), isBeat);
        }
    }

    private void Touch(Connection connection) => touched.TryAdd(new Page(connection.Reader.UserId, connection.Reader.SessionId), new Touched(clock.Now(), IsAsked: false));

    /// <summary>Another node has no page of these any more, and says so in the row: where one has, it is said again.</summary>
    private void Hear(Page[] gone)
    {
        foreach (var page in gone.Where(IsOpen))
            touched[page] = new Touched(0, IsAsked: true);
    }

    /// <summary>What was touched a moment ago.</summary>
    private Dictionary<Page, Touched> Take()
    {
        var before = clock.Now() - (long)Soon.TotalMilliseconds;
        var taken = new Dictionary<Page, Touched>();
        foreach (var page in touched.Where(t => t.Value.At <= before).Select(t => t.Key))
        {
            if (touched.TryRemove(page, out var what))
                taken.Add(page, what);
        }
        return taken;
    }

    private bool IsOpen(Page page) => connections.IsOpen(page.User, page.Session);

    private async Task SayAsync(Dictionary<Page, Touched> some, bool isBeat)
    {
        var here = isBeat
            ? [.. connections.Pages.Select(tab => new Page(tab.Reader.UserId, tab.Reader.SessionId)).Distinct()]
            : some.Where(s => (s.Value.IsAsked || !said.ContainsKey(s.Key)) && IsOpen(s.Key)).Select(s => s.Key).ToList();
        var gone = (isBeat ? [.. said.Keys] : some.Keys.ToList()).FindAll(page => said.ContainsKey(page) && !IsOpen(page));
        try
        {
            foreach (var pages in here.Chunk(Together))
            {
                var until = clock.Now() + (long)Believed.TotalMilliseconds;
                await store.ShowAsync([.. pages.Select(p => p.Session)], until);
                foreach (var page in pages)
                    said[page] = until;
            }
            foreach (var pages in gone.Chunk(Together))
            {
                await store.HideAsync([.. pages.Select(p => (p.Session, said[p]))]);
                foreach (var page in pages)
                    said.Remove(page);
                nodes.Say(Channel, JsonSerializer.SerializeToUtf8Bytes(pages));
            }
        }
        catch (Exception error) // whatever it is, the node goes on, and the next beat says it again
        {
            Log.NotSaid(logger, error);
        }
    }

    /// <summary>The pages of one browser.</summary>
    private sealed record Page(long User, string Session);

    /// <param name="At">When it opened or closed.</param>
    /// <param name="IsAsked">It is to be said although it was.</param>
    private sealed record Touched(long At, bool IsAsked);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Which browsers have a page open could not be said")]
        public static partial void NotSaid(ILogger logger, Exception error);
    }
}
