using WebChat.Rooms;
using WebChat.Shared;

namespace WebChat.Messages;

/// <summary>
/// Reads what was missed in a room once for all who come back at about the same time from the same change of it, however many they are: a
/// proxy that restarts sends everybody at once. Who asks has been found to be a member who may read all of the room, after they subscribed.
/// </summary>
/// <remarks>
/// What was read for somebody else, and before this reader came, is as good as a look of their own if it holds every change up to the one at
/// which they found the room themselves: all that comes later is published while they are subscribed. Where the room has moved on since, what
/// changed in between is read, once as well, and added. Only names of people may be as old as <see cref="Keep"/>, as they are on any open page.
/// </remarks>
internal sealed class MissedReads(MessageStore messages, TimeProvider clock)
{
    /// <summary>So long it is used since it was read, or brought up to date.</summary>
    private static readonly TimeSpan Keep = TimeSpan.FromSeconds(30);

    private const int MostKept = 256;
    private const long MostBytes = 16 << 20;

    private readonly Lock gate = new();
    private readonly OrderedDictionary<Place, Reading> kept = []; // the one that was begun last stands last

    /// <summary>What changed after <paramref name="rev"/>.</summary>
    /// <param name="room">Where.</param>
    /// <param name="rev">The last change that the reader has.</param>
    /// <param name="head">The last change of the room as the reader found it after subscribing: all up to there is in what they get.</param>
    /// <param name="first">Where the room begins, as they found it too: no change of the room says that its oldest messages were deleted.</param>
    public async Task<Missed> SinceAsync(long room, long rev, long head, long first)
    {
        if (rev == head)
            return new Missed([], head);
        // A change that the room has not seen yet is made up, or from before an older copy of the database took its place. Taken at its
        // word the node would wait for it, and tell nobody here what comes before.
        if (rev < head && await ShareAsync(new Place(room, first, rev), head) is { IsTooMuch: false } missed)
            return missed;
        return await ShareAsync(new Place(room, first, null), head);
    }

    /// <summary>The reading that holds everything up to <paramref name="head"/>, or will in a moment.</summary>
    private Task<Missed> ShareAsync(Place place, long head)
    {
        lock (gate)
        {
            var before = kept.GetValueOrDefault(place);
            if (before is not null && (before.Done.IsFaulted || clock.GetElapsedTime(before.Begun) > Keep))
                before = null;
            if (before?.Head >= head)
                return before.Done;
            var reading = new Reading(head, clock.GetTimestamp(), () => ReadAsync(place, before, head));
            kept.Remove(place);
            kept.Add(place, reading);
            Sweep();
            return reading.Done;
        }
    }

    private async Task<Missed> ReadAsync(Place place, Reading? before, long head)
    {
        if (place.Rev is not { } rev)
        {
            Meters.MissedReads.Add(1);
            var page = await messages.NewestAsync(place.Room, MessageStore.PageSize);
            return new Missed(page, page.Aggregate(head, (last, m) => Math.Max(last, m.Rev))) { IsAnew = true };
        }
        if (before is not null && await before.Done is var missed)
            return missed.IsTooMuch || missed.Head >= head ? missed : missed.And(await ShareAsync(place with { Rev = missed.Head }, head));
        Meters.MissedReads.Add(1);
        var changes = await messages.ChangesAsync(place.Room, rev, Missed.Most + 1);
        return new Missed(changes, changes.Count == 0 ? head : Math.Max(head, changes[^1].Rev));
    }

    /// <summary>Lets go of what is old or more than there is room for, the oldest first, but never of the last.</summary>
    private void Sweep()
    {
        var bytes = kept.Values.Sum(r => r.Size);
        while (kept.Count > 1 && kept.GetAt(0).Value is var oldest && (kept.Count > MostKept || bytes > MostBytes || clock.GetElapsedTime(oldest.Begun) > Keep))
        {
            bytes -= oldest.Size;
            kept.RemoveAt(0);
        }
    }

    /// <param name="Room">Which room.</param>
    /// <param name="First">Where it begins.</param>
    /// <param name="Rev">What changed after this; null for its newest page.</param>
    private sealed record Place(long Room, long First, long? Rev);

    /// <summary>A look into the database that is under way, or was taken.</summary>
    private sealed class Reading
    {
        private readonly long asked;
        private volatile Missed? found;

        public Reading(long asked, long begun, Func<Task<Missed>> read)
        {
            (this.asked, Begun) = (asked, begun);
            Done = Task.Run(async () => found = await read()); // nobody holds the gate while the database is asked
        }

        /// <summary>When, by the clock's timestamp.</summary>
        public long Begun { get; }

        public Task<Missed> Done { get; }

        /// <summary>Everything up to this change is in it at least.</summary>
        public long Head => found is { } missed ? Math.Max(asked, missed.Head) : asked;

        /// <summary>About what it takes: each message is markup too.</summary>
        public long Size => found is { } missed ? 2 * missed.Size + 1024L * missed.Messages.Count : 0;
    }
}
