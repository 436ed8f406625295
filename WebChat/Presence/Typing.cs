using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using WebChat.Live;
using WebChat.Shared;

namespace WebChat.Presence;

/// <summary>
/// <c>{"typing":"204815936"}</c>: passed on to the others who have the same room open, at most every <see cref="Pause"/>
/// from one person in one room. It is kept nowhere; tabs forget it by themselves.
/// </summary>
internal sealed class Typing(Connections connections, TimeProvider clock)
{
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<(long User, long Room), long> last = new();

    /// <summary>Whether somebody may write in a room just now. Those who know the rooms say it: nobody is waited for who cannot send a word.</summary>
    public Func<long, long, Task<bool>> MayWriteAsync { get; set; } = static (_, _) => Task.FromResult(true);

    public async ValueTask TellAsync(Connection connection, JsonElement frame)
    {
        // Only the room that is open here: that it is says the user may read it.
        if (connection.Open is { } room && IsRoom(frame, room) && IsTime(connection.Reader.UserId, room) && await MayWriteAsync(connection.Reader.UserId, room))
        {
            var typing = Frame.Json(json =>
            {
                json.WriteStartObject("typing");
                json.WriteString("room", room.ToString(CultureInfo.InvariantCulture));
                json.WriteNumber("user", connection.Reader.UserId);
                json.WriteString("name", connection.Reader.Name);
                json.WriteEndObject();
            });
            connections.Hint(room, typing);
        }
    }

    private static bool IsRoom(JsonElement frame, long room) =>
        frame.GetProperty("typing") is { ValueKind: JsonValueKind.String } text &&
        long.TryParse(text.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number == room;

    private bool IsTime(long userId, long room)
    {
        var now = clock.Now();
        if (last.Count > 10_000)
            last.Clear(); // a hint lost or doubled is no harm; memory without a bound is
        var told = last.GetOrAdd((userId, room), 0);
        return now - told >= Pause.TotalMilliseconds && last.TryUpdate((userId, room), now, told);
    }
}
