using WebChat.Shared;

namespace WebChat.Accounts;

/// <summary>The installation's name and mark, and whether it has been set up: asked by every page, so remembered for a few seconds.</summary>
internal sealed class Site(SiteStore store, TimeProvider clock)
{
    public const string DefaultName = "WebChat";

    private const long GoodForMs = 5_000;

    private SiteState state = new();
    private long readAt = long.MinValue / 2;

    /// <summary>What this chat is called; as last read, when the database cannot be.</summary>
    public string LastName => Volatile.Read(ref state).Name ?? DefaultName;

    /// <summary>The picture that is this chat's mark, as last read; null where it has none of its own.</summary>
    public string? LastLogo => Volatile.Read(ref state).Logo;

    /// <summary>What this chat is called.</summary>
    public async ValueTask<string> NameAsync() => (await StateAsync()).Name ?? DefaultName;

    /// <summary>False until the first administrator is made.</summary>
    public async ValueTask<bool> IsSetUpAsync() => Volatile.Read(ref state).IsSetUp || (await ReadAsync()).IsSetUp;

    /// <summary>Reads it anew: somebody has changed it.</summary>
    public Task RefreshAsync() => ReadAsync();

    private ValueTask<SiteState> StateAsync() =>
        clock.Now() - Volatile.Read(ref readAt) < GoodForMs && Volatile.Read(ref state).IsSetUp ? new(state) : new(ReadAsync());

    private async Task<SiteState> ReadAsync()
    {
        var read = await store.FindAsync();
        Volatile.Write(ref state, read);
        Volatile.Write(ref readAt, clock.Now());
        return read;
    }
}
