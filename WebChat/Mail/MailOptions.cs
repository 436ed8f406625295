using System.ComponentModel.DataAnnotations;

namespace WebChat.Mail;

/// <summary>The mail server, under <c>WebChat:Mail</c>. Without a host each mail is a file in the data directory.</summary>
internal sealed record MailOptions : IValidatableObject
{
    public string? Host { get; init; }
    [Range(1, 65535)] public int Port { get; init; } = 587;
    /// <summary>With a user the connection must be encrypted by STARTTLS.</summary>
    public string? User { get; init; }
    public string? Password { get; init; }
    /// <summary>The sender's address; its name is the installation's, unless it brings one.</summary>
    public string From { get; init; } = "webchat@localhost";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!System.Net.Mail.MailAddress.TryCreate(From, out _))
            yield return new ValidationResult("WebChat__Mail__From is not a mail address, such as chat@example.org.");
    }
}
