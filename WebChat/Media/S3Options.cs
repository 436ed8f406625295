using System.ComponentModel.DataAnnotations;

namespace WebChat.Media;

/// <summary>Object storage that speaks S3, under <c>WebChat:Media:S3</c>. Without an endpoint, files are in the data directory.</summary>
internal sealed record S3Options : IValidatableObject
{
    public const string Section = "WebChat:Media:S3";

    /// <summary>Such as https://s3.example.org; buckets are named in the path.</summary>
    public string? Endpoint { get; init; }
    public string? Bucket { get; init; }
    public string? AccessKey { get; init; }
    public string? SecretKey { get; init; }
    public string? Region { get; init; }

    /// <summary>How long an answer, or the next piece of one, is waited for.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        (string Name, string? Value)[] needed = [(nameof(Endpoint), Endpoint), (nameof(Bucket), Bucket), (nameof(AccessKey), AccessKey), (nameof(SecretKey), SecretKey)];
        var missing = needed.Where(s => string.IsNullOrEmpty(s.Value)).Select(s => $"WebChat__Media__S3__{s.Name}").ToList();
        if (missing.Count is > 0 and < 4)
            yield return new ValidationResult($"{string.Join(", ", missing)}: not set. Object storage needs all four of Endpoint, Bucket, AccessKey and SecretKey; with none of them, files are in the data directory.");
        if (!string.IsNullOrEmpty(Endpoint) && !(Uri.TryCreate(Endpoint, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"))
            yield return new ValidationResult($"WebChat__Media__S3__Endpoint is \"{Endpoint}\", which is no address such as https://s3.example.org.");
    }
}
