using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using WebChat.Shared;

namespace WebChat.Admin.Invites;

/// <summary>The links by which people make an account. A new one is shown once, in the answer that makes it.</summary>
internal sealed class IndexModel(AdminInviteStore invites, IOptionsMonitor<HouseRules> rules, IStringLocalizer<Texts> text) : PageModel
{
    public const int LongestRemark = 100;

    /// <summary>How many may come by a link; 0 is any number.</summary>
    public static readonly IReadOnlyList<int> Counts = [1, 10, 100, 0];

    /// <summary>For how many days it is good; 0 is for ever.</summary>
    public static readonly IReadOnlyList<int> Lengths = [1, 7, 30, 0];

    [BindProperty] public string Remark { get; set; } = "";
    [BindProperty] public int Days { get; set; } = 7;
    [BindProperty] public int Uses { get; set; } = 1;

    public IReadOnlyList<SiteInvite> Invites { get; private set; } = [];
    public Registration Registration => rules.CurrentValue.Registration;
    public string? Link { get; private set; }
    public Qr? Picture { get; private set; }

    public async Task OnGetAsync() => Invites = await invites.ListAsync();

    public async Task<IActionResult> OnPostAsync()
    {
        if (!Lengths.Contains(Days) || !Counts.Contains(Uses))
            return BadRequest();
        Remark = UserText.Line(Remark);
        if (!UserText.Fits(Remark, LongestRemark))
            ModelState.AddModelError(nameof(Remark), text["At most {0} characters.", LongestRemark]);
        var token = Token.New(Token.Invite);
        var outcome = ModelState.IsValid ? await invites.AddAsync(User.Id(), Token.IdOf(token), Remark, Uses == 0 ? null : Uses, Days == 0 ? null : TimeSpan.FromDays(Days)) : (InviteActed?)null;
        if (outcome == InviteActed.Forbidden)
            return NotFound();
        if (outcome == InviteActed.TooMany)
            ModelState.AddModelError(nameof(Remark), text["There are {0} links already. Revoke one first.", AdminInviteStore.Most]);
        if (outcome == InviteActed.Done)
        {
            Link = $"{Request.Scheme}://{Request.Host}{Request.PathBase}/accounts/register?invite={token}";
            Picture = Qr.Of(Link);
            Remark = ""; // the next link is for somebody else
        }
        Invites = await invites.ListAsync();
        return Page();
    }

    /// <param name="link">By which the list knows it.</param>
    public async Task<IActionResult> OnPostRevokeAsync([FromForm] string? link)
    {
        var outcome = await invites.RevokeAsync(User.Id(), link ?? "");
        if (outcome == InviteActed.Forbidden)
            return NotFound();
        TempData["said"] = (outcome == InviteActed.Gone ? text["This link was gone already"] : text["The link leads nowhere now"]).Value;
        return Redirect("/admin/invites");
    }
}
