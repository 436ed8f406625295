using System.Globalization;
using WebChat.Live;
using WebChat.Rooms;
using WebChat.Shared;

namespace WebChat.Messages;

/// <summary>
/// Tells those who have a room open how far the others have read, <c>{"seen":{"room":"204815936","marks":[[12,51]]}}</c>: for the ticks
/// and "Read by 3". Marks are gathered for <see cref="Pause"/>; where many read, nobody is told of each.
/// </summary>
internal sealed partial class ReadMarks(MemberStore members, ReadStore reads, Connections connections, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<ReadMarks> logger)
{
    /// <summary>In rooms with more members than this the marks are not shown live: everybody's reading would go to everybody.</summary>
    public const int MostMembers = 100;

    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly Lock gate = new();
    private Dictionary<long, Dictionary<long, long>> moved = [];
    private bool isWaiting;

    /// <summary>A member has read up to here. Never waits.</summary>
    public void Touch(long room, long userId, long seq)
    {
        lock (gate)
        {
            if (!moved.TryGetValue(room, out var marks))
                moved[room] = marks = [];
            marks[userId] = Math.Max(seq, marks.GetValueOrDefault(userId));
            if (isWaiting)
                return;
            isWaiting = true;
        }
        _ = TellAsync();
    }

    /// <summary>Tells a page that has just opened a room how far the others are: what moved between its making and now was told to others.</summary>
    public async Task ShowAsync(Connection connection, RoomView room)
    {
        if (room.Members is > 1 and <= MostMembers && await reads.MarksAsync(room.Number, connection.Reader.UserId, MostMembers) is { Count: > 0 } marks)
            connection.Send(Render(room.Number, marks.Select(m => (m.UserId, m.Seq))));
    }

    private async Task TellAsync()
    {
        await Task.Delay(Pause, clock, lifetime.ApplicationStopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (lifetime.ApplicationStopping.IsCancellationRequested)
            return; // nobody is left to be told, and the database may be closing
        Dictionary<long, Dictionary<long, long>> told;
        lock (gate)
        {
            told = moved;
            moved = [];
            isWaiting = false;
        }
        try
        {
            var sizes = await members.SizesAsync([.. told.Keys]);
            foreach (var (room, marks) in told.Where(t => sizes.GetValueOrDefault(t.Key) is > 1 and <= MostMembers))
                connections.Hint(room, Render(room, marks.Select(m => (m.Key, m.Value))));
        }
        catch (Exception error) // nobody waits for it
        {
            Log.NotTold(logger, error); // a page that is loaded again has them
        }
    }

    private static ReadOnlyMemory<byte> Render(long room, IEnumerable<(long User, long Seq)> marks) => Frame.Json(json =>
    {
        json.WriteStartObject("seen");
        json.WriteString("room", room.ToString(CultureInfo.InvariantCulture));
        json.WriteStartArray("marks");
        foreach (var (user, seq) in marks)
        {
            json.WriteStartArray();
            json.WriteNumberValue(user);
            json.WriteNumberValue(seq);
            json.WriteEndArray();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Who has read what could not be told")]
        public static partial void NotTold(ILogger logger, Exception error);
    }
}
