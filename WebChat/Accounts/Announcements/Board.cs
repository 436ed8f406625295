using WebChat.Live;
using WebChat.Shared;
using WebChat.Storage;

namespace WebChat.Accounts.Announcements;

/// <summary>
/// What stands above every page just now, as this node knows it. Open pages are told by <c>{"announcement":{"id":7,"text":"…"}}</c>, or <c>null</c> where nothing
/// stands there any more. Each node asks the database every few seconds and tells its own pages, so nothing has to be heard from another.
/// </summary>
internal sealed partial class Board(AnnouncementStore store, Connections connections, TimeProvider clock, ILogger<Board> logger)
{
    private static readonly ReadOnlyMemory<byte> Nothing = Frame.Json(json => json.WriteNull("announcement"));

    private SiteAnnouncement? last;
    private long told;

    /// <summary>The one that is good now, or null.</summary>
    public SiteAnnouncement? Current => Volatile.Read(ref last) is { } now && now.IsGood(clock.Now()) ? now : null;

    /// <summary>Makes this tell pages that open: one was rendered a moment before, or was away.</summary>
    public void Follow() => connections.Connected += connection => _ = TellAsync(connection);

    /// <summary>What a user has not put away, or null.</summary>
    public async Task<SiteAnnouncement?> ForAsync(long userId) =>
        Current is { } now && await store.HeardAsync(userId) < now.Id ? now : null;

    /// <summary>Reads it anew, and tells open pages here what has changed. Not to be called by two at once.</summary>
    public async Task RefreshAsync()
    {
        Volatile.Write(ref last, await store.LastAsync());
        var id = Current?.Id ?? 0;
        if (told == id)
            return;
        told = id;
        var frame = Current is { } now ? FrameOf(now) : Nothing;
        foreach (var page in connections.Pages)
            page.Send(frame);
    }

    /// <summary>Puts one away for a user, in all their pages.</summary>
    public async Task<bool> HearAsync(long userId, long id)
    {
        if (!await store.HearAsync(userId, id))
            return false;
        if (Current is not { } now || now.Id <= id)
            connections.Send(userId, Nothing);
        return true;
    }

    private async Task TellAsync(Connection connection)
    {
        if (Volatile.Read(ref last) is null)
            return; // there never was one
        try
        {
            connection.Send(await ForAsync(connection.Reader.UserId) is { } now ? FrameOf(now) : Nothing);
        }
        catch (StorageUnavailableException)
        {
            Log.NotTold(logger);
        }
    }

    private static ReadOnlyMemory<byte> FrameOf(SiteAnnouncement announcement) => Frame.Json(json =>
    {
        json.WriteStartObject("announcement");
        json.WriteNumber("id", announcement.Id);
        json.WriteString("text", announcement.Text);
        json.WriteEndObject();
    });

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "A new socket could not be told what is announced")]
        public static partial void NotTold(ILogger logger);
    }
}
