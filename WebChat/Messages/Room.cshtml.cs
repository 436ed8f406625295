using System.Collections.Frozen;
using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using WebChat.Live;
using WebChat.Media;
using WebChat.Messages.Search;
using WebChat.Rooms;
using WebChat.Shared;
using WebChat.Storage;

namespace WebChat.Messages;

/// <summary>A room: its log in pages of <see cref="MessageStore.PageSize"/>, and the composer. Posts go to <c>…/messages</c>.</summary>
internal sealed class RoomModel(RoomStore rooms, ReadStore reads, MessageStore messages, SearchStore search, Posting posting, FilePosting filePosting, Changes changes, Connections connections, ReadMarks marks, FrozenDictionary<string, MessageWords> words, IStringLocalizer<Texts> texts) : PageModel
{
    /// <summary>The room as the reader sees it.</summary>
    public RoomView Room { get; private set; } = null!;

    /// <summary>The messages on this page, ascending by place.</summary>
    public IReadOnlyList<StoredMessage> Messages { get; private set; } = [];

    /// <summary>Up to where the reader had read before this page was opened.</summary>
    public long ReadBefore { get; private set; }

    /// <summary>True on the page that ends with the newest message: the one that is kept up to date.</summary>
    public bool IsNewest { get; private set; }

    /// <summary>What the page shows, as the socket's catch-up counts it.</summary>
    public long Rev { get; private set; }

    /// <summary>True where nothing stands before this page.</summary>
    public bool IsBeginning => Messages.Count == 0 || Messages[0].Seq <= Room.FirstSeq;

    public long? Newer => !IsNewest && Messages.Count > 0 ? Messages[^1].Seq : null;

    public RoomHeader Header { get; private set; } = null!;

    public Pins Pins { get; private set; } = null!;

    /// <summary>The message that the next one answers.</summary>
    public StoredMessage? Answered { get; private set; }

    public Viewer Viewer => new(User.Id(), User.Account());

    /// <summary>A text that was not taken, to stand in the composer again.</summary>
    public string Draft { get; private set; } = "";

    /// <summary>Why it was not taken.</summary>
    public string? Error { get; private set; }

    /// <summary>Of the next post, so that sending the same form twice posts once.</summary>
    public string ClientId { get; private set; } = Guid.NewGuid().ToString("N");

    public MessageWords Words => words[CultureInfo.CurrentUICulture.Name];

    public async Task<IActionResult> OnGetAsync(long number, long? before, long? after, long? around, long? read, long? reply, string? date)
    {
        if (Day.Start(date) is { } day)
            return await GoToAsync(number, day);
        if (!await LoadAsync(number, before, after, around))
            return NotFound();
        ReadBefore = read ?? ReadBefore;
        if (Request.IsHtmx())
            return Partial("_Log", this);
        if (IsNewest && Room.ReadSeq < Room.Seq && IsShown())
            await MarkReadAsync(number);
        await DressAsync(reply);
        return Page();
    }

    /// <summary>To the first message of a day, or the first one after it; with none, to the newest.</summary>
    private async Task<IActionResult> GoToAsync(long number, long day) =>
        await search.FirstSinceAsync(User.Id(), number, day) is { } seq ? Redirect(FormattableString.Invariant($"/rooms/{number}?around={seq}#m-{number}-{seq}"))
        : await rooms.FindAsync(number, User.Id()) is null ? NotFound()
        : Redirect(FormattableString.Invariant($"/rooms/{number}"));

    private async Task MarkReadAsync(long number)
    {
        try
        {
            if (await reads.MarkAsync(User.Id(), number, Room.Seq))
            {
                connections.Send(User.Id(), LiveRoom.ReadFrame(number, Room.Seq));
                marks.Touch(number, User.Id(), Room.Seq);
            }
        }
        catch (StorageUnavailableException)
        {
            // Nothing can be written now; what is there can be read all the same.
        }
    }

    /// <summary>What stands around the log on a whole page.</summary>
    private async Task DressAsync(long? reply)
    {
        var userId = User.Id();
        Header = await RoomHeader.LoadAsync(reads, Room, userId, changes.RecallWindow);
        Pins = new Pins(Room.Number, await messages.PinnedAsync(userId, Room.Number, Pins.Most), Words);
        if (reply is { } seq && await messages.FindAsync(userId, Room.Number, seq) is { IsRecalled: false } answered && answered.Kind != MessageKind.Note)
            Answered = answered;
    }

    public async Task<IActionResult> OnPostAsync(long number, [FromForm] Sent sent, CancellationToken cancel)
    {
        var clientId = string.IsNullOrEmpty(sent.ClientId) ? ClientId : sent.ClientId;
        var (content, replyTo) = (sent.Content, sent.ReplyTo);
        var chosen = sent.File.Where(file => file.Length > 0 || file.FileName.Length > 0).ToList(); // a form sends an empty part where nothing was chosen
        var answers = chosen.Count == 0
            ? [await posting.PostAsync(User.Id(), number, content, clientId, replyTo)]
            : await PostFilesAsync(posting.Draft(User.Id(), number, content, clientId, replyTo), chosen, sent, cancel);
        var last = answers[^1];
        if (last.Message is not null)
            return PostAnswers.Stored(Request, [.. answers.Select(a => a.Message!)], Words);
        if (last.Status != StatusCodes.Status409Conflict && MessageRules.IsClientId(clientId))
            ClientId = clientId; // what of it was stored is known when it is sent again
        PostAnswers.SayWait(Response, last);
        return await RefuseAsync(number, content, replyTo, last);
    }

    private async Task<IReadOnlyList<PostAnswer>> PostFilesAsync(NewPost post, List<IFormFile> chosen, Sent sent, CancellationToken cancel) =>
        chosen.Count > 1
            ? await filePosting.PostAllAsync(post, chosen, cancel)
            : [await filePosting.PostAsync(post, SentFile.From(chosen[0], sent.Small) with { Width = sent.Width, Height = sent.Height, Seconds = sent.Seconds }, sent.Levels, cancel)];

    private async Task<IActionResult> RefuseAsync(long number, string? content, long? replyTo, PostAnswer answer)
    {
        var sentence = texts[answer.Error!].Value;
        if (Request.WantsJson())
            return new JsonResult(new { error = sentence }) { StatusCode = answer.Status };
        if (Request.IsHtmx())
            return new ContentResult { Content = sentence, ContentType = "text/plain; charset=utf-8", StatusCode = answer.Status };
        if (answer.Status == StatusCodes.Status404NotFound || !await LoadAsync(number, null, null, null))
            return NotFound();
        Draft = content ?? "";
        Error = sentence;
        Response.StatusCode = answer.Status;
        await DressAsync(replyTo);
        return Page();
    }

    private async Task<bool> LoadAsync(long number, long? before, long? after, long? around)
    {
        var userId = User.Id();
        if (await rooms.FindAsync(number, userId) is not { } room)
            return false;
        Room = room;
        ReadBefore = room.ReadSeq;
        const int size = MessageStore.PageSize;
        if (after is { } from)
            Messages = await messages.AfterAsync(userId, number, from, size);
        else if (around is { } middle)
            Messages = [.. await messages.BeforeAsync(userId, number, Math.Max(0, middle), size / 2), .. await messages.AfterAsync(userId, number, Math.Max(0, middle) - 1, size / 2)];
        else
            Messages = await messages.BeforeAsync(userId, number, before ?? long.MaxValue, size);
        // The room was read first: what came since is in the messages or comes by the socket, never lost between.
        Rev = Messages.Aggregate(room.Rev, (rev, m) => before is null && m.Seq > room.Seq ? Math.Max(rev, m.Rev) : rev);
        IsNewest = before is null && (Messages.Count == 0 ? after is null && around is null : Messages[^1].Seq >= (room.UntilSeq ?? room.Seq));
        return true;
    }

    /// <summary>False where nobody sees the answer: a page fetched just in case, or none of it but its head.</summary>
    private bool IsShown() => HttpMethods.IsGet(Request.Method) && !Request.Headers["Sec-Purpose"].ToString().Contains("prefetch", StringComparison.Ordinal);

    /// <summary>What the composer sends.</summary>
    internal sealed class Sent
    {
        public string? Content { get; set; }
        [FromForm(Name = "client_id")] public string? ClientId { get; set; }
        [FromForm(Name = "reply_to")] public long? ReplyTo { get; set; }
        public List<IFormFile> File { get; set; } = [];

        /// <summary>A smaller copy of the one picture or video, which the page made.</summary>
        public IFormFile? Small { get; set; }

        public int? Width { get; set; }
        public int? Height { get; set; }
        public int? Seconds { get; set; }

        /// <summary>How loud a recording was, a digit for each part of it.</summary>
        public string? Levels { get; set; }
    }
}
