using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using WebChat.Media;
using WebChat.Messages.Formatting;
using WebChat.Messages.Kinds;
using WebChat.Rooms;
using WebChat.Shared;

namespace WebChat.Messages;

/// <summary>Makes messages of files. A file is stored first, and its row is written with the message; what no message carries then is removed again.</summary>
internal sealed class FilePosting(Uploads uploads, Posting posting, TimeProvider clock)
{
    /// <summary>The field of a refusal that is about the file itself.</summary>
    public const string Field = "file";

    /// <summary>Posts a file, its words as the caption.</summary>
    /// <param name="post">Where to, by whom, under which client id, with which caption.</param>
    /// <param name="sent">The file.</param>
    /// <param name="levels">How loud a recording was: digits.</param>
    /// <param name="cancel">The sender went away.</param>
    public Task<PostAnswer> PostAsync(NewPost post, SentFile sent, string? levels, CancellationToken cancel)
    {
        if (MessageRules.ProblemOfCaption(post.Body) is { } problem)
            return Task.FromResult(PostAnswer.Refused(StatusCodes.Status400BadRequest, problem));
        levels = levels is { Length: > 0 and <= VoiceKind.Bars } && levels.All(char.IsAsciiDigit) ? levels : null;
        return PostAsync(post, sent, (made, file) => made with { Kind = FileCarrier.For(file, levels).Number, Content = Content.Pack(new MediaContent(file) { Levels = levels }) }, cancel);
    }

    /// <summary>Posts a message that carries a file. What was posted before is answered as it was then, and takes nothing of what one may send.</summary>
    /// <param name="post">Where to, by whom, under which client id; its sameness is that of all but the file.</param>
    /// <param name="sent">The file.</param>
    /// <param name="carry">Makes the message that carries the file; null where it carries none such.</param>
    /// <param name="cancel">The sender went away.</param>
    public async Task<PostAnswer> PostAsync(NewPost post, SentFile sent, Func<NewPost, MediaFile, NewPost?> carry, CancellationToken cancel)
    {
        if (MessageRules.ProblemOfClientId(post.ClientId) is { } problem)
            return PostAnswer.Refused(StatusCodes.Status400BadRequest, problem);
        if (await posting.FindAsync(post.UserId, post.ClientId) is { } earlier)
            return await posting.PostAsync(post with { Kind = earlier.Kind, Sameness = post.Sameness + await sent.HashAsync(cancel) }, static (_, _) => throw new PostRefusedException(StatusCodes.Status404NotFound, "There is no such room."));
        var answer = PostAnswer.Refused(StatusCodes.Status400BadRequest, "This is not a picture.") with { Field = Field };
        var taken = await TakeAsync(post.UserId, post.Room, sent, async file =>
        {
            if (carry(post with { Sameness = post.Sameness + file.Hash }, file) is { } made)
                answer = await posting.PostAsync(made, (connection, message) => MediaStore.AddAsync(connection, file, message.AuthorId, message.Room, message.Seq, message.CreatedAt));
            return answer.Message;
        }, cancel);
        return taken.File is null ? PostAnswer.Refused(taken.Status, taken.Error!) with { Field = Field, Wait = taken.Wait } : answer;
    }

    /// <summary>The files of a form without scripts, one after the other; the caption goes with the first.</summary>
    /// <returns>What came of each, up to the first that was refused. Sent again with the same client id, those before it are known again.</returns>
    public async Task<IReadOnlyList<PostAnswer>> PostAllAsync(NewPost post, IReadOnlyList<IFormFile> files, CancellationToken cancel)
    {
        if (MessageRules.ProblemOfClientId(post.ClientId) is { } problem)
            return [PostAnswer.Refused(StatusCodes.Status400BadRequest, problem)];
        var (answers, hashes) = (new List<PostAnswer>(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var sent in files.Select(file => SentFile.From(file)))
        {
            var hash = await sent.HashAsync(cancel);
            if (!hashes.Add(hash))
                continue;
            var one = answers.Count == 0 ? post : post with { Body = "", Calls = Mentioned.Nobody, ReplyTo = null, Now = clock.Now() };
            answers.Add(await PostAsync(one with { ClientId = IdOf(post.ClientId, hash) }, sent, levels: null, cancel));
            if (answers[^1].Message is null)
                break;
        }
        return answers;
    }

    /// <summary>Takes a file in for a message that is posted or changed with it, and removes it where that message does not carry it then.</summary>
    /// <param name="userId">Whose file it is.</param>
    /// <param name="room">Where to.</param>
    /// <param name="sent">The file.</param>
    /// <param name="use">Posts or changes the message, and writes the file's row in the same transaction. Gives the message as it is stored, or null. What it throws leaves the file to be swept.</param>
    /// <param name="cancel">The sender went away.</param>
    /// <returns>The file, or why there is none.</returns>
    public async Task<UploadAnswer> TakeAsync(long userId, long room, SentFile sent, Func<MediaFile, Task<StoredMessage?>> use, CancellationToken cancel)
    {
        var taken = await uploads.TakeAsync(userId, room, sent, cancel);
        if (taken.File is { } file && (await use(file))?.Content?.Contains(file.Id, StringComparison.Ordinal) != true)
            await uploads.ForgetAsync(file); // refused, or posted before
        return taken;
    }

    /// <summary>A client id for one file of several: the same for the same form and file, whichever others are chosen with it.</summary>
    private static string IdOf(string form, string hash) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($"{form}\n{hash}")));
}
