namespace WebChat.Storage;

/// <summary>Where everything lives: database, keys, mail and files of an installation.</summary>
internal sealed record StorageOptions
{
    /// <summary>The data directory, made if it is missing; relative to where the app starts.</summary>
    public string Data { get; init; } = "data";

    /// <summary>A connection string of PostgreSQL; null: SQLite in the data directory.</summary>
    public string? Postgres { get; init; }

    /// <summary>Redis as host:port, for several nodes; null: this process is alone.</summary>
    public string? Redis { get; init; }

    /// <summary>How everything of this installation begins that is kept in Redis or said through it.</summary>
    public string RedisPrefix { get; init; } = "webchat";

    public string DatabaseFile => Path.Combine(Data, "webchat.sqlite");

    /// <summary>Where the keys that protect cookies and forms are, unless PostgreSQL holds them.</summary>
    public string KeysDirectory => Path.Combine(Data, "keys");

    /// <summary>Where the files of messages are, unless object storage holds them.</summary>
    public string MediaDirectory => Path.Combine(Data, "media");
}
