namespace WebChat.Mail;

/// <summary>A plain-text mail.</summary>
internal sealed record Letter
{
    public required string To { get; init; }
    public required string Subject { get; init; }
    public required string Text { get; init; }
    /// <summary>Who sends it, as the reader knows the place.</summary>
    public required string Sender { get; init; }
}
