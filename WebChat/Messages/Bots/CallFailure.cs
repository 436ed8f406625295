using System.Globalization;
using Microsoft.Extensions.Localization;
using WebChat.Shared;

namespace WebChat.Messages.Bots;

/// <summary>Why a bot's call failed, as it is stored, and in words.</summary>
internal static class CallFailure
{
    public const string TooMany = "too-many";
    public const string NoSecret = "no-secret";
    public const string NotAllowed = nameof(OutsideOutcome.NotAllowed);

    private const string StatusPrefix = "status ";
    private const string RefusedPrefix = "refused ";

    /// <summary>What was wrong with an answer, or null.</summary>
    public static string? Of(OutsideAnswer answer) => answer switch
    {
        { Outcome: OutsideOutcome.Answered, IsSuccess: true } => null,
        { Outcome: OutsideOutcome.Answered } => StatusPrefix + answer.Status.ToString(CultureInfo.InvariantCulture),
        _ => answer.Outcome.ToString(),
    };

    /// <summary>Its answer could not be posted.</summary>
    /// <param name="error">A key of <see cref="Texts"/>.</param>
    public static string Refused(string error) => RefusedPrefix + error;

    public static string Say(string failure, IStringLocalizer<Texts> text) => failure switch
    {
        nameof(OutsideOutcome.TooSlow) => text["timed out"],
        nameof(OutsideOutcome.NoAnswer) => text["nobody answered"],
        NotAllowed => text["this address is not called"],
        nameof(OutsideOutcome.TooLong) => text["the answer was too long"],
        TooMany => text["too many calls at once"],
        NoSecret => text["its secret is lost; make a new token"],
        _ when failure.StartsWith(StatusPrefix, StringComparison.Ordinal) => text["answered {0}", failure[StatusPrefix.Length..]],
        _ when failure.StartsWith(RefusedPrefix, StringComparison.Ordinal) => text["what it answered was refused: {0}", text[failure[RefusedPrefix.Length..]]],
        _ => failure,
    };
}
