using System.Globalization;
using Microsoft.Extensions.Options;
using WebChat.Shared;

namespace WebChat.Rooms;

/// <summary>One page of a room's members, of all or of those who are called so.</summary>
internal sealed record MemberList(IReadOnlyList<Member> Members, string Query, int Page, bool HasMore)
{
    /// <summary>Set where nothing was looked up, because too much was: after how long to try again.</summary>
    public TimeSpan? Wait { get; init; }
}

/// <summary>Members in pages, as those pages ask that show them.</summary>
internal sealed class MemberLists(MemberStore members, RateLimits rates, IOptionsMonitor<Limits> limits)
{
    private const int LongestQuery = 60;

    /// <param name="room">As the reader sees it.</param>
    /// <param name="userId">Who looks.</param>
    /// <param name="query">A part of a name; empty is everybody.</param>
    /// <param name="page">From 1; one that is not there is the last.</param>
    public async Task<MemberList> ReadAsync(RoomView room, long userId, string? query, int page)
    {
        var sought = UserText.Line(query);
        sought = UserText.Beginning(sought, LongestQuery);
        page = Math.Clamp(page, 1, (int)Math.Max(1, (room.Members + RoomStore.PageSize - 1) / RoomStore.PageSize));
        if (sought.Length == 0)
            return new MemberList(await members.PageAsync(room.Number, userId, page), "", page, (long)page * RoomStore.PageSize < room.Members);
        if (await rates.TakeAsync("names", userId.ToString(CultureInfo.InvariantCulture), limits.CurrentValue.NamesPerMinute, TimeSpan.FromMinutes(1)) is { } wait)
            return new MemberList([], sought, page, HasMore: false) { Wait = wait };
        var found = await members.SearchAsync(room.Number, userId, sought, page);
        return new MemberList([.. found.Take(RoomStore.PageSize)], sought, page, found.Count > RoomStore.PageSize);
    }
}
