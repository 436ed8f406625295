using System.Text.Json;

namespace WebChat.Live;

/// <summary>What one node tells the others about tabs they may have.</summary>
internal sealed record Word
{
    public required WordKind Kind { get; init; }
    public string From { get; init; } = "";
    public long User { get; init; }
    /// <summary>Whom a frame is for, where they are many.</summary>
    public IReadOnlyCollection<long>? Users { get; init; }
    /// <summary>A session's id: the one that ended, or the one that goes on.</summary>
    public string? Session { get; init; }
    public long Room { get; init; }
    public byte[]? Frame { get; init; }
}

internal enum WordKind
{
    /// <summary>A frame for every tab of a user, or of <see cref="Word.Users"/>.</summary>
    Send,
    EndSession,
    /// <summary>All sessions of a user end but <see cref="Word.Session"/>.</summary>
    EndUser,
    /// <summary>A user may not read a room any more; user 0 is everybody.</summary>
    CloseRoom,
    /// <summary>A frame for all who have a room open, such as who is typing.</summary>
    Hint,
    CameOnline,
    WentOffline,
    /// <summary>A frame for every tab there is.</summary>
    SendToAll,
}

/// <summary>Carries words about tabs to the other nodes, and theirs to this one.</summary>
internal sealed class Relay(Nodes nodes) : IHostedService
{
    private const string Channel = "tabs";

    private readonly string me = Guid.NewGuid().ToString("N");

    /// <summary>Another node said something.</summary>
    public event Action<Word>? Heard;

    /// <summary>This node's name among the others.</summary>
    public string Me => me;

    public bool AreMany => nodes.AreMany;

    public Task StartAsync(CancellationToken cancellationToken) => nodes.ListenAsync(Channel, Hear);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Tells the other nodes. Never waits.</summary>
    public void Tell(Word word)
    {
        if (nodes.AreMany)
            nodes.Say(Channel, JsonSerializer.SerializeToUtf8Bytes(word with { From = me }));
    }

    private void Hear(ReadOnlyMemory<byte> words)
    {
        var word = JsonSerializer.Deserialize<Word>(words.Span)!;
        if (!string.Equals(word.From, me, StringComparison.Ordinal))
            Heard?.Invoke(word);
    }
}
