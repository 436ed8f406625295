using System.Diagnostics.Metrics;

namespace WebChat.Shared;

/// <summary>What a node does, as .NET metrics of the meter <c>WebChat</c>: <c>dotnet-counters monitor --counters WebChat</c> shows them.</summary>
internal static class Meters
{
    public const string Name = "WebChat";

    private static readonly Meter Meter = new(Name);

    /// <summary>Messages committed by this node.</summary>
    public static readonly Counter<long> Posts = Meter.CreateCounter<long>("webchat.posts");

    /// <summary>From the moment a message was posted, at any node, to when it stands in its room's topics here, in milliseconds.</summary>
    public static readonly Histogram<double> Delivery = Meter.CreateHistogram<double>("webchat.delivery", "ms");

    /// <summary>Tabs that opened a room and were brought up to date.</summary>
    public static readonly Counter<long> CatchUps = Meter.CreateCounter<long>("webchat.catch_ups");

    /// <summary>Reads of what was missed in a room: one serves all who come back from the same change of it.</summary>
    public static readonly Counter<long> MissedReads = Meter.CreateCounter<long>("webchat.missed_reads");

    /// <summary>Times that words between nodes were missing and read from the database.</summary>
    public static readonly Counter<long> GapsClosed = Meter.CreateCounter<long>("webchat.gaps_closed");

    /// <summary>Sockets closed because they were too far behind. Those that are to try again for want of a database do not count.</summary>
    public static readonly Counter<long> TooSlow = Meter.CreateCounter<long>("webchat.closed_too_slow");

    /// <summary>Notes handed to push services, by what they answered.</summary>
    public static readonly Counter<long> Pushes = Meter.CreateCounter<long>("webchat.pushes");

    /// <summary>Requests answered with 500 or above, and live actions that failed.</summary>
    public static readonly Counter<long> Errors = Meter.CreateCounter<long>("webchat.errors");

    /// <summary>Shows a number that is asked for when somebody looks.</summary>
    public static void Observe(string name, Func<long> number) => Meter.CreateObservableGauge(name, number);
}
