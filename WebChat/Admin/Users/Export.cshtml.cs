using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WebChat.Admin.Audit;
using WebChat.Shared;

namespace WebChat.Admin.Users;

/// <summary>Everybody as a file. That somebody took it along stands in the audit log.</summary>
internal sealed class ExportModel(AdminUserStore users, AuditStore audit) : PageModel
{
    private static readonly string[] Heads = ["account", "nickname", "email", "created", "last seen", "administrator", "disabled"];

    public async Task<IActionResult> OnGetAsync()
    {
        await audit.AddAsync(new AuditEntry { ActorId = User.Id(), Act = Act.ExportUsers });
        return new Csv("users.csv", Heads, RowsAsync());
    }

    private async IAsyncEnumerable<IEnumerable<string>> RowsAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await foreach (var user in users.AllAsync(cancellation))
            yield return [user.Account, user.Nickname, user.Email, Moment.Iso(user.CreatedAt), Moment.Iso(user.SeenAt), user.IsAdmin ? "yes" : "no", user.DisabledAt is { } at ? Moment.Iso(at) : ""];
    }
}
