using System.Data.Common;
using WebChat.Messages.Formatting;
using WebChat.Messages.Kinds;
using WebChat.Rooms;
using WebChat.Shared;

namespace WebChat.Messages;

/// <summary>The one posting path: rules, rates, then the commit that hands over to the readers.</summary>
internal sealed class Posting(MessageStore messages, PostAllowance allowance, RefusedWords refused, TimeProvider clock)
{
    /// <summary>What is said of words that nobody may write: a key of <see cref="Texts"/>.</summary>
    public const string Refused = "This has a word in it that is not allowed here.";

    /// <summary>Posts a text as the user.</summary>
    /// <param name="userId">The author.</param>
    /// <param name="room">Where to.</param>
    /// <param name="content">As the form sent it.</param>
    /// <param name="clientId">Unique for the author, for ever; posting again with it returns the first result.</param>
    /// <param name="replyTo">The place of the message it answers.</param>
    /// <returns>Either the message or, in words of <see cref="Texts"/>, why there is none.</returns>
    /// <exception cref="Storage.StorageUnavailableException">Nothing was stored; the same post may be tried again.</exception>
    public Task<PostAnswer> PostAsync(long userId, long room, string? content, string clientId, long? replyTo = null)
    {
        var text = MessageRules.Normalize(content);
        return MessageRules.Problem(text) is { } problem
            ? Task.FromResult(PostAnswer.Refused(StatusCodes.Status400BadRequest, problem))
            : PostAsync(Draft(userId, room, text, clientId, replyTo));
    }

    /// <summary>A post of these words; where a file comes with it, they are its caption.</summary>
    public NewPost Draft(long userId, long room, string? content, string clientId, long? replyTo)
    {
        var text = MessageRules.Normalize(content);
        return new(userId, room, text, clientId, clock.Now()) { ReplyTo = replyTo, Calls = Mentions.Find(text) };
    }

    /// <summary>What the user posted under this client id, wherever that was; null where it was not used yet.</summary>
    public Task<StoredMessage?> FindAsync(long userId, string clientId) => messages.FindPostedAsync(userId, clientId);

    /// <summary>Posts what a kind has made and found right.</summary>
    /// <param name="post">What.</param>
    /// <param name="with">Writes the rows that belong to it, in the same transaction; it may refuse by <see cref="PostRefusedException"/>.</param>
    public async Task<PostAnswer> PostAsync(NewPost post, Func<DbConnection, StoredMessage, Task>? with = null)
    {
        if (MessageRules.ProblemOfClientId(post.ClientId) is { } problem)
            return PostAnswer.Refused(StatusCodes.Status400BadRequest, problem);
        if (await allowance.TakeAsync(post.UserId) is { } wait)
            return PostAnswer.Refused(StatusCodes.Status429TooManyRequests, "You are writing too fast. Wait a moment.") with { Wait = wait };
        // What was posted before is known again, whatever is refused by now.
        if (refused.AreIn(WordsOf(post)) && await FindAsync(post.UserId, post.ClientId) is null)
            return PostAnswer.Refused(StatusCodes.Status400BadRequest, Refused);
        try
        {
            var posted = await (with is null ? messages.PostAsync(post) : messages.PostAsync(post, with));
            return posted.Outcome switch
            {
                PostOutcome.Stored or PostOutcome.AlreadyStored => new PostAnswer { Status = StatusCodes.Status200OK, Message = posted.Message, IsRepeat = posted.Outcome == PostOutcome.AlreadyStored },
                PostOutcome.ClientIdTaken => PostAnswer.Refused(StatusCodes.Status409Conflict, "This was sent already, with other words."),
                PostOutcome.Blocked => PostAnswer.Refused(StatusCodes.Status403Forbidden, "You have blocked this person. Unblock them to write."),
                PostOutcome.Muted => PostAnswer.Refused(StatusCodes.Status403Forbidden, "You are muted in this group."),
                PostOutcome.Forbidden => PostAnswer.Refused(StatusCodes.Status403Forbidden, "Only administrators may write in this group."),
                _ => PostAnswer.Refused(StatusCodes.Status404NotFound, "There is no such room."),
            };
        }
        catch (PostRefusedException why)
        {
            return PostAnswer.Refused(why.Status, why.Message) with { Field = why.Field };
        }
    }

    /// <summary>All that people would read of it, whatever it is.</summary>
    private static string WordsOf(NewPost post)
    {
        var said = new Said { AuthorId = post.UserId, Account = "", Nickname = "", Kind = post.Kind, Body = post.Body, Content = post.Content };
        return Kind.Of(said).Words(said);
    }
}

/// <summary>A post that a kind's own rule forbids; the transaction it was in is undone.</summary>
/// <param name="status">A status of HTTP.</param>
/// <param name="error">A key of <see cref="Texts"/>.</param>
internal sealed class PostRefusedException(int status, string error) : Exception(error)
{
    public int Status => status;

    /// <summary>The field of the form that it is about; empty for the whole.</summary>
    public string Field { get; init; } = "";
}

/// <summary>What a poster is told: a status of HTTP, and the message or the reason.</summary>
internal sealed record PostAnswer
{
    public required int Status { get; init; }
    public StoredMessage? Message { get; init; }
    /// <summary>True where it had been posted before: nobody is told of it again.</summary>
    public bool IsRepeat { get; init; }
    /// <summary>A key of <see cref="Texts"/>.</summary>
    public string? Error { get; init; }
    /// <summary>The field it is about; empty for the whole.</summary>
    public string Field { get; init; } = "";
    /// <summary>After how long to try again, when that helps.</summary>
    public TimeSpan? Wait { get; init; }

    public static PostAnswer Refused(int status, string error) => new() { Status = status, Error = error };
}
