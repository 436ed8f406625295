using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.Extensions.Localization;
using WebChat.Shared;

namespace WebChat.Messages.Bots;

/// <summary>Which addresses can be called: those of the public web. What a name leads to is looked at anew at each call.</summary>
internal sealed class WebhookRule(Outside outside, IStringLocalizer<Texts> text)
{
    /// <summary>Notes at the field what is wrong with an address.</summary>
    /// <returns>The address; null where there is none.</returns>
    public string? Check(ModelStateDictionary fields, string field, string? typed)
    {
        if (string.IsNullOrWhiteSpace(typed))
            return null;
        if (typed.Length <= BotKeeping.LongestWebhook && Uri.TryCreate(typed.Trim(), UriKind.Absolute, out var address) && outside.MayAsk(address))
            return address.AbsoluteUri;
        fields.AddModelError(field, text["This is not an address of the public web. It begins with https:// and names no port."]);
        return null;
    }
}
