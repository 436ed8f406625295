using System.Collections.Concurrent;
using WebChat.Live;
using WebChat.Shared;

namespace WebChat.Accounts.Push;

/// <summary>
/// With several nodes: says in the rows which browsers have a page open here, so that no other node pushes to them. A node that dies is
/// believed no longer than <see cref="Believed"/>. The node itself asks its sockets.
/// </summary>
internal sealed partial class OpenPages(Connections connections, PushStore store, TimeProvider clock, ILogger<OpenPages> logger) : BackgroundService
{
    public static readonly TimeSpan Beat = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan Believed = TimeSpan.FromSeconds(25);

    private const int Together = 500;

    private readonly ConcurrentDictionary<string, byte> fresh = new(StringComparer.Ordinal);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        connections.Connected += connection =>
        {
            fresh.TryAdd(connection.Reader.SessionId, 0);
            _ = SayAsync([connection.Reader.SessionId], []);
        };
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var before = new HashSet<string>(StringComparer.Ordinal);
        using var timer = new PeriodicTimer(Beat, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var session in fresh.Keys.Where(session => fresh.TryRemove(session, out _)))
                before.Add(session); // it may have gone again since
            var here = connections.Pages.Select(tab => tab.Reader.SessionId).ToHashSet(StringComparer.Ordinal);
            await SayAsync(here, [.. before.Except(here, StringComparer.Ordinal)]);
            before = here;
        }
    }

    private async Task SayAsync(IReadOnlyCollection<string> here, IReadOnlyCollection<string> gone)
    {
        try
        {
            var now = clock.Now();
            foreach (var some in here.Chunk(Together))
                await store.ShowAsync(some, now + (long)Believed.TotalMilliseconds);
            foreach (var some in gone.Chunk(Together))
                await store.HideAsync(some, now + (long)(Believed - Beat).TotalMilliseconds); // what this node said last, and no later word
        }
        catch (Exception error) // whatever it is, the node goes on, and the next beat says it again
        {
            Log.NotSaid(logger, error);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Which browsers have a page open could not be said")]
        public static partial void NotSaid(ILogger logger, Exception error);
    }
}
