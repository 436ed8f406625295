using System.Text;
using System.Text.Json;
using WebChat.Messages.Kinds;

namespace WebChat.Messages.Programs;

/// <summary>What a program wants to say, as it sent it: words, or a kind of its own with the words that stand for it on pages.</summary>
internal sealed record ProgramPost
{
    /// <summary>How deep the JSON may be that a program sends.</summary>
    public const int MostDepth = 32;

    public string? Content { get; init; }
    /// <summary>Of its own making, or ours where it made none.</summary>
    public string ClientId { get; init; } = Guid.NewGuid().ToString("N");
    public string? Kind { get; init; }
    public JsonElement? Payload { get; init; }
    public long? ReplyTo { get; init; }

    /// <summary>Why it cannot be posted, whatever it says: a key of <see cref="Texts"/>.</summary>
    public string? Problem { get; private init; }

    /// <summary>Of what is no JSON object at all.</summary>
    public static ProgramPost NoObject => Wrong("This is not a JSON object.");

    /// <summary>Reads a JSON object.</summary>
    /// <param name="json">The object.</param>
    /// <param name="content">How it calls its words.</param>
    public static ProgramPost Read(JsonElement json, string content)
    {
        if (json.ValueKind != JsonValueKind.Object)
            return NoObject;
        try
        {
            var post = new ProgramPost { Content = TextOf(json, content), Kind = TextOf(json, "kind"), ReplyTo = NumberOf(json, "reply_to"), Payload = PayloadOf(json) };
            return (TextOf(json, "client_id") is { } id ? post with { ClientId = id } : post).Checked();
        }
        catch (InvalidOperationException) // a text is none, or half of a character
        {
            return Wrong("Something in it is not what it should be: words are text, numbers are whole.");
        }
    }

    /// <summary>Reads a form, whose fields are called the same.</summary>
    public static ProgramPost Read(IFormCollection form)
    {
        try
        {
            var replyTo = form["reply_to"].ToString();
            var post = new ProgramPost
            {
                Content = form["content"],
                Kind = form["kind"].ToString() is { Length: > 0 } kind ? kind : null,
                ReplyTo = replyTo.Length > 0 ? long.Parse(replyTo, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture) : null,
                Payload = form["payload"].ToString() is { Length: > 0 } payload ? Parse(payload) : null,
            };
            return (form["client_id"].ToString() is { Length: > 0 } id ? post with { ClientId = id } : post).Checked();
        }
        catch (Exception error) when (error is FormatException or OverflowException or JsonException)
        {
            return Wrong("Something in it is not what it should be: words are text, numbers are whole.");
        }
    }

    private ProgramPost Checked()
    {
        // "text" is what a program reads where there is no other kind.
        var post = string.Equals(Kind, "text", StringComparison.Ordinal) && Payload is null ? this with { Kind = null } : this;
        return post with
        {
            Problem = post.Content?.Contains('\0', StringComparison.Ordinal) == true ? "There is a sign in it that cannot be stored."
                : post.Kind is null && post.Payload is not null ? "A payload needs a kind."
                : post.Kind is { } kind && !CustomKind.IsName(kind) ? "A kind is 1 to 40 of a-z, 0-9, dot and hyphen, and none of those there are."
                : post.Payload is { } payload && !Fits(payload) ? "A payload is JSON of at most 8 KiB."
                : null,
        };
    }

    private static bool Fits(JsonElement payload)
    {
        try
        {
            return Encoding.UTF8.GetByteCount(Messages.Content.Pack(payload)) <= CustomKind.MostPayloadBytes;
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException) // half of a character
        {
            return false;
        }
    }

    private static ProgramPost Wrong(string problem) => new() { Problem = problem };

    private static string? TextOf(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value.GetString() : null;

    private static long? NumberOf(JsonElement json, string name) =>
        !json.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null ? null
        : value.TryGetInt64(out var number) ? number
        : throw new InvalidOperationException("No whole number.");

    private static JsonElement? PayloadOf(JsonElement json) =>
        json.TryGetProperty("payload", out var payload) && payload.ValueKind != JsonValueKind.Null ? payload.Clone() : null;

    private static JsonElement? Parse(string payload)
    {
        using var document = JsonDocument.Parse(payload, new JsonDocumentOptions { MaxDepth = MostDepth });
        return document.RootElement.ValueKind == JsonValueKind.Null ? null : document.RootElement.Clone();
    }
}

/// <summary>Posts for programs, by the rules and rates of everybody.</summary>
internal sealed class ProgramPosting(Posting posting)
{
    /// <summary>Posts as the user.</summary>
    public Task<PostAnswer> PostAsync(long userId, long room, ProgramPost post)
    {
        if (post.Problem is { } problem)
            return Task.FromResult(PostAnswer.Refused(StatusCodes.Status400BadRequest, problem));
        if (post.Kind is not { } kind)
            return posting.PostAsync(userId, room, post.Content, post.ClientId, post.ReplyTo);
        var draft = posting.Draft(userId, room, post.Content, post.ClientId, post.ReplyTo);
        return MessageRules.Problem(draft.Body) is { } wrong
            ? Task.FromResult(PostAnswer.Refused(StatusCodes.Status400BadRequest, wrong))
            : posting.PostAsync(draft with { Kind = CustomKind.Id, Content = Content.Pack(new CustomContent(kind, post.Payload)), Calls = Formatting.Mentioned.Nobody });
    }
}
