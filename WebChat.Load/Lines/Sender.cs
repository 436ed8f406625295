using System.Net.Sockets;
using System.Text;

namespace WebChat.Load.Lines;

/// <summary>One who posts over a line of their own, and waits for the answer before the next.</summary>
internal sealed class Sender(Socket socket, byte[] message, byte[] empty, int number) : IDisposable
{
    private readonly byte[] answer = new byte[16 * 1024];
    private long posted;

    /// <summary>Posts a message that was not posted before.</summary>
    public async Task PostAsync(CancellationToken cancel)
    {
        var id = Encoding.ASCII.GetBytes($"{Environment.ProcessId:x8}{number:x8}{++posted:x16}");
        id.CopyTo(message.AsSpan(message.Length - id.Length));
        await SendAsync(message, "HTTP/1.1 200", cancel);
    }

    /// <summary>Posts nothing: it is refused once it is known who asks, and that their form is ours.</summary>
    public Task PostNothingAsync(CancellationToken cancel) => SendAsync(empty, "HTTP/1.1 400", cancel);

    public void Dispose() => socket.Dispose();

    private async Task SendAsync(byte[] request, string expected, CancellationToken cancel)
    {
        await socket.SendAsync(request, cancel);
        var filled = 0;
        while (!IsWhole(answer.AsSpan(0, filled)))
        {
            var read = await socket.ReceiveAsync(answer.AsMemory(filled), cancel);
            if (read == 0)
                throw new LoadException("The server ended a line that posts.");
            filled += read;
        }
        if (!Encoding.ASCII.GetString(answer, 0, expected.Length).Equals(expected, StringComparison.Ordinal))
            throw new LoadException($"A post was answered \"{Encoding.Latin1.GetString(answer, 0, filled)}\".");
    }

    /// <summary>True where all of the answer is there: by its length, or at its last chunk.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return false;
        var length = answer[..end].IndexOf("Content-Length: "u8);
        return length < 0
            ? answer.EndsWith("\r\n0\r\n\r\n"u8)
            : System.Buffers.Text.Utf8Parser.TryParse(answer[(length + 16)..], out int bytes, out _) && answer.Length >= end + 4 + bytes;
    }
}
