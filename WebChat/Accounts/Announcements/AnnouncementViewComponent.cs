using Microsoft.AspNetCore.Mvc;
using WebChat.Shared;

namespace WebChat.Accounts.Announcements;

/// <summary>What administrators say, above every page of somebody who has not put it away; a script fills it when it is said while the page is open.</summary>
internal sealed class AnnouncementViewComponent(Board board) : ViewComponent
{
    public async Task<IViewComponentResult> InvokeAsync() =>
        UserClaimsPrincipal.IsSignedIn()
            ? View("/Accounts/Announcements/_Announcement.cshtml", await board.ForAsync(UserClaimsPrincipal.Id()) ?? new SiteAnnouncement { Id = 0, Text = "", CreatedAt = 0 })
            : Content("");
}
