using Microsoft.Extensions.Localization;
using WebChat.Admin.Settings;
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
    public const string Set = "settings.change";
    public const string Invite = "invite.make";
    public const string RevokeInvite = "invite.revoke";
    public const string Announce = "announcement.make";
    public const string Withdraw = "announcement.withdraw";

    /// <summary>In the order in which a list of them stands.</summary>
    public static readonly IReadOnlyList<string> All = [Disable, Enable, Promote, Demote, SignOut, Reset, ResetAll, ExportUsers, Look, RemoveMessage, Dissolve, ExportRooms, Dismiss, AddPack, RemovePack, Set, Invite, RevokeInvite, Announce, Withdraw];

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
        RemoveMessage => text["Recalled a message"],
        Dissolve => text["Dissolved a group"],
        ExportRooms => text["Exported the rooms"],
        Dismiss => text["Dismissed a report"],
        AddPack => text["Added a sticker pack"],
        RemovePack => text["Removed a sticker pack"],
        Set => text["Changed a setting"],
        Invite => text["Made an invite link"],
        RevokeInvite => text["Revoked an invite link"],
        Announce => text["Announced something"],
        Withdraw => text["Withdrew an announcement"],
        _ => act,
    };

    /// <summary>What an entry says beside it.</summary>
    public static string Detail(AuditLine line, IStringLocalizer<Texts> text) => line.Act is Set ? SettingWords.Say(line.Detail, text) : line.Detail;
}
