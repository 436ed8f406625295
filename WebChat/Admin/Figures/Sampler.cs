using System.Diagnostics.Metrics;
using WebChat.Live;
using WebChat.Shared;

namespace WebChat.Admin.Figures;

/// <summary>
/// Listens to this node's own meters and keeps the last hour of them. A measurement costs an addition; the rest is done once for each sample.
/// </summary>
internal sealed partial class Sampler : BackgroundService
{
    private readonly MeterListener listener = new();
    private readonly int[] waits = new int[Waits.Classes];
    private readonly Queue<Sample> samples = new();
    private readonly Lock gate = new();
    private readonly Connections connections;
    private readonly OtherNodes others;
    private readonly OverviewStore overviews;
    private readonly TimeProvider clock;
    private readonly Pace pace;
    private readonly ILogger<Sampler> logger;
    private readonly NodeHour me;
    private long posts;
    private long errors;

    public Sampler(Connections connections, Relay relay, OtherNodes others, OverviewStore overviews, TimeProvider clock, Pace pace, ILogger<Sampler> logger)
    {
        (this.connections, this.others, this.overviews, this.clock, this.pace, this.logger) = (connections, others, overviews, clock, pace, logger);
        me = new NodeHour { Id = relay.Me, Name = Environment.MachineName, StartedAt = clock.Now(), Samples = [] };
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument == Meters.Posts || instrument == Meters.Errors || instrument == Meters.Delivery)
                listening.EnableMeasurementEvents(instrument, instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, count, _, _) => Interlocked.Add(ref instrument == Meters.Posts ? ref posts : ref errors, count));
        listener.SetMeasurementEventCallback<double>((_, milliseconds, _, _) => Interlocked.Increment(ref waits[Waits.ClassOf(milliseconds)]));
    }

    /// <summary>A sample was taken: the moment to show it. Handlers are quick.</summary>
    public event Action? Taken;

    /// <summary>The last hour of this node.</summary>
    public NodeHour Hour
    {
        get
        {
            lock (gate)
                return me with { Samples = [.. samples] };
        }
    }

    /// <summary>All that is counted since the last one, and how things are now.</summary>
    public Sample Take()
    {
        var counted = new int[Waits.Classes];
        for (var i = 0; i < counted.Length; i++)
            counted[i] = Interlocked.Exchange(ref waits[i], 0);
        var sample = new Sample
        {
            At = clock.Now(),
            Here = connections.OnlineHere.Count,
            Everywhere = connections.Online.Count(),
            Connections = connections.All.Count(),
            Posts = Interlocked.Exchange(ref posts, 0),
            Errors = Interlocked.Exchange(ref errors, 0),
            Memory = Environment.WorkingSet,
            // Where much is stored, adding it up takes longer than a sample: none waits for it.
            Storage = overviews.SizesAsync() is { IsCompletedSuccessfully: true, Result: var sizes } ? sizes.Database + sizes.Files : null,
            Waits = Waits.Trim(counted),
        };
        lock (gate)
        {
            samples.Enqueue(sample);
            while (samples.Count > pace.Kept)
                samples.Dequeue();
        }
        return sample;
    }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        listener.Start();
        return base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        listener.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(pace.Every, clock);
        do
        {
            try
            {
                await others.TellAsync(me, Take());
                Taken?.Invoke();
            }
            catch (Exception error) // whatever it is, the node goes on, and so do its figures
            {
                Log.NotTaken(logger, error);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The dashboard's figures could not be taken")]
        public static partial void NotTaken(ILogger logger, Exception error);
    }
}
