using WebChat.Rooms;
using WebChat.Shared;

namespace WebChat.Messages;

/// <summary>The one posting path: rules, rates, then the commit that hands over to the readers.</summary>
internal sealed class Posting(MessageStore messages, PostAllowance allowance, TimeProvider clock)
{
    /// <summary>Posts a text as the user.</summary>
    /// <param name="userId">The author.</param>
    /// <param name="room">Where to.</param>
    /// <param name="content">As the form sent it.</param>
    /// <param name="clientId">Unique for the author, for ever; posting again with it returns the first result.</param>
    /// <returns>Either the message or, in words of <see cref="Texts"/>, why there is none.</returns>
    /// <exception cref="Storage.StorageUnavailableException">Nothing was stored; the same post may be tried again.</exception>
    public async Task<PostAnswer> PostAsync(long userId, long room, string? content, string clientId)
    {
        if (!MessageRules.IsClientId(clientId))
            return PostAnswer.Refused(StatusCodes.Status400BadRequest, "This form is damaged. Reload the page and try again.");
        var text = MessageRules.Normalize(content);
        if (MessageRules.Problem(text) is { } problem)
            return PostAnswer.Refused(StatusCodes.Status400BadRequest, problem);
        if (await allowance.TakeAsync(userId) is { } wait)
            return PostAnswer.Refused(StatusCodes.Status429TooManyRequests, "You are writing too fast. Wait a moment.") with { Wait = wait };

        var posted = await messages.PostAsync(new NewPost(userId, room, text, clientId, clock.Now()));
        return posted.Outcome switch
        {
            PostOutcome.Stored or PostOutcome.AlreadyStored => new PostAnswer { Status = StatusCodes.Status200OK, Message = posted.Message },
            PostOutcome.ClientIdTaken => PostAnswer.Refused(StatusCodes.Status409Conflict, "This was sent already, with other words."),
            PostOutcome.Blocked => PostAnswer.Refused(StatusCodes.Status403Forbidden, "You have blocked this person. Unblock them to write."),
            _ => PostAnswer.Refused(StatusCodes.Status404NotFound, "There is no such room."),
        };
    }

}

/// <summary>What a poster is told: a status of HTTP, and the message or the reason.</summary>
internal sealed record PostAnswer
{
    public required int Status { get; init; }
    public StoredMessage? Message { get; init; }
    /// <summary>A key of <see cref="Texts"/>.</summary>
    public string? Error { get; init; }
    /// <summary>After how long to try again, when that helps.</summary>
    public TimeSpan? Wait { get; init; }

    public static PostAnswer Refused(int status, string error) => new() { Status = status, Error = error };
}
