using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using WebChat.Live;
using WebChat.Messages.Formatting;
using WebChat.Messages.Kinds;
using WebChat.Rooms;
using WebChat.Shared;

namespace WebChat.Messages;

/// <summary>
/// Tells the tabs of a room's members what its last message is, for lists and badges. A busy room tells at most every
/// <see cref="Pause"/>: a list needs the newest, not each. Tabs that have the room open hear it at the end of all that is sent to them of the
/// room at once, where it is the same for all of them: a write of its own to each would cost as much as the messages do. The two ways may
/// overtake each other; a list goes by <c>rev</c>.
/// </summary>
internal sealed partial class RoomHeads(MessageStore messages, Connections connections, Nodes nodes, FrozenDictionary<string, MessageWords> words, TimeProvider clock, ILogger<RoomHeads> logger) : BackgroundService
{
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    private const string Channel = "heads";

    private const int SweepAbove = 1024;

    /// <summary>How far back is looked for what no other node said.</summary>
    private static readonly TimeSpan Reach = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<long, Head> latest = new();
    private readonly ConcurrentDictionary<long, (long Rev, long At)> told = new();
    private readonly AsyncAutoResetEvent touched = new();
    private int sweepAt = SweepAbove;

    /// <summary>Notes the room's newest message, or what has become of it. Never waits.</summary>
    public void Touch(StoredMessage message) => Touch(new Head(message, IsOurs: true, HasNote: message.Kind == MessageKind.Note));

    private void Touch(Head head)
    {
        latest.AddOrUpdate(head.Message.Room, static (_, h) => h, static (_, old, h) => (h.Message.Rev > old.Message.Rev ? h : old) with { IsOurs = h.IsOurs || old.IsOurs, HasNote = h.HasNote || old.HasNote }, head);
        touched.Set();
    }

    public override void Dispose()
    {
        touched.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await nodes.ListenAsync(Channel, word => Touch(JsonSerializer.Deserialize<Head>(word.Span)! with { IsOurs = false }));
        while (true)
        {
            await touched.WaitAsync(stoppingToken);
            foreach (var room in latest.Keys)
            {
                if (latest.TryRemove(room, out var head))
                    await TellAsync(head);
            }
            await Task.Delay(Pause, clock, stoppingToken);
        }
    }

    /// <summary>Looks for news that another node wrote and could not tell, or that this one could not.</summary>
    public async Task CheckAsync()
    {
        if (connections.OnlineHere.Count == 0)
            return;
        var since = clock.Now() - (long)Reach.TotalMilliseconds;
        foreach (var message in await messages.NewestAsync(since))
        {
            if (!told.TryGetValue(message.Room, out var last) || last.Rev < message.Rev)
                Touch(new Head(message, IsOurs: false, HasNote: message.Kind == MessageKind.Note));
        }
    }

    /// <summary>What was told so long ago comes back to nobody.</summary>
    private void Forget()
    {
        var since = clock.Now() - 2 * (long)Reach.TotalMilliseconds;
        foreach (var old in told.Where(t => t.Value.At < since))
            told.TryRemove(old);
        sweepAt = Math.Max(SweepAbove, 2 * told.Count); // many that are all fresh are not to be looked through each time
    }

    private async Task TellAsync(Head head)
    {
        var message = head.Message;
        if (told.TryGetValue(message.Room, out var last) && last.Rev >= message.Rev)
            return; // other nodes' words and one's own come back
        told[message.Room] = (message.Rev, clock.Now());
        if (told.Count > sweepAt)
            Forget();
        if (head.IsOurs && nodes.AreMany)
            nodes.Say(Channel, JsonSerializer.SerializeToUtf8Bytes(head));
        try
        {
            var audience = await messages.AudienceAsync(message.Room, connections.OnlineHere);
            var calls = CallsOf(message);
            var deaf = calls.IsNobody ? [] : await messages.DeafAsync(message.AuthorId, audience);
            var (calling, silent) = (Frames(head, calls), deaf.Count == 0 ? null : Frames(head, Mentioned.Nobody));
            var isHeard = !head.HasNote && calls.IsNobody;
            foreach (var userId in audience)
            {
                var frames = silent is not null && deaf.Contains(userId) ? silent : calling;
                connections.SendHere(userId, tab => !isHeard || !tab.HearsOf(message.Room, message.Rev), language => frames[language]);
            }
        }
        catch (Exception error) // whatever it is, the node goes on, and the next check makes up for it
        {
            told.TryRemove(message.Room, out _);
            Log.NotTold(logger, message.Room, error);
        }
    }

    private Dictionary<string, ReadOnlyMemory<byte>> Frames(Head head, Mentioned calls) =>
        Languages.All.Select(l => l.Code).ToDictionary(language => language, language => Render(head.Message, head.HasNote, calls, words[language]), StringComparer.Ordinal);

    private static Mentioned CallsOf(StoredMessage message) => message.IsRecalled ? Mentioned.Nobody : Kind.Of(message).Calls(message);

    /// <summary>True for a message of which all who have its room open are told the same: it is no note and calls nobody.</summary>
    public static bool IsSameToAll(StoredMessage message) => message.Kind != MessageKind.Note && CallsOf(message).IsNobody;

    /// <summary>What the lists of those are told, by <see cref="IsSameToAll"/>.</summary>
    public static ReadOnlyMemory<byte> Render(StoredMessage message, MessageWords words) => Render(message, hasNote: false, Mentioned.Nobody, words);

    private static ReadOnlyMemory<byte> Render(StoredMessage message, bool hasNote, Mentioned calls, MessageWords words) => Frame.Json(json =>
    {
        json.WriteStartObject("head");
        json.WriteString("room", message.Room.ToString(CultureInfo.InvariantCulture));
        json.WriteNumber("seq", message.Seq);
        json.WriteNumber("rev", message.Rev);
        json.WriteString("at", Moment.Iso(message.CreatedAt));
        if (hasNote)
            json.WriteBoolean("note", true);
        // What happened and what is gone are sentences of their own; the rest is somebody's words.
        json.WriteNumber(message.Kind == MessageKind.Note || message.IsRecalled ? "about" : "by", message.AuthorId);
        json.WriteString("name", words.NameAlone(message));
        json.WriteString("text", words.Line(message));
        if (!calls.IsNobody)
        {
            json.WriteStartArray("calls");
            foreach (var account in calls.IsAll ? [Mentions.All] : calls.Accounts)
                json.WriteStringValue(account);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    });

    /// <summary>A room's newest message.</summary>
    /// <param name="Message">As it is now.</param>
    /// <param name="IsOurs">True where the other nodes have it from here.</param>
    /// <param name="HasNote">It, or one before it that was not told by itself, says what happened in the room.</param>
    private sealed record Head(StoredMessage Message, bool IsOurs, bool HasNote);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The lists of room {Room}'s members could not be told of news")]
        public static partial void NotTold(ILogger logger, long room, Exception error);
    }
}
