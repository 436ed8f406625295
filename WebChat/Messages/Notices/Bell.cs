using System.Collections.Frozen;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using WebChat.Accounts.Push;
using WebChat.Live;
using WebChat.Rooms;
using WebChat.Shared;

namespace WebChat.Messages.Notices;

/// <summary>
/// Calls those whom a message is to reach, by their level, wherever they look: their open tabs at once, and a moment later, unless they
/// have read it by then, the browsers of theirs that have no tab open. What is lost on the way is lost; the room has it.
/// </summary>
internal sealed partial class Bell(
    NoticeStore store, MessageStore messages, ReadStore reads, PushSender pushes, Connections connections, FrozenDictionary<string, MessageWords> words, TimeProvider clock, ILogger<Bell> logger) : BackgroundService
{
    /// <summary>How long open tabs of a busy room's members are left alone after they were told.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping; // it is read as JSON, and stands in no page

    private readonly Gathering toTell = new(), toPush = new();

    /// <summary>Notes what was committed. Never waits.</summary>
    public void Offer(StoredMessage message)
    {
        if (message is { IsChange: true, IsRecalled: true })
            TakeBack(message);
        if (message.IsChange || message.Kind == MessageKind.Note)
            return;
        toTell.Add(message);
        if (pushes.IsOn)
            toPush.Add(message);
    }

    public override void Dispose()
    {
        toTell.Dispose();
        toPush.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        RunAsync(toTell, TimeSpan.Zero, Pause, TellAsync, stoppingToken),
        RunAsync(toPush, pushes.After, TimeSpan.Zero, gathered => PushAsync(gathered.Room, [.. gathered.Messages], isGone: false), stoppingToken));

    private async Task RunAsync(Gathering gathering, TimeSpan before, TimeSpan after, Func<Gathered, Task> handle, CancellationToken stop)
    {
        while (true)
        {
            await gathering.WaitAsync(stop);
            await Task.Delay(before, clock, stop);
            foreach (var gathered in gathering.Take())
            {
                try
                {
                    await handle(gathered);
                }
                catch (Exception error) // whatever it is, the node goes on
                {
                    Log.NotCalled(logger, gathered.Room, error);
                }
            }
            await Task.Delay(after, clock, stop);
        }
    }

    private async Task TellAsync(Gathered gathered)
    {
        var online = connections.Online.ToList();
        if (online.Count == 0)
            return;
        foreach (var alike in (await store.CalledAsync(gathered.Room, [.. gathered.Messages], online)).GroupBy(n => n with { UserId = 0 }))
        {
            if (gathered.Find(alike.Key.Seq) is { } message)
                connections.Send(alike.Select(n => n.UserId), RenderFrame(message, alike.Key));
        }
    }

    /// <summary>To the browsers without a page, with how much waits for each person.</summary>
    private async Task PushAsync(long room, IReadOnlyList<StoredMessage> said, bool isGone)
    {
        var away = (await store.AwayAsync(room, said, isGone)).Where(a => !connections.IsOpen(a.UserId, a.SessionId)).ToList();
        if (away.Count == 0)
            return;
        var loud = await reads.LoudAsync(away.Select(a => a.UserId).Distinct());
        foreach (var to in away)
        {
            if (said.FirstOrDefault(m => m.Seq == to.Seq) is { } message)
                pushes.Send(new PushNote(to, RenderPush(message, to.Reader, to.Language, loud.GetValueOrDefault(to.UserId), isGone), $"room {room}", to.Kind == RoomKind.Direct || to.IsCalled, () => store.IsMeantAsync(room, to.Seq, to.UserId, isGone)));
        }
    }

    /// <summary>Whoever was called by it sees that it is gone: at once where a page is open, and in place of its words where none is.</summary>
    private void TakeBack(StoredMessage message)
    {
        toTell.Remove(message);
        _ = TakeBackAsync(message, wasPushed: !toPush.Remove(message));
    }

    private async Task TakeBackAsync(StoredMessage message, bool wasPushed)
    {
        try
        {
            connections.Send(await messages.AudienceAsync(message.Room, connections.Online), Frame.Json(json =>
            {
                json.WriteStartObject("recalled");
                json.WriteString("room", message.Room.ToString(CultureInfo.InvariantCulture));
                json.WriteNumber("seq", message.Seq);
                json.WriteEndObject();
            }));
            var age = TimeSpan.FromMilliseconds(clock.Now() - message.CreatedAt);
            if (wasPushed && pushes.IsOn && age > pushes.After && age < PushSender.Kept) // at the push service its words may still wait: they give way to this
                await PushAsync(message.Room, [message], isGone: true);
        }
        catch (Exception error) // nobody waits for it
        {
            Log.NotCalled(logger, message.Room, error);
        }
    }

    /// <summary><c>{"notice":{"room":"204815936","seq":12,"en":{"title":"Ann","body":"See you"},…}}</c>: a tab takes its language.</summary>
    private ReadOnlyMemory<byte> RenderFrame(StoredMessage message, Noticed reader) => Frame.Json(json =>
    {
        json.WriteStartObject("notice");
        json.WriteString("room", message.Room.ToString(CultureInfo.InvariantCulture));
        json.WriteNumber("seq", message.Seq);
        foreach (var (language, _) in Languages.All)
        {
            json.WriteStartObject(language);
            json.WriteString("title", Title(message, reader, words[language]));
            json.WriteString("body", Body(message, reader, words[language]));
            json.WriteEndObject();
        }
        json.WriteEndObject();
    });

    private byte[] RenderPush(StoredMessage message, Noticed reader, string language, long unread, bool isGone)
    {
        var spoken = words.GetValueOrDefault(language) ?? words[Languages.English];
        var (title, body) = (Title(message, reader, spoken), Body(message, reader, spoken));
        while (true)
        {
            var text = new MemoryStream();
            using (var json = new Utf8JsonWriter(text, new JsonWriterOptions { Encoder = Encoder }))
            {
                json.WriteStartObject();
                json.WriteString("room", message.Room.ToString(CultureInfo.InvariantCulture));
                json.WriteNumber("seq", message.Seq);
                json.WriteString("title", title);
                json.WriteString("body", body);
                json.WriteNumber("unread", unread);
                if (isGone)
                    json.WriteBoolean("isGone", true);
                json.WriteEndObject();
            }
            if (text.Length <= PushMessage.MostBytes)
                return text.ToArray();
            body = UserText.Beginning(body, body.Length / 2);
            title = UserText.Beginning(title, 200);
        }
    }

    private static string Title(StoredMessage message, Noticed reader, MessageWords words) => reader.Kind switch
    {
        RoomKind.Direct => string.IsNullOrEmpty(reader.Remark) ? message.Nickname : reader.Remark,
        RoomKind.Lobby => $"{words.NameAlone(message)} · {words["Lobby"]}",
        _ => $"{words.NameAlone(message)} · {reader.RoomName}",
    };

    private static string Body(StoredMessage message, Noticed reader, MessageWords words) =>
        reader.ShowsText || message.IsRecalled ? words.Line(message) : words["New message"];

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Some whom messages of room {Room} are to reach were not told")]
        public static partial void NotCalled(ILogger logger, long room, Exception error);
    }
}
