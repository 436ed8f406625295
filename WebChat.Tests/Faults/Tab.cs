using System.Text.RegularExpressions;

namespace WebChat.Tests.Faults;

/// <summary>
/// A reader as the page's script is one: shows what comes by its place, knows from which change on to catch up, and comes back
/// when the line breaks, at whichever node answers.
/// </summary>
internal sealed partial class Tab : IAsyncDisposable
{
    private readonly Func<int, Task<LiveSocket>> connect;
    private readonly CancellationTokenSource ended = new();
    private readonly List<Shown> seen = [];
    private readonly HashSet<long> places = [];
    private readonly Task reading;
    private long rev;
    private int connects;

    /// <param name="room">What it shows.</param>
    /// <param name="connect">Connects, at the n-th try.</param>
    public Tab(long room, Func<int, Task<LiveSocket>> connect)
    {
        this.connect = connect;
        Room = room;
        reading = ReadAsync();
    }

    public long Room { get; }

    /// <summary>How often it has connected.</summary>
    public int Connects => Volatile.Read(ref connects);

    /// <summary>What it shows, in the order in which it first came.</summary>
    public IReadOnlyList<Shown> Seen
    {
        get
        {
            lock (seen)
                return [.. seen];
        }
    }

    public long Last
    {
        get
        {
            lock (seen)
                return seen.Count == 0 ? 0 : seen[^1].Seq;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await ended.CancelAsync();
        await reading;
        ended.Dispose();
    }

    private async Task ReadAsync()
    {
        for (var tries = 0; !ended.IsCancellationRequested; tries++)
        {
            try
            {
                await using var socket = await connect(tries).WaitAsync(TimeSpan.FromSeconds(5), ended.Token);
                Interlocked.Increment(ref connects);
                await socket.SendAsync($$"""{"room":"{{Room}}","rev":{{rev}}}""");
                await foreach (var frame in socket.Frames(ended.Token))
                    Take(frame);
            }
            catch (Exception error) when (error is System.Net.WebSockets.WebSocketException or OperationCanceledException or TimeoutException or HttpRequestException)
            {
                // The line broke, or nobody answers yet.
            }
            if (!ended.IsCancellationRequested)
                await Task.Delay(Random.Shared.Next(50, 200)); // as the page's script does, so that all do not come at once
        }
    }

    private void Take(string frame)
    {
        lock (seen)
        {
            if (frame.Contains("data-anew=", StringComparison.Ordinal))
            {
                seen.Clear();
                places.Clear();
            }
            foreach (Match article in Articles().Matches(frame))
            {
                var place = Number(article, "seq");
                rev = Math.Max(rev, Number(article, "rev"));
                if (places.Add(place))
                    seen.Add(new Shown(place, Body(article.Value)));
            }
        }
    }

    private static long Number(Match article, string name) => long.Parse(article.Groups[name].ValueSpan, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The text of the bubble; a note has none, and is known by its place.</summary>
    public static string Body(string article) => Bubble().Match(article).Groups[1].Value;

    [GeneratedRegex("""<article [^>]*data-seq="(?<seq>[0-9]+)" data-rev="(?<rev>[0-9]+)".*?</article>""", RegexOptions.Singleline, 2_000)]
    private static partial Regex Articles();

    [GeneratedRegex("<p>(post-[^<]*)</p>", RegexOptions.None, 1_000)]
    private static partial Regex Bubble();
}
