using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace WebChat.Tests.Servers;

/// <summary>The least a mail server says, to as many clients as come. What it answers to a recipient is the test's to choose.</summary>
internal sealed class SmtpServer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly Channel<string> mails = Channel.CreateUnbounded<string>();
    private readonly Func<string, string> answer;

    /// <param name="answer">From a "RCPT TO" line to what is said to it; 250 if there is none.</param>
    public SmtpServer(Func<string, string>? answer = null)
    {
        this.answer = answer ?? (_ => "250 ok");
        listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>The settings that send an app's mail here.</summary>
    public (string Name, string Value)[] Settings =>
        [("WebChat:Mail:Host", "127.0.0.1"), ("WebChat:Mail:Port", Port.ToString()), ("WebChat:Mail:From", "chat@example.org")];

    /// <summary>Every recipient that was named, in order, refused ones too.</summary>
    public List<string> Recipients { get; } = [];

    /// <summary>The next mail that was taken: all that was said for it.</summary>
    public async Task<string> NextAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        return await mails.Reader.ReadAsync(limit.Token);
    }

    public void Dispose() => listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await listener.AcceptTcpClientAsync());
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            using var owned = client;
            await using var stream = client.GetStream();
            using var reader = new StreamReader(stream, Encoding.UTF8);
            await using var writer = new StreamWriter(stream, new UTF8Encoding(false)) { AutoFlush = true, NewLine = "\r\n" };
            await writer.WriteLineAsync("220 test");
            var heard = new StringBuilder();
            var inData = false;
            while (await reader.ReadLineAsync() is { } line)
            {
                heard.AppendLine(line);
                if (inData && line != ".")
                    continue;
                if (inData)
                    mails.Writer.TryWrite(heard.ToString());
                inData = line.Equals("DATA", StringComparison.OrdinalIgnoreCase);
                await writer.WriteLineAsync(inData ? "354 go on" : Answer(line));
            }
        }
        catch (IOException)
        {
            // The client went.
        }
    }

    private string Answer(string line)
    {
        if (!line.StartsWith("RCPT", StringComparison.OrdinalIgnoreCase))
            return "250 ok";
        lock (Recipients)
            Recipients.Add(line);
        return answer(line);
    }
}
