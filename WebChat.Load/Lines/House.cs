using System.Buffers.Text;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace WebChat.Load.Lines;

/// <summary>WebChat itself: everybody is signed in and has the lobby open; messages are posted over HTTP, as the page posts them.</summary>
internal sealed class House : Target
{
    private readonly List<Visitor> visitors = [];
    private long room;
    private long rev;

    private House()
    {
    }

    /// <summary>Characters that people write in a message.</summary>
    public required int TextLength { get; init; }

    /// <summary>Lets so many people in, whom the server did not know before.</summary>
    public static async Task<House> OpenAsync(Server server, DirectoryInfo data, int people, int textLength)
    {
        var house = new House { Server = server, TextLength = textLength };
        for (var i = 0; i < people; i++)
            house.visitors.Add(await Visitor.ComeAsync(server.Address, data, $"load-{i:000}"));
        foreach (var visitor in house.visitors)
            (house.room, house.rev) = await visitor.LobbyAsync();
        return house;
    }

    /// <summary>The last change of the lobby when the house was opened.</summary>
    public long Rev => rev;

    public override Task<Socket> OpenAsync(int number, CancellationToken cancel) => OpenAsync(number, rev, cancel);

    /// <summary>The same for a tab that has seen everything up to a change of the room.</summary>
    public async Task<Socket> OpenAsync(int number, long seenRev, CancellationToken cancel)
    {
        var visitor = visitors[number % visitors.Count];
        var socket = await Handshake.OpenAsync(Server, "/live", [$"Cookie: {visitor.CookieHeader}"], isPinged: true, cancel);
        await socket.SendAsync(ClientFrame.Of(ClientFrame.Text, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""{"room":"{{room}}","rev":{{seenRev}}}"""))), cancel);
        await socket.SendAsync(ClientFrame.Of(ClientFrame.Text, "{}"u8), cancel); // an unknown action: its answer says that the room is open
        await Handshake.ReadAsync(socket, "unknown-action", cancel);
        return socket;
    }

    /// <summary>The change of the lobby that a post was, as its answer says.</summary>
    public static long RevOf(ReadOnlySpan<byte> answer)
    {
        var name = "\"rev\":"u8;
        return Utf8Parser.TryParse(answer[(answer.LastIndexOf(name) + name.Length)..], out long number, out _) ? number : throw new LoadException("A post was answered without its change.");
    }

    public override async Task<Writers> WritersAsync(IReadOnlyList<Socket> readers, int inFlight, CancellationToken cancel)
    {
        var lines = new List<Line>();
        for (var i = 0; i < inFlight; i++)
        {
            var visitor = visitors[i % visitors.Count];
            lines.Add(new Line(await Handshake.ConnectAsync(Server, cancel), PostOf(visitor)));
        }
        return new Posters(lines);
    }

    public override void Dispose()
    {
        visitors.ForEach(v => v.Dispose());
        base.Dispose();
    }

    /// <summary>A line that posts one message after the other and waits for each answer.</summary>
    public async Task<Sender> SenderAsync(int number, CancellationToken cancel)
    {
        var visitor = visitors[number % visitors.Count];
        return new Sender(await Handshake.ConnectAsync(Server, cancel), PostOf(visitor), PostOf(visitor, ""), number);
    }

    private byte[] PostOf(Visitor visitor) => PostOf(visitor, $"@@{new string('0', StampLength)} ".PadRight(TextLength - 1, 'x') + (char)Mark);

    /// <summary>A post to the room as the page's script sends it, with an empty stamp and client id.</summary>
    private byte[] PostOf(Visitor visitor, string text)
    {
        var body = $"content={text.Replace(' ', '+')}&client_id={new string('0', 2 * StampLength)}";
        return Encoding.ASCII.GetBytes(string.Join("\r\n",
            $"POST /rooms/{room.ToString(CultureInfo.InvariantCulture)}/messages HTTP/1.1", $"Host: {Server.Address.Authority}", $"Origin: {Server.Address.GetLeftPart(UriPartial.Authority)}", "Accept: application/json",
            "Sec-Fetch-Site: same-origin", $"RequestVerificationToken: {visitor.Token}", $"Cookie: {visitor.CookieHeader}", "Content-Type: application/x-www-form-urlencoded;charset=UTF-8", $"Content-Length: {body.Length}", "", body));
    }

    /// <summary>A line that posts one message after the other.</summary>
    private sealed class Line(Socket socket, byte[] request)
    {
        public Socket Socket => socket;
        public int Handle { get; } = (int)socket.SafeHandle.DangerousGetHandle();
        public byte[] Request => request;
        public int StampAt { get; } = request.AsSpan().IndexOf(StampMark) + StampMark.Length;
        public byte[] Answer { get; } = new byte[8 * 1024];
        public int Filled { get; set; }
        public long Stamp { get; set; }
    }

    private sealed class Posters(List<Line> lines) : Writers
    {
        private readonly Queue<Line> free = new(lines); // in turns: a line that says nothing for long is ended by the server
        private long posted;

        public override IReadOnlyList<Socket> Lines { get; } = [.. lines.Select(l => l.Socket)];

        public override bool TryWrite(long stamp)
        {
            if (!free.TryDequeue(out var line))
                return false;
            line.Stamp = stamp;
            Stamp(line.Request.AsSpan(line.StampAt, StampLength), stamp);
            Stamp(line.Request.AsSpan(line.Request.Length - StampLength), ++posted); // the rest of the client id stays zeros
            Stamp(line.Request.AsSpan(line.Request.Length - 2 * StampLength, StampLength), Environment.ProcessId);
            Linux.Send(line.Handle, line.Request);
            return true;
        }

        public override void Hear(int line)
        {
            var of = lines[line];
            var read = Linux.Receive(of.Handle, of.Answer.AsSpan(of.Filled));
            if (read < 0)
                return;
            if (read == 0)
                throw new LoadException("The server ended a line that posts.");
            of.Filled += read;
            if (!Sender.IsWhole(of.Answer.AsSpan(0, of.Filled)))
                return;
            if (!of.Answer.AsSpan().StartsWith("HTTP/1.1 200"u8))
                throw new LoadException($"A post was answered \"{Encoding.Latin1.GetString(of.Answer, 0, of.Filled)}\".");
            Answered?.Invoke(of.Stamp, of.Answer[..of.Filled]);
            of.Filled = 0;
            free.Enqueue(of);
        }
    }
}
