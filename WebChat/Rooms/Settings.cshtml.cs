using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using WebChat.Media;
using WebChat.Shared;

namespace WebChat.Rooms;

/// <summary>What a group says of itself: for its members to read, for those who manage it to change.</summary>
[LargestBody(Pictures.MostBodyBytes)]
[WritesToRoom]
internal sealed class SettingsModel(RoomStore rooms, Groups groups, Pictures pictures, RefusedWords refused, IStringLocalizer<Texts> text) : PageModel
{
    public RoomView Room { get; private set; } = null!;

    [BindProperty] public string Name { get; set; } = "";
    [BindProperty] public string Memo { get; set; } = "";
    [BindProperty] public string Announcement { get; set; } = "";
    /// <summary>What a form does not say stays as it is.</summary>
    [BindProperty] public JoinPolicy? Joining { get; set; }
    [BindProperty] public bool? OnlyAdministratorsPost { get; set; }
    [BindProperty] public bool? MembersInvite { get; set; }
    [BindProperty] public IFormFile? Icon { get; set; }

    public async Task<IActionResult> OnGetAsync(long number)
    {
        if (await rooms.FindAsync(number, User.Id()) is not { Kind: RoomKind.Group } room)
            return NotFound();
        Room = room;
        (Name, Memo, Announcement) = (room.GroupName, room.Memo, room.Announcement);
        (Joining, OnlyAdministratorsPost, MembersInvite) = (room.Joining, room.OnlyAdministratorsPost, room.MembersInvite);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(long number)
    {
        if (await rooms.FindAsync(number, User.Id()) is not { Kind: RoomKind.Group } room)
            return NotFound();
        if (!room.May(RoomAction.ChangeSettings))
            return StatusCode(StatusCodes.Status403Forbidden);
        Room = room;
        var form = new GroupForm
        {
            Name = Name, Memo = Memo, Announcement = Announcement, Joining = Joining ?? room.Joining,
            OnlyAdministratorsPost = OnlyAdministratorsPost ?? room.OnlyAdministratorsPost, MembersInvite = MembersInvite ?? room.MembersInvite,
        };
        var icon = form.Check(ModelState, refused, text) ? await pictures.TakeAsync(HttpContext, ModelState, nameof(Icon), Icon) : null;
        if (!ModelState.IsValid)
            return Page();
        if (!await groups.UpdateAsync(room, User.Id(), form, icon))
            return StatusCode(StatusCodes.Status403Forbidden);
        TempData["said"] = text["Group saved"].Value;
        return RedirectToPage(new { number });
    }
}
