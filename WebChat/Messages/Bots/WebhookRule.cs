using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.Extensions.Localization;
using WebChat.Shared;

namespace WebChat.Messages.Bots;

/// <summary>Which addresses can be called: those of the public web, by https. What a name leads to is looked at anew at each call.</summary>
internal sealed class WebhookRule(Outside outside, IStringLocalizer<Texts> text)
{
    /// <summary>The schemes: https, for what is said in a group is for its members alone. No setting leads to another, only tests do.</summary>
    public IReadOnlyCollection<string> Schemes { get; init; } = ["https"];

    /// <summary>True for an address that may be called. One that was taken when more were allowed is not called any more.</summary>
    public bool Allows(Uri address) => address.IsAbsoluteUri && Schemes.Contains(address.Scheme, StringComparer.Ordinal) && outside.MayAsk(address);

    /// <summary>Notes at the field what is wrong with an address.</summary>
    /// <returns>The address; null where there is none.</returns>
    public string? Check(ModelStateDictionary fields, string field, string? typed)
    {
        if (string.IsNullOrWhiteSpace(typed))
            return null;
        if (typed.Length <= BotKeeping.LongestWebhook && Uri.TryCreate(typed.Trim(), UriKind.Absolute, out var address) && Allows(address))
            return address.AbsoluteUri;
        fields.AddModelError(field, text["This is not an address of the public web. It begins with https:// and names no port."]);
        return null;
    }
}
