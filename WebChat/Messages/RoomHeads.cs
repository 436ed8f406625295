using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using WebChat.Live;
using WebChat.Rooms;
using WebChat.Shared;
using WebChat.Storage;

namespace WebChat.Messages;

/// <summary>
/// Tells the tabs of a room's members what its last message is, for lists and badges. A busy room tells at most every
/// <see cref="Pause"/>: a list needs the newest, not each.
/// </summary>
internal sealed partial class RoomHeads(MessageStore messages, Connections connections, Nodes nodes, FrozenDictionary<string, MessageWords> words, TimeProvider clock, ILogger<RoomHeads> logger) : BackgroundService
{
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    private const string Channel = "heads";

    private const int MostTold = 1024;

    /// <summary>How far back is looked for what no other node said.</summary>
    private static readonly TimeSpan Reach = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<long, Head> latest = new();
    private readonly ConcurrentDictionary<long, (long Seq, long At)> told = new();
    private readonly SemaphoreSlim touched = new(0, 1);

    /// <summary>Notes the room's newest message. Never waits.</summary>
    public void Touch(StoredMessage message) => Touch(new Head(message, IsOurs: true));

    private void Touch(Head head)
    {
        latest.AddOrUpdate(head.Message.Room, static (_, h) => h, static (_, old, h) => h.Message.Seq > old.Message.Seq ? h with { IsOurs = h.IsOurs || old.IsOurs } : old, head);
        try
        {
            touched.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is awake already.
        }
    }

    public override void Dispose()
    {
        touched.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await nodes.ListenAsync(Channel, word => Touch(new Head(JsonSerializer.Deserialize<StoredMessage>(word.Span)!, IsOurs: false)));
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

    /// <summary>Looks for news that another node wrote and could not tell.</summary>
    public async Task CheckAsync()
    {
        var since = clock.Now() - (long)Reach.TotalMilliseconds;
        foreach (var message in await messages.NewestAsync(since))
        {
            if (!told.TryGetValue(message.Room, out var last) || last.Seq < message.Seq)
                Touch(new Head(message, IsOurs: false));
        }
    }

    /// <summary>What was told so long ago comes back to nobody.</summary>
    private void Forget()
    {
        var since = clock.Now() - 2 * (long)Reach.TotalMilliseconds;
        foreach (var old in told.Where(t => t.Value.At < since))
            told.TryRemove(old);
    }

    private async Task TellAsync(Head head)
    {
        var message = head.Message;
        if (told.TryGetValue(message.Room, out var last) && last.Seq >= message.Seq)
            return; // other nodes' words and one's own come back
        told[message.Room] = (message.Seq, clock.Now());
        if (told.Count > MostTold)
            Forget();
        if (head.IsOurs && nodes.AreMany)
            nodes.Say(Channel, JsonSerializer.SerializeToUtf8Bytes(message));
        try
        {
            var frames = Languages.All.Select(l => l.Code).ToDictionary(language => language, language => Render(message, words[language]), StringComparer.Ordinal);
            foreach (var userId in await messages.AudienceAsync(message.Room, connections.OnlineHere))
                connections.SendHere(userId, language => frames[language]);
        }
        catch (StorageUnavailableException)
        {
            told.TryRemove(message.Room, out _);
            Log.NotTold(logger, message.Room);
        }
    }

    private static ReadOnlyMemory<byte> Render(StoredMessage message, MessageWords words) => Frame.Json(json =>
    {
        json.WriteStartObject("head");
        json.WriteString("room", message.Room.ToString(CultureInfo.InvariantCulture));
        json.WriteNumber("seq", message.Seq);
        json.WriteString("at", Moment.Iso(message.CreatedAt));
        if (message.Kind == MessageKind.Note)
        {
            json.WriteNumber("about", message.AuthorId);
            json.WriteString("text", words.Describe(message.Body, message.Nickname));
        }
        else
        {
            json.WriteNumber("by", message.AuthorId);
            json.WriteString("name", message.Nickname);
            json.WriteString("text", LastLine.OneLine(message.Body));
        }
        json.WriteEndObject();
    });

    /// <summary>A room's newest message, and whether the other nodes have it from here.</summary>
    private sealed record Head(StoredMessage Message, bool IsOurs);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The lists of room {Room}'s members could not be told of news")]
        public static partial void NotTold(ILogger logger, long room);
    }
}
