using System.Diagnostics.Tracing;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Diagnostics.NETCore.Client;

namespace WebChat.Load.Lines;

/// <summary>
/// Follows one counter of a .NET server's meter. The runtime tells its value each second as an event, whose texts stand one after the other in
/// the stream: the counter's name, its unit, its tags, its rate, and all that was counted since this began.
/// </summary>
internal sealed class Counting : IAsyncDisposable
{
    private const long TimeSeriesValues = 2; // of the event source System.Diagnostics.Metrics
    private const int TextsToValue = 3;

    private readonly EventPipeSession session;
    private readonly byte[] name;
    private readonly Task reading;
    private long value;

    private Counting(EventPipeSession session, string counter)
    {
        this.session = session;
        name = Encoding.Unicode.GetBytes(counter + '\0');
        reading = Task.Run(ReadAsync);
    }

    /// <summary>What was counted so far, as it was told last: up to a second ago.</summary>
    public long Value => Volatile.Read(ref value);

    public static async Task<Counting> StartAsync(int process, string meter, string counter, CancellationToken cancel)
    {
        var provider = new EventPipeProvider("System.Diagnostics.Metrics", EventLevel.Informational, TimeSeriesValues, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["SessionId"] = Guid.NewGuid().ToString(), ["Metrics"] = $"{meter}\\{counter}", ["RefreshInterval"] = "1", ["MaxTimeSeries"] = "10", ["MaxHistograms"] = "0",
        });
        return new Counting(await new DiagnosticsClient(process).StartEventPipeSessionAsync([provider], requestRundown: false, circularBufferMB: 16, cancel), counter);
    }

    public async ValueTask DisposeAsync()
    {
        await session.StopAsync(CancellationToken.None);
        await reading;
        session.Dispose();
    }

    private async Task ReadAsync()
    {
        const int longest = 4096; // more than the texts of one event take
        var buffer = new byte[1 << 18];
        for (var filled = 0; await session.EventStream.ReadAsync(buffer.AsMemory(filled)) is var read and > 0;)
        {
            filled += read;
            Look(buffer.AsSpan(0, filled));
            var rest = Math.Min(filled, longest);
            buffer.AsSpan(filled - rest, rest).CopyTo(buffer);
            filled = rest;
        }
    }

    private void Look(ReadOnlySpan<byte> stream)
    {
        for (var at = stream.IndexOf(name); at >= 0; at = stream.IndexOf(name))
        {
            stream = stream[(at + name.Length)..];
            var texts = MemoryMarshal.Cast<byte, char>(stream);
            for (var i = 0; i < TextsToValue && texts.IndexOf('\0') is var end and >= 0; i++)
                texts = texts[(end + 1)..];
            if (texts.IndexOf('\0') is var length and > 0 && long.TryParse(texts[..length], NumberStyles.Integer, CultureInfo.InvariantCulture, out var told))
                Volatile.Write(ref value, Math.Max(value, told));
        }
    }
}
