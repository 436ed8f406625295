using System.Globalization;
using Microsoft.Extensions.Localization;
using WebChat.Rooms;

namespace WebChat.Admin.Rooms;

/// <summary>What a room is called on these pages: one of two friends has no name that both would know it by.</summary>
internal static class RoomNames
{
    public static string Of(ListedRoom room, IStringLocalizer<Texts> text) => Of(room.Kind, room.Name, room.Number, text);

    public static string Of(RoomKind kind, string name, long number, IStringLocalizer<Texts> text) => kind switch
    {
        RoomKind.Lobby => text["Lobby"],
        RoomKind.Direct => text["Conversation of two, {0}", number.ToString(CultureInfo.InvariantCulture)],
        _ => name,
    };
}
