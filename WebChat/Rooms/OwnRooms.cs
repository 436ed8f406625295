namespace WebChat.Rooms;

/// <summary>The conversations of whoever asks, read once in a request for all that shows them: a page, the list beside it, and the bar of places.</summary>
internal sealed class OwnRooms(RoomStore rooms, ReadStore reads)
{
    private List<Conversation>? known;

    /// <inheritdoc cref="RoomStore.ListAsync"/>
    public async Task<List<Conversation>> ListAsync(long userId) => known ??= await rooms.ListAsync(userId);

    /// <summary>The same numbers as <see cref="ReadStore.CountAsync"/>, which is asked where no list was.</summary>
    public async Task<RailCounts> CountAsync(long userId) => known is null ? await reads.CountAsync(userId) : new RailCounts
    {
        Unread = known.Where(room => room.IsLoud).Sum(room => room.Level == NoticeLevel.All ? room.Unread : 1),
        Lobby = known.Find(room => room.Kind == RoomKind.Lobby)?.Number ?? 0,
    };
}
