using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using WebChat.Live;
using WebChat.Rooms;
using WebChat.Shared;

namespace WebChat.Messages;

/// <summary>What a tab says about rooms: which one it shows and from where to catch up, and how far its reader has read.</summary>
internal sealed class LiveRoom(
    MessageStore messages, RoomStore rooms, RoomTails tails, Openings openings, ReadMarks marks, Connections connections, FrozenDictionary<string, MessageWords> words, TimeProvider clock)
{
    /// <summary>More missed changes than this are not replayed: the tab gets the latest page anew.</summary>
    public const int MostMissed = 200;

    private const int MostMissedBytes = 512 * 1024;

    /// <summary>How often a room is read that goes on faster than this node reads it; then the tab is to come back.</summary>
    private const int MostRounds = 10;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary><c>{"caught-up":true}</c>: what comes from here on is said at this moment.</summary>
    private static readonly ReadOnlyMemory<byte> CaughtUp = Frame.Json(json => json.WriteBoolean("caught-up", true));

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
        await openings.RunAsync(connection, () => CatchUpAsync(connection, room, rev));
    }

    /// <summary><c>{"read":"204815936","seq":12}</c>: read up to there, in every tab and device.</summary>
    public async ValueTask ReadAsync(Connection connection, JsonElement frame)
    {
        var number = ReadNumber(frame, "seq");
        if (TryRead(frame, "read", out var room) && await rooms.MarkReadAsync(connection.Reader.UserId, room, number))
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
    /// Subscribes first and reads then, so that nothing falls between: what was committed before the read is in it, what
    /// is published after the subscription is in the topic's log.
    /// </summary>
    private async Task CatchUpAsync(Connection connection, long room, long rev)
    {
        var userId = connection.Reader.UserId;
        connection.Subscribe(room);
        await tails.ListeningAsync(room);
        for (var round = 1; ; round++)
        {
            var missed = await messages.ChangesAsync(userId, room, rev, MostMissed + 1);
            // Asked after subscribing: a membership that ends from here on ends the subscription too.
            if (await rooms.FindAsync(room, userId) is not { UntilSeq: null } reader)
            {
                if (connection.Unsubscribe(room))
                    connection.Send(Frame.Error("unknown-room"));
                return;
            }
            var head = missed.Count == 0 ? rev : missed[^1].Rev;
            // A change that the room has not seen yet is made up, or from before an older copy of the database took its place. Taken at
            // its word the node would wait for it, and tell nobody here what comes before.
            var isAnew = rev > reader.Rev || missed.Count > MostMissed || missed.Sum(m => (long)m.Body.Length + (m.Content?.Length ?? 0) + (m.Reactions?.Length ?? 0)) > MostMissedBytes;
            if (isAnew)
            {
                missed = [.. await messages.BeforeAsync(userId, room, long.MaxValue, MessageStore.PageSize)];
                head = missed.Aggregate(reader.Rev, (last, m) => Math.Max(last, m.Rev));
            }
            var frame = Render(missed, isAnew ? reader : null, words[connection.Reader.Language]);
            if (tails.TryBegin(room, head) && connection.Attach(room, head, frame))
            {
                Meters.CatchUps.Add(1);
                return;
            }
            if (connection.Open != room)
                return;
            if (round == MostRounds)
            {
                connection.Close(CloseCode.TooFarBehind, "try again");
                return;
            }
            await Task.Delay(Pause, clock);
        }
    }

    /// <summary>All that was missed in one frame, by place, so that a reader sees new messages in their order, and that this was all.</summary>
    /// <param name="missed">What to show.</param>
    /// <param name="anew">The room, where this is its newest page in place of all that was shown.</param>
    /// <param name="words">In which language.</param>
    private static ReadOnlyMemory<byte> Render(List<StoredMessage> missed, RoomView? anew, MessageWords words) =>
        missed.Count == 0 ? CaughtUp : (byte[])[.. RenderMissed(missed, anew, words).Span, .. CaughtUp.Span];

    private static ReadOnlyMemory<byte> RenderMissed(List<StoredMessage> missed, RoomView? anew, MessageWords words) =>
        Frame.Text((missed, anew, words), static (state, html) =>
        {
            if (state.anew is { } room)
            {
                html.Raw("<div data-anew=\""u8).Number(room.Number).Raw("\">"u8);
                MessageTemplate.WriteOlder(html, state.missed, room.ReadSeq, state.words);
            }
            foreach (var message in state.missed.OrderBy(m => m.Seq))
                MessageTemplate.Write(html, message, state.words);
            if (state.anew is not null)
                html.Raw("</div>"u8);
        });

    private static bool TryRead(JsonElement frame, string name, out long number)
    {
        number = 0;
        return frame.GetProperty(name) is { ValueKind: JsonValueKind.String } text &&
            long.TryParse(text.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    /// <exception cref="JsonException">It is there and no number: nothing we know.</exception>
    private static long ReadNumber(JsonElement frame, string name)
    {
        if (!frame.TryGetProperty(name, out var value))
            return 0;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : throw new JsonException($"{name} is a whole number.");
    }
}
