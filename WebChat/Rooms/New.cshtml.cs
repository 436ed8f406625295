using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using WebChat.Media;
using WebChat.Shared;

namespace WebChat.Rooms;

/// <summary>A new group of one's own.</summary>
[LargestBody(Pictures.MostBodyBytes)]
[WritesToRoom]
internal sealed class NewModel(Groups groups, RoomStore rooms, Pictures pictures, RefusedWords refused, IOptionsMonitor<Limits> limits, IStringLocalizer<Texts> text) : PageModel
{
    [BindProperty] public string Name { get; set; } = "";
    [BindProperty] public string Memo { get; set; } = "";
    [BindProperty] public IFormFile? Icon { get; set; }

    /// <summary>Groups that one may own; 0 is no limit.</summary>
    public int Most => limits.CurrentValue.GroupsPerUser;
    public IReadOnlyList<RoomView> Owned { get; private set; } = [];

    /// <summary>There is no place for another: the page shows what could be given up.</summary>
    public bool IsFull => Most > 0 && Owned.Count >= Most;

    /// <summary>The group that was asked for was one too many.</summary>
    public bool IsRefused { get; private set; }

    public async Task OnGetAsync() => Owned = await rooms.OwnedAsync(User.Id());

    public async Task<IActionResult> OnPostAsync()
    {
        var form = new GroupForm { Name = Name, Memo = Memo };
        var icon = form.Check(ModelState, refused, text) ? await pictures.TakeAsync(HttpContext, ModelState, nameof(Icon), Icon) : null;
        if (ModelState.IsValid && await groups.CreateAsync(User.Id(), form.Name, form.Memo, icon) is { } number)
            return Redirect(FormattableString.Invariant($"/rooms/{number}"));
        Owned = await rooms.OwnedAsync(User.Id());
        IsRefused = ModelState.IsValid;
        return Page();
    }
}
