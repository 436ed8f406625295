using System.Collections.Frozen;
using System.Text.Json;
using Microsoft.Extensions.Localization;
using WebChat.Live;
using WebChat.Storage;

namespace WebChat.Messages.Programs;

/// <summary>
/// What programs say at the socket, and are answered there, in JSON: <c>{"room":"204815936","message":"…"}</c> posts and opens the room,
/// <c>{"room":"204815936","rev":51}</c> opens it, <c>{"room":null}</c> closes it.
/// </summary>
internal sealed class Exchange(
    LiveRoom rooms, ProgramPosting posting, FrozenDictionary<string, Voice> voices, IStringLocalizer<Texts> texts, IStringLocalizer<Shared.Texts> shared)
{
    public async ValueTask HearAsync(Connection connection, JsonElement frame)
    {
        if (frame.TryGetProperty("message", out _) || frame.TryGetProperty("kind", out _))
            await PostAsync(connection, frame);
        else if (frame.GetProperty("room").ValueKind == JsonValueKind.Null)
            connection.Unsubscribe();
        else if (LiveRoom.TryRead(frame, "room", out var room))
            await rooms.FollowAsync(connection, room, ReadRev(frame));
        else
            connection.Send(Frame.Error("unknown-room"));
    }

    /// <summary>Posts, and sees to it that the stored message comes down: by the room's feed, or by itself where that does not bring it again.</summary>
    private async Task PostAsync(Connection connection, JsonElement frame)
    {
        if (!LiveRoom.TryRead(frame, "room", out var room))
            room = 0; // nobody's
        var post = ProgramPost.Read(frame, "message");
        var answer = await TryPostAsync(connection.Reader.UserId, room, post);
        if (answer.Message is not { } message)
        {
            connection.Send(Refusal(answer, post.ClientId));
            return;
        }
        if (answer.IsRepeat)
            connection.Send(voices[connection.Reader.Language].Say(message));
        if (connection.Open != room)
            await rooms.FollowAsync(connection, room, answer.IsRepeat ? null : message.Rev - 1);
    }

    private async Task<Said> TryPostAsync(long userId, long room, ProgramPost post)
    {
        try
        {
            var answer = await posting.PostAsync(userId, room, post);
            return new Said(answer.Status) { Message = answer.Message, IsRepeat = answer.IsRepeat, Error = answer.Error is { } error ? texts[error].Value : null, Wait = answer.Wait };
        }
        catch (StorageUnavailableException)
        {
            return new Said(StatusCodes.Status503ServiceUnavailable) { Error = shared["The house cannot store or read anything right now. Nothing was changed; try again in a few seconds."] };
        }
        catch (StorageUncertainException)
        {
            // Whether it is stored nobody knows: the same client id tells.
            return new Said(StatusCodes.Status500InternalServerError) { Error = shared["The fault is ours, and it has been noted. Try again, or come back a little later."] };
        }
    }

    private static ReadOnlyMemory<byte> Refusal(Said answer, string clientId) => Frame.Json(json =>
    {
        json.WriteString("error", answer.Error);
        json.WriteNumber("status", answer.Status);
        json.WriteString("client_id", clientId);
        if (answer.Wait is { } wait)
            json.WriteNumber("retry_after", (long)Math.Ceiling(wait.TotalSeconds));
    });

    /// <exception cref="JsonException">It is there and no number: nothing we know.</exception>
    private static long? ReadRev(JsonElement frame) =>
        frame.TryGetProperty("rev", out var rev) && rev.ValueKind != JsonValueKind.Null ? Math.Max(0, LiveRoom.ReadNumber(frame, "rev")) : null;

    /// <summary>What became of a post, in words.</summary>
    private sealed record Said(int Status)
    {
        public Rooms.StoredMessage? Message { get; init; }
        public bool IsRepeat { get; init; }
        public string? Error { get; init; }
        public TimeSpan? Wait { get; init; }
    }
}
