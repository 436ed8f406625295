using Microsoft.Extensions.Localization;

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
    public const string ExportUsers = "users.export";

    /// <summary>In the order in which a list of them stands.</summary>
    public static readonly IReadOnlyList<string> All = [Disable, Enable, Promote, Demote, SignOut, Reset, ExportUsers];

    public static string Say(string act, IStringLocalizer<Texts> text) => act switch
    {
        Disable => text["Disabled a user"],
        Enable => text["Enabled a user"],
        Promote => text["Made an administrator"],
        Demote => text["Removed an administrator"],
        SignOut => text["Signed a user out everywhere"],
        Reset => text["Reset a password"],
        ExportUsers => text["Exported the users"],
        _ => act,
    };
}
