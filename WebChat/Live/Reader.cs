namespace WebChat.Live;

/// <summary>Who listens at a socket.</summary>
internal sealed record Reader
{
    public required long UserId { get; init; }
    /// <summary>Nickname, as others see it when the socket was opened.</summary>
    public required string Name { get; init; }
    public required string SessionId { get; init; }
    /// <summary>Of the interface: frames with words are rendered once per language.</summary>
    public required string Language { get; init; }

    /// <summary>What stands in a language's place where a program listens: it is told everything as JSON.</summary>
    public const string Json = "json";

    /// <summary>True for a program. It is nobody who is here, and gets nothing that is made for pages.</summary>
    public bool IsProgram => string.Equals(Language, Json, StringComparison.Ordinal);
}
