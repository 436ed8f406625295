using System.Net;
using System.Net.Sockets;
using System.Text;

namespace WebChat.Tests.Mail;

public sealed class MailboxTests
{
    [Fact]
    public async Task While_one_develops_anybody_reads_it_newest_first()
    {
        using var app = new App();
        using var mei = await app.SignUpAsync("mei");
        using var visitor = app.Visitor();
        await visitor.SubmitAsync("/accounts/register", "Send code", ("E-mail", "ann@example.org"));
        await visitor.SubmitAsync("/accounts/register?again=true", "Send code", ("E-mail", "mei@example.org"));

        var letters = (await visitor.GetPageAsync("/mailbox")).QuerySelectorAll("article");

        Assert.Equal(2, letters.Length);
        Assert.Contains("mei@example.org", letters[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("already have an account", letters[0].TextContent, StringComparison.Ordinal);
        Assert.Contains(app.CodeFor("ann@example.org"), letters[1].TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_production_it_is_the_administrators()
    {
        using var app = new App(("environment", "Production"));
        using var mei = await app.SignUpAsync("mei");
        using var ann = await app.SignUpAsync("ann");
        using var visitor = app.Visitor();

        Assert.Equal(HttpStatusCode.OK, (await mei.Http.GetAsync("/mailbox")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await ann.Http.GetAsync("/mailbox")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await visitor.Http.GetAsync("/mailbox")).StatusCode);
    }

    [Fact]
    public async Task With_a_server_mail_is_really_sent()
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var received = ReceiveAsync(server);
        using var app = new App(("WebChat:Mail:Host", "127.0.0.1"), ("WebChat:Mail:Port", ((IPEndPoint)server.LocalEndpoint).Port.ToString()), ("WebChat:Mail:From", "chat@example.org"));
        using var mei = await app.SignUpAsync("mei");
        using var visitor = app.Visitor();

        await visitor.SubmitAsync("/accounts/register", "Send code", ("E-mail", "ann@example.org"));
        var mail = await received.WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Contains("RCPT TO:<ann@example.org>", mail, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Harbour House", mail, StringComparison.Ordinal);
        Assert.Matches("(?<![0-9])[0-9]{8}(?![0-9])", mail);
        Assert.Equal(0, app.MailsTo("ann@example.org"));
    }

    /// <summary>The least an SMTP server says; gives back all it heard.</summary>
    private static async Task<string> ReceiveAsync(TcpListener server)
    {
        using var client = await server.AcceptTcpClientAsync();
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.UTF8);
        await using var writer = new StreamWriter(stream, new UTF8Encoding(false)) { AutoFlush = true, NewLine = "\r\n" };
        var heard = new StringBuilder();
        await writer.WriteLineAsync("220 test");
        var inData = false;
        while (await reader.ReadLineAsync() is { } line)
        {
            heard.AppendLine(line);
            if (inData && line != ".")
                continue;
            if (line.StartsWith("QUIT", StringComparison.OrdinalIgnoreCase) || inData)
            {
                await writer.WriteLineAsync("250 ok");
                break;
            }
            inData = line.Equals("DATA", StringComparison.OrdinalIgnoreCase);
            await writer.WriteLineAsync(inData ? "354 go on" : "250 ok");
        }
        return heard.ToString();
    }
}
