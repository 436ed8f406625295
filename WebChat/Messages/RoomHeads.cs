using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Globalization;
using WebChat.Live;
using WebChat.Rooms;
using WebChat.Shared;
using WebChat.Storage;

namespace WebChat.Messages;

/// <summary>
/// Tells the tabs of a room's members what its last message is, for lists and badges. A busy room tells at most every
/// <see cref="Pause"/>: a list needs the newest, not each.
/// </summary>
internal sealed partial class RoomHeads(MessageStore messages, Connections connections, FrozenDictionary<string, MessageWords> words, TimeProvider clock, ILogger<RoomHeads> logger) : BackgroundService
{
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    private const int LongestPreview = 80;

    private readonly ConcurrentDictionary<long, StoredMessage> latest = new();
    private readonly SemaphoreSlim touched = new(0, 1);

    /// <summary>Notes the room's newest message. Never waits.</summary>
    public void Touch(StoredMessage message)
    {
        latest[message.Room] = message;
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
        while (true)
        {
            await touched.WaitAsync(stoppingToken);
            foreach (var room in latest.Keys)
            {
                if (latest.TryRemove(room, out var message))
                    await TellAsync(message);
            }
            await Task.Delay(Pause, clock, stoppingToken);
        }
    }

    private async Task TellAsync(StoredMessage message)
    {
        try
        {
            var frames = Languages.All.Select(l => l.Code).ToDictionary(language => language, language => Render(message, words[language]), StringComparer.Ordinal);
            foreach (var userId in await messages.AudienceAsync(message.Room))
                connections.Send(userId, language => frames[language]);
        }
        catch (StorageUnavailableException)
        {
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
            json.WriteString("text", words.Describe(message.Body, message.Nickname));
        }
        else
        {
            json.WriteNumber("by", message.AuthorId);
            json.WriteString("name", message.Nickname);
            json.WriteString("text", Preview(message.Body));
        }
        json.WriteEndObject();
    });

    /// <summary>The beginning of a text on one line, cut between characters as people count them.</summary>
    public static string Preview(string body)
    {
        var line = body.Length > 4 * LongestPreview ? body[..(4 * LongestPreview)] : body;
        line = line.Replace('\n', ' ');
        var whole = new StringInfo(line);
        return whole.LengthInTextElements > LongestPreview ? whole.SubstringByTextElements(0, LongestPreview) + "…" : line;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The lists of room {Room}'s members could not be told of news")]
        public static partial void NotTold(ILogger logger, long room);
    }
}
