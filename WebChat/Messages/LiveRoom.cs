using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using WebChat.Live;
using WebChat.Rooms;
using WebChat.Shared;

namespace WebChat.Messages;

/// <summary>
/// What a tab says about rooms: which one it shows and from where to catch up, and how far its reader has read. Programs open rooms by
/// the same way.
/// </summary>
internal sealed class LiveRoom(
    MessageStore messages, MissedReads missedReads, RoomStore rooms, ReadStore reads, RoomTails tails, Openings openings, ReadMarks marks, Connections connections, FrozenDictionary<string, Voice> voices, TimeProvider clock)
{
    /// <summary>How often a room is read that goes on faster than this node reads it; then the tab is to come back.</summary>
    private const int MostRounds = 10;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary><c>{"room":"204815936","rev":51}</c> opens a room in place of the one that was open; null closes it.</summary>
    public async ValueTask OpenAsync(Connection connection, JsonElement frame)
    {
        connection.Unsubscribe();
        if (frame.GetProperty("room").ValueKind == JsonValueKind.Null)
            return;
        if (!TryRead(frame, "room", out var room))
        {
            connection.Send(Frame.Error("unknown-room"));
            return;
        }
        var rev = Math.Max(0, ReadNumber(frame, "rev"));
        await openings.RunAsync(connection, () => CatchUpAsync(connection, room, rev, told: null));
    }

    /// <summary>
    /// Opens a room for a program, in place of the one that was open: with everything after a change, however much that is, or from
    /// now on. Each page of it waits its turn like a tab's opening, and until the one before it is taken.
    /// </summary>
    public async Task FollowAsync(Connection connection, long room, long? rev)
    {
        connection.Unsubscribe();
        var told = new Dictionary<long, long>();
        var isOver = false;
        while (!isOver && !connection.IsClosing)
        {
            await openings.RunAsync(connection, async () => isOver = await CatchUpAsync(connection, room, rev, told));
            if (!isOver && rev is { } from && !connection.IsClosing)
                rev = await TellAllAsync(connection, room, from, told);
        }
    }

    /// <summary>Tells all that changed after <paramref name="from"/> by place, a page at a time, so that the first sights of messages are in order.</summary>
    /// <param name="connection">Whom.</param>
    /// <param name="room">Of which room.</param>
    /// <param name="from">The last change it has.</param>
    /// <param name="told">The last change told of each message that changed meanwhile: it is not to be told twice.</param>
    /// <returns>Where the room stood at the beginning: what changed since then may be missing.</returns>
    private async Task<long> TellAllAsync(Connection connection, long room, long from, Dictionary<long, long> told)
    {
        long? head = null;
        var after = 0L;
        for (var isMore = true; isMore && !connection.IsClosing;)
        {
            await openings.RunAsync(connection, async () =>
            {
                isMore = false;
                if (await rooms.FindAsync(room, connection.Reader.UserId) is not { UntilSeq: null } reader)
                    return; // the next opening says so
                head ??= reader.Rev;
                var page = Cut(await messages.ChangesByPlaceAsync(connection.Reader.UserId, room, from, after, Missed.Most));
                if (page.Count == 0)
                    return;
                (isMore, after) = (true, page[^1].Seq);
                page = [.. page.Where(m => !IsTold(m, told))];
                foreach (var message in page.Where(m => m.Rev > head))
                    told[message.Seq] = message.Rev;
                if (page.Count > 0)
                    connection.Send(voices[connection.Reader.Language].SayMissed(page, anew: null));
            });
        }
        return head ?? from;
    }

    /// <summary>As many of them as make up a page, and one at least.</summary>
    private static List<StoredMessage> Cut(List<StoredMessage> messages)
    {
        var size = 0L;
        return [.. messages.TakeWhile((m, i) => (size += Missed.SizeOf(m)) <= Missed.MostBytes || i == 0)];
    }

    private static bool IsTold(StoredMessage message, Dictionary<long, long> told) => told.TryGetValue(message.Seq, out var rev) && rev >= message.Rev;

    /// <summary><c>{"read":"204815936","seq":12}</c>: read up to there, in every tab and device.</summary>
    public async ValueTask ReadAsync(Connection connection, JsonElement frame)
    {
        var number = ReadNumber(frame, "seq");
        if (TryRead(frame, "read", out var room) && await reads.MarkAsync(connection.Reader.UserId, room, number))
        {
            connections.Send(connection.Reader.UserId, ReadFrame(room, number));
            marks.Touch(room, connection.Reader.UserId, number);
        }
    }

    public static ReadOnlyMemory<byte> ReadFrame(long room, long seq) => Frame.Json(json =>
    {
        json.WriteStartObject("read");
        json.WriteString("room", room.ToString(CultureInfo.InvariantCulture));
        json.WriteNumber("seq", seq);
        json.WriteEndObject();
    });

    /// <summary>
    /// Subscribes first, and asks then where the room stands, so that nothing falls between: what was committed before is in what was
    /// missed, whoever read that and when; what is published after the subscription is in the topic's log.
    /// </summary>
    /// <param name="connection">Who reads.</param>
    /// <param name="room">What.</param>
    /// <param name="from">The last change they have; null where they want nothing that was before.</param>
    /// <param name="told">What they have of later changes.</param>
    /// <returns>False where there is more to tell than fits, and all of it is wanted.</returns>
    private async Task<bool> CatchUpAsync(Connection connection, long room, long? from, Dictionary<long, long>? told)
    {
        var userId = connection.Reader.UserId;
        var voice = voices[connection.Reader.Language];
        connection.Subscribe(room);
        await tails.ListeningAsync(room);
        for (var round = 1; ; round++)
        {
            // Asked after subscribing: a membership that ends from here on ends the subscription too.
            if (await rooms.FindAsync(room, userId) is not { UntilSeq: null } reader)
            {
                if (connection.Unsubscribe(room))
                    connection.Send(Frame.Error("unknown-room"));
                return true;
            }
            var rev = from ??= reader.Rev;
            var missed = await missedReads.SinceAsync(room, rev, reader.Rev, reader.FirstSeq);
            if (missed.IsAnew && voice.TellsAll && rev <= reader.Rev)
            {
                connection.Unsubscribe(room);
                return false;
            }
            var frames = missed.IsAnew || told is { Count: > 0 }
                ? voice.SayOpened(room, told is null ? missed.Messages : [.. missed.Messages.Where(m => !IsTold(m, told))], missed.IsAnew ? reader : null, reader.FirstSeq, missed.Head)
                : missed.In(voice, room, reader.FirstSeq);
            if (tails.TryBegin(room, missed.Head, reader.FirstSeq) && connection.Attach(room, missed.Head, frames))
            {
                Meters.CatchUps.Add(1);
                if (!connection.Reader.IsProgram)
                    await marks.ShowAsync(connection, reader);
                return true;
            }
            if (connection.Open != room)
                return true;
            if (round == MostRounds)
            {
                connection.Close(CloseCode.TooFarBehind, "try again");
                return true;
            }
            await Task.Delay(Pause, clock);
        }
    }

    /// <summary>A room's number, as a text.</summary>
    public static bool TryRead(JsonElement frame, string name, out long number)
    {
        number = 0;
        try
        {
            return frame.GetProperty(name) is { ValueKind: JsonValueKind.String } text &&
                long.TryParse(text.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out number);
        }
        catch (InvalidOperationException) // half a character
        {
            return false;
        }
    }

    /// <exception cref="JsonException">It is there and no number: nothing we know.</exception>
    public static long ReadNumber(JsonElement frame, string name)
    {
        if (!frame.TryGetProperty(name, out var value))
            return 0;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : throw new JsonException($"{name} is a whole number.");
    }
}
