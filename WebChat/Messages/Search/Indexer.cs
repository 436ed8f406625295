using System.Collections.Concurrent;
using System.Diagnostics;
using WebChat.Shared;
using WebChat.Storage;

namespace WebChat.Messages.Search;

/// <summary>
/// Keeps the index up: the rooms in which this node wrote something, soon after it did; and now and then all, for what was there
/// before the index was, and what a node that is gone left. It works half of the time at most, so that posts go first.
/// </summary>
internal sealed partial class Indexer(SearchIndex index, TimeProvider clock, ILogger<Indexer> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<long, bool> touched = new();
    private readonly AsyncAutoResetEvent woken = new();

    /// <summary>Notes that there is news in a room. Never waits.</summary>
    public void Touch(long room)
    {
        if (touched.TryAdd(room, true))
            woken.Set();
    }

    public override void Dispose()
    {
        woken.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (true)
        {
            await TryAsync(LookAsync);
            var looked = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(looked) < LookEvery)
            {
                await ReadOnAsync(stoppingToken);
                if (await woken.WaitAsync(LookEvery, stoppingToken))
                    await Task.Delay(Pause, clock, stoppingToken);
            }
        }
    }

    private async Task LookAsync()
    {
        foreach (var room in await index.BehindAsync())
            Touch(room);
    }

    /// <summary>Until nothing is left: a step in each room, so that none waits for a long one.</summary>
    private async Task ReadOnAsync(CancellationToken stoppingToken)
    {
        while (!touched.IsEmpty)
        {
            foreach (var room in touched.Keys)
            {
                touched.TryRemove(room, out _);
                var start = Stopwatch.GetTimestamp();
                await TryAsync(async () =>
                {
                    if (await index.IndexAsync(room))
                        touched.TryAdd(room, true);
                });
                await Task.Delay(Stopwatch.GetElapsedTime(start), clock, stoppingToken);
            }
        }
    }

    /// <summary>What does not go well now is looked at again in a while.</summary>
    private async Task TryAsync(Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (Exception error) when (error is StorageUnavailableException or StorageUncertainException)
        {
            Log.Away(logger);
        }
        catch (Exception error)
        {
            Log.NotIndexed(logger, error);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Debug, Message = "The index of words waits for the database")]
        public static partial void Away(ILogger logger);

        [LoggerMessage(Level = LogLevel.Error, Message = "A room could not be read into the index of words")]
        public static partial void NotIndexed(ILogger logger, Exception error);
    }
}
