using WebChat.Media;
using WebChat.Messages.Formatting;
using WebChat.Messages.Kinds;
using WebChat.Shared;

namespace WebChat.Messages;

/// <summary>Posts files, each as a message of its own.</summary>
internal sealed class FilePosting(Uploads uploads, Posting posting, TimeProvider clock)
{
    /// <summary>Takes a file in and posts it; what comes of neither is removed again.</summary>
    /// <param name="post">Where to, by whom, under which client id, with which caption.</param>
    /// <param name="sent">The file.</param>
    /// <param name="levels">How loud a recording was: digits.</param>
    /// <param name="cancel">The sender went away.</param>
    public async Task<PostAnswer> PostAsync(NewPost post, SentFile sent, string? levels, CancellationToken cancel)
    {
        if (MessageRules.ProblemOfCaption(post.Body) is { } problem)
            return PostAnswer.Refused(StatusCodes.Status400BadRequest, problem);
        var taken = await uploads.TakeAsync(post.UserId, post.Room, sent, cancel);
        if (taken.File is not { } file)
            return PostAnswer.Refused(taken.Status, taken.Error!) with { Wait = taken.Wait };
        levels = levels is { Length: > 0 and <= VoiceKind.Bars } && levels.All(char.IsAsciiDigit) ? levels : null;
        var kind = FileCarrier.For(file, levels);
        post = post with { Kind = kind.Number, Content = Content.Pack(new MediaContent(file) { Levels = levels }), Sameness = file.Hash };
        var answer = await posting.PostAsync(post, (connection, message) => MediaStore.AddAsync(connection, file, message.AuthorId, message.Room, message.Seq, message.CreatedAt));
        if (!string.Equals(answer.Message?.Read<MediaContent>()?.File.Id, file.Id, StringComparison.Ordinal))
            await uploads.ForgetAsync(file); // refused, or posted before
        return answer;
    }

    /// <summary>The files of a form without scripts, one after the other; the caption goes with the first.</summary>
    /// <returns>What came of the last, or of the first that was refused.</returns>
    public async Task<PostAnswer> PostAllAsync(NewPost post, IReadOnlyList<IFormFile> files, CancellationToken cancel)
    {
        var answer = PostAnswer.Refused(StatusCodes.Status400BadRequest, "Write something first.");
        for (var i = 0; i < files.Count; i++)
        {
            var one = i == 0 ? post : post with { Body = "", Calls = Mentioned.Nobody, ReplyTo = null, ClientId = FormattableString.Invariant($"{post.ClientId}-{i}"), Now = clock.Now() };
            answer = await PostAsync(one, SentFile.From(files[i]), levels: null, cancel);
            if (answer.Message is null)
                break;
        }
        return answer;
    }
}
