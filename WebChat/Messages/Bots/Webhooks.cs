using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using System.Threading.Channels;
using WebChat.Messages.Kinds;
using WebChat.Messages.Programs;
using WebChat.Rooms;
using WebChat.Shared;

namespace WebChat.Messages.Bots;

/// <summary>
/// Calls the programs behind bots: what a person says that names a bot is handed to its address, once it is committed, and what that answers the
/// bot says. One call of a bot after the other, some bots at once, and bounded; whatever becomes of it, posting never waits for it. Who hangs or
/// fails is left alone for longer and longer, and then waits with its like: it holds up nobody else. Bots call nobody.
/// </summary>
internal sealed partial class Webhooks(
    BotStore bots, MessageStore messages, BotKeeping keeping, WebhookRule rule, Outside outside, ProgramPosting posting, FrozenDictionary<string, MessageWords> words, TimeProvider clock, ILogger<Webhooks> logger) : BackgroundService
{
    /// <summary>Messages of which nobody knows yet which bots they name.</summary>
    private const int MostWaiting = 256;

    /// <summary>Calls that wait for those before them, of one bot.</summary>
    public const int MostOfOne = 20;

    /// <summary>Calls at once; and those among them of bots that fail, which have no part in the others.</summary>
    private const int AtOnce = 32;
    private const int FailingAtOnce = 8;

    /// <summary>How often it is asked whether a bot that rests is called elsewhere by now.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2);

    private const int MostAnswerBytes = 32 * 1024;

    private readonly Channel<StoredMessage> waiting = Channel.CreateBounded<StoredMessage>(MostWaiting); // what finds no room is refused
    private readonly Dictionary<long, Queue<StoredMessage>> lines = [];
    private readonly SemaphoreSlim places = new(AtOnce - FailingAtOnce), failingPlaces = new(FailingAtOnce);
    private readonly Rests rests = new(clock);
    private readonly ProgramVoice voice = new(words[Languages.English]);

    /// <summary>Notes a message that was posted. Never waits.</summary>
    public void Offer(StoredMessage message)
    {
        if (message is { IsChange: false, IsBot: false, Content: not null } && Kind.Of(message).Calls(message).Accounts.Count > 0 && !waiting.Writer.TryWrite(message))
            Log.Dropped(logger, message.Room, message.Seq);
    }

    public override void Dispose()
    {
        places.Dispose();
        failingPlaces.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var message in waiting.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                foreach (var bot in await bots.CalledAsync(message.Room, Kind.Of(message).Calls(message).Accounts))
                {
                    if (!Line(bot, message, stoppingToken))
                        await bots.NoteCallAsync(bot, CallFailure.TooMany);
                }
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                Log.NotCalled(logger, message.Room, message.Seq, error);
            }
        }
    }

    /// <returns>False where too many wait already.</returns>
    private bool Line(long bot, StoredMessage message, CancellationToken stop)
    {
        lock (lines)
        {
            if (lines.TryGetValue(bot, out var line))
            {
                if (line.Count >= MostOfOne)
                    return false;
                line.Enqueue(message);
                return true;
            }
            lines[bot] = line = new Queue<StoredMessage>([message]);
            _ = Task.Run(() => RunAsync(bot, line, stop), stop);
            return true;
        }
    }

    private async Task RunAsync(long bot, Queue<StoredMessage> line, CancellationToken stop)
    {
        while (Next(bot, line) is { } message)
        {
            try
            {
                await RestAsync(bot, stop);
                await CallInTurnAsync(bot, message, stop);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                Log.NotCalled(logger, message.Room, message.Seq, error);
            }
        }
    }

    private async Task RestAsync(long bot, CancellationToken stop)
    {
        while (rests.Left(bot) is not null)
        {
            rests.Move(bot, (await bots.FindCalledAsync(bot))?.Webhook);
            if (rests.Left(bot) is { } left)
                await Task.Delay(left < Look ? left : Look, clock, stop);
        }
    }

    private async Task CallInTurnAsync(long bot, StoredMessage message, CancellationToken stop)
    {
        var among = rests.IsFailing(bot) ? failingPlaces : places;
        await among.WaitAsync(stop);
        try
        {
            await CallAsync(bot, message, stop);
        }
        finally
        {
            among.Release();
        }
    }

    private StoredMessage? Next(long bot, Queue<StoredMessage> line)
    {
        lock (lines)
        {
            if (line.TryDequeue(out var message))
                return message;
            lines.Remove(bot);
            return null;
        }
    }

    private async Task CallAsync(long id, StoredMessage message, CancellationToken stop)
    {
        if (await bots.FindCalledAsync(id) is not { } bot)
            return; // it was removed, or is called no more
        // It may have waited: what was taken back meanwhile is told to nobody, and what was edited as it is now.
        if (await messages.FindAsync(bot.UserId, message.Room, message.Seq) is not { IsRecalled: false } now)
            return;
        message = now;
        await bots.NoteCallAsync(id, await TryCallAsync(bot, message, stop));
    }

    /// <returns>What went wrong, or null.</returns>
    private async Task<string?> TryCallAsync(CalledBot bot, StoredMessage message, CancellationToken stop)
    {
        var address = new Uri(bot.Webhook);
        if (!rule.Allows(address))
            return CallFailure.NotAllowed;
        var buffer = new ArrayBufferWriter<byte>(1024);
        voice.Write(buffer, message);
        var body = buffer.WrittenSpan.ToArray();
        string signature;
        try
        {
            signature = keeping.Sign(bot, clock.GetUtcNow(), body);
        }
        catch (CryptographicException)
        {
            return CallFailure.NoSecret;
        }
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var answer = await outside.PostAsync(address, content, headers =>
        {
            headers.TryAddWithoutValidation("X-WebChat-Bot", bot.Name);
            headers.TryAddWithoutValidation("X-WebChat-Signature", signature);
        }, MostAnswerBytes, stop);
        rests.Note(bot, isFailed: CallFailure.Of(answer) is not null);
        if (CallFailure.Of(answer) is { } failure)
            return failure;
        if (answer.Status != StatusCodes.Status200OK || Read(answer.Body) is not { } post)
            return null; // it has heard, and says nothing
        if (await bots.FindCalledAsync(bot.UserId) is null)
            return null; // while it was thinking it was removed, or who made it is kept out
        var posted = await posting.PostAsync(bot.UserId, message.Room, post with { ClientId = string.Create(CultureInfo.InvariantCulture, $"call-{message.Seq}"), ReplyTo = message.Seq });
        return posted.Error is { } refused ? CallFailure.Refused(refused) : null;
    }

    private static ProgramPost? Read(byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = ProgramPost.MostDepth });
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("content", out _) ? ProgramPost.Read(json.RootElement, "content") : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException) // half a character is the latter
        {
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Bots that message {Seq} of room {Room} names were not called: too many wait")]
        public static partial void Dropped(ILogger logger, long room, long seq);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Bots that message {Seq} of room {Room} names could not be called")]
        public static partial void NotCalled(ILogger logger, long room, long seq, Exception error);
    }
}
