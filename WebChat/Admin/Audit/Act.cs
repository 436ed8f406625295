using Microsoft.Extensions.Localization;
using WebChat.Shared;

namespace WebChat.Admin.Audit;

/// <summary>What administrators do, as it is stored. A name once used stays.</summary>
internal static class Act
{
    public const string Disable = "user.disable";
    public const string Enable = "user.enable";
    public const string Promote = "user.promote";
    public const string Demote = "user.demote";
    public const string SignOut = "user.sign-out";
    public const string Reset = "user.reset";
    public const string ResetAll = "user.reset-all";
    public const string ExportUsers = "users.export";
    public const string Look = Looking.Act;
    public const string RemoveMessage = "message.remove";
    public const string Dissolve = "room.dissolve";
    public const string ExportRooms = "rooms.export";
    public const string Dismiss = "report.dismiss";
    public const string AddPack = "stickers.add";
    public const string RemovePack = "stickers.remove";

    /// <summary>In the order in which a list of them stands.</summary>
    public static readonly IReadOnlyList<string> All = [Disable, Enable, Promote, Demote, SignOut, Reset, ResetAll, ExportUsers, Look, RemoveMessage, Dissolve, ExportRooms, Dismiss, AddPack, RemovePack];

    public static string Say(string act, IStringLocalizer<Texts> text) => act switch
    {
        Disable => text["Disabled a user"],
        Enable => text["Enabled a user"],
        Promote => text["Made an administrator"],
        Demote => text["Removed an administrator"],
        SignOut => text["Signed a user out everywhere"],
        Reset => text["Reset a password"],
        ResetAll => text["Reset a password, and removed the second step and passkeys"],
        ExportUsers => text["Exported the users"],
        Look => text["Read the messages of a room"],
        RemoveMessage => text["Removed a message"],
        Dissolve => text["Dissolved a group"],
        ExportRooms => text["Exported the rooms"],
        Dismiss => text["Dismissed a report"],
        AddPack => text["Added a sticker pack"],
        RemovePack => text["Removed a sticker pack"],
        _ => act,
    };
}
