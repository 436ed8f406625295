using Microsoft.Extensions.Localization;
using WebChat.Shared;

namespace WebChat.Accounts;

internal static class NicknameRule
{
    /// <returns>What is wrong with a nickname, in the reader's language, or null.</returns>
    public static string? Wrong(string nickname, RefusedWords refused, IStringLocalizer<Texts> text) =>
        nickname.Length == 0 ? text["Say what you are called."].Value
        : !UserText.Fits(nickname, AccountRules.LongestNickname) ? text["At most {0} characters.", AccountRules.LongestNickname].Value
        : refused.AreIn(nickname) ? text["This has a word in it that is not allowed here."].Value
        : null;
}
