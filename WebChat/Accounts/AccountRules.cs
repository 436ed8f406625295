using System.Net.Mail;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Localization;
using WebChat.Accounts.Leaving;

namespace WebChat.Accounts;

/// <summary>
/// What an account must be: 3 to 24 plain letters, digits, _ and -, beginning with a letter. Plain means ASCII, so that no two
/// accounts look alike.
/// </summary>
internal sealed partial class AccountRules(IdentityErrorDescriber errors, LeavingStore leaving) : IUserValidator<User>, IPasswordValidator<User>
{
    public const int ShortestPassword = 10;
    public const int LongestPassword = 128;
    public const int LongestNickname = 40;
    public const int LongestSignature = 140;
    public const int LongestEmail = 254; // RFC 5321, section 4.5.3.1.3, less its angle brackets

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9_-]{2,23}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Account { get; }

    // One at sign, words with single dots between them before it, a dotted host, nothing that a mail header could take for more than an address.
    [GeneratedRegex(@"\A(?=[^@]{1,64}@)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Email { get; }

    public static bool IsAccount(string account) => Account.IsMatch(account);

    /// <summary>True for an address that a mail can be sent to: the mail client must take it too.</summary>
    public static bool IsEmail(string email) => email.Length <= LongestEmail && Email.IsMatch(email) && MailAddress.TryCreate(email, out _);

    public async Task<IdentityResult> ValidateAsync(UserManager<User> manager, User user)
    {
        List<IdentityError> wrong = [];
        if (!IsAccount(user.Account))
            wrong.Add(errors.InvalidUserName(user.Account));
        else if (await manager.FindByNameAsync(user.Account) is { } namesake ? namesake.Id != user.Id : await leaving.IsReservedAsync(user.Account.ToUpperInvariant()))
            wrong.Add(errors.DuplicateUserName(user.Account));
        if (!IsEmail(user.Email))
            wrong.Add(errors.InvalidEmail(user.Email));
        else if (await manager.FindByEmailAsync(user.Email) is { } other && other.Id != user.Id)
            wrong.Add(errors.DuplicateEmail(user.Email));
        return wrong.Count == 0 ? IdentityResult.Success : IdentityResult.Failed([.. wrong]);
    }

    public Task<IdentityResult> ValidateAsync(UserManager<User> manager, User user, string? password) =>
        Task.FromResult((password ?? "").Length switch
        {
            < ShortestPassword => IdentityResult.Failed(errors.PasswordTooShort(ShortestPassword)),
            > LongestPassword => IdentityResult.Failed(new IdentityError { Code = AccountErrors.PasswordTooLong, Description = ((AccountErrors)errors).TooLong }),
            _ => IdentityResult.Success,
        });
}

/// <summary>Identity's errors as sentences in the reader's language.</summary>
internal sealed class AccountErrors(IStringLocalizer<Texts> text) : IdentityErrorDescriber
{
    public const string PasswordTooLong = nameof(PasswordTooLong);

    public string TooLong => text["At most {0} characters.", AccountRules.LongestPassword];

    public override IdentityError InvalidUserName(string? userName) =>
        Error(nameof(InvalidUserName), "3 to 24 letters, digits, _ and -, beginning with a letter.");

    public override IdentityError DuplicateUserName(string userName) => Error(nameof(DuplicateUserName), "This account is taken.");

    public override IdentityError InvalidEmail(string? email) => Error(nameof(InvalidEmail), "This is not an e-mail address.");

    public override IdentityError DuplicateEmail(string email) => Error(nameof(DuplicateEmail), "This e-mail address has an account already.");

    public override IdentityError PasswordTooShort(int length) =>
        new() { Code = nameof(PasswordTooShort), Description = text["At least {0} characters.", length] };

    public override IdentityError DefaultError() => Error(nameof(DefaultError), "This chat has been set up already.");

    private IdentityError Error(string code, string sentence) => new() { Code = code, Description = text[sentence] };
}
