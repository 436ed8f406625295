using System.Globalization;
using System.Text.Json;

namespace WebChat.Tests.Messages.Programs;

/// <summary>What programs say and hear, as tests put and read it.</summary>
internal static class Exchanged
{
    public static string Text(long room) => room.ToString(CultureInfo.InvariantCulture);

    public static JsonElement Json(string frame) => JsonElement.Parse(frame);

    public static string Str(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    public static List<(long Seq, long Rev)> Told(LiveSocket socket)
    {
        lock (socket.All)
            return [.. socket.All.Select(Json).Where(f => f.TryGetProperty("seq", out _)).Select(f => (f.GetProperty("seq").GetInt64(), f.GetProperty("rev").GetInt64()))];
    }

    public static List<long> Seqs(LiveSocket socket) => [.. Told(socket).Select(m => m.Seq)];
}
