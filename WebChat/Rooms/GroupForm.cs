using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.Extensions.Localization;
using WebChat.Shared;

namespace WebChat.Rooms;

/// <summary>What a group says of itself, as its owner types it.</summary>
internal sealed class GroupForm
{
    public string Name { get; set; } = "";
    public string Memo { get; set; } = "";
    public string Announcement { get; set; } = "";
    public JoinPolicy Joining { get; set; }
    public bool OnlyAdministratorsPost { get; set; }
    public bool MembersInvite { get; set; }

    /// <summary>True where it says what the group is already.</summary>
    public bool IsOf(RoomView room) =>
        (room.GroupName, room.Memo, room.Announcement, room.Joining, room.OnlyAdministratorsPost, room.MembersInvite) == (Name, Memo, Announcement, Joining, OnlyAdministratorsPost, MembersInvite);

    /// <summary>Tidies what was typed, and says beside each field what is wrong with it.</summary>
    /// <returns>True when nothing is.</returns>
    public bool Check(ModelStateDictionary form, RefusedWords refused, IStringLocalizer text)
    {
        Name = UserText.Line(Name);
        Memo = UserText.Line(Memo);
        Announcement = string.Join('\n', Announcement.Split('\n').Select(UserText.Line)).Trim('\n');
        if (Name.Length == 0)
            form.AddModelError(nameof(Name), text["A group needs a name."]);
        foreach (var (field, typed, most) in new[] { (nameof(Name), Name, Groups.LongestName), (nameof(Memo), Memo, Groups.LongestMemo), (nameof(Announcement), Announcement, Groups.LongestAnnouncement) })
        {
            if (!UserText.Fits(typed, most))
                form.AddModelError(field, text["At most {0} characters.", most]);
            else if (refused.AreIn(typed))
                form.AddModelError(field, text["This has a word in it that is not allowed here."]);
        }
        if (!Enum.IsDefined(Joining))
            form.AddModelError(nameof(Joining), text["Choose one of these."]);
        return form.IsValid;
    }
}
