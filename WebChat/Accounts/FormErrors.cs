using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace WebChat.Accounts;

internal static class FormErrors
{
    /// <summary>Puts each of Identity's errors beside the field it is about.</summary>
    public static void Add(this ModelStateDictionary form, IdentityResult result, string passwordField = "Password")
    {
        foreach (var error in result.Errors)
        {
            var field =
                error.Code.Contains("Password", StringComparison.Ordinal) ? passwordField
                : error.Code.Contains("Email", StringComparison.Ordinal) ? "Email"
                : "Account";
            form.AddModelError(field, error.Description);
        }
    }
}
