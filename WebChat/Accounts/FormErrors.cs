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

    /// <summary>Checks a user who is to be made, and says beside the fields what is wrong. That an address has an account is not said: it is its owner's.</summary>
    public static async Task CheckAsync(this UserManager<User> users, User user, string password, ModelStateDictionary form)
    {
        foreach (var validator in users.UserValidators)
        {
            var result = await validator.ValidateAsync(users, user);
            form.Add(IdentityResult.Failed([.. result.Errors.Where(e => e.Code is not nameof(IdentityErrorDescriber.DuplicateEmail))]));
        }
        foreach (var validator in users.PasswordValidators)
            form.Add(await validator.ValidateAsync(users, user, password));
    }
}
