using System.Collections.Frozen;
using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using WebChat.Messages;
using WebChat.Messages.Kinds;
using WebChat.Messages.Search;
using WebChat.Rooms;
using WebChat.Shared;

namespace WebChat.Admin.Rooms;

/// <summary>What was said in a room, for an administrator who says why they read it.</summary>
internal sealed class MessagesModel(AdminRoomStore rooms, LookStore looks, SearchStore search, FrozenDictionary<string, MessageWords> words, IStringLocalizer<Texts> text) : PageModel
{
    public const int LongestReason = 300;
    public const int LongestQuery = 100;

    [BindProperty(SupportsGet = true)] public long? Before { get; set; }
    [BindProperty(SupportsGet = true)] public long? After { get; set; }
    [BindProperty(SupportsGet = true)] public long? Around { get; set; }
    [BindProperty(SupportsGet = true)] public string Q { get; set; } = "";
    /// <summary>Before which moment to look for words.</summary>
    [BindProperty(SupportsGet = true)] public string Until { get; set; } = "";
    [BindProperty] public string Reason { get; set; } = "";

    public RoomDetail Room { get; private set; } = null!;

    /// <summary>Why they read; null before they have said so.</summary>
    public Look? Look { get; private set; }

    public IReadOnlyList<StoredMessage> Messages { get; private set; } = [];
    public bool HasOlder => Messages.Count > 0 && Messages[0].Seq > Room.FirstSeq;
    public bool HasNewer => Messages.Count > 0 && Messages[^1].Seq < Room.Messages;

    /// <summary>What was found; null where nothing was looked for.</summary>
    public Found? Hits { get; private set; }

    public MessageWords Words => words[CultureInfo.CurrentUICulture.Name];

    private Sought Sought => new(Q);

    public async Task<IActionResult> OnGetAsync(long number)
    {
        if (await rooms.FindAsync(number) is not { } room)
            return NotFound();
        Room = room;
        Look = await looks.FindAsync(User.Id(), number);
        Q = UserText.Beginning(UserText.Line(Q), LongestQuery);
        if (Look is null)
            return Page();
        if (!Sought.IsNothing)
            Hits = await search.FindAsync(User.Id(), new SearchQuery(Sought) { Room = number, LookedSince = Look.At - 1, Before = Instant.Parse(Until) ?? Instant.Last });
        else
            Messages = await ReadAsync(number);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(long number)
    {
        if (await rooms.FindAsync(number) is not { } room)
            return NotFound();
        Room = room;
        Reason = UserText.Line(Reason);
        if (Reason.Length == 0 || !UserText.Fits(Reason, LongestReason))
        {
            ModelState.AddModelError(nameof(Reason), Reason.Length == 0 ? text["Say why you read this room."] : text["At most {0} characters.", LongestReason]);
            Response.StatusCode = StatusCodes.Status400BadRequest;
            return Page();
        }
        if (!await looks.BeginAsync(User.Id(), number, Reason))
            return NotFound();
        return Redirect(FormattableString.Invariant($"/admin/rooms/{number}/messages") + (Around is { } place ? FormattableString.Invariant($"?around={place}#m-{number}-{place}") : ""));
    }

    /// <summary>The line around what was found.</summary>
    public IEnumerable<(string Text, bool IsMarked)> ExcerptOf(StoredMessage hit)
    {
        var said = Terms.Clean(Kind.Of(hit).Words(hit));
        return said.Length == 0 ? [(Words.Line(hit), false)] : Excerpt.Of(said, Sought.In(said) ?? []);
    }

    private async Task<IReadOnlyList<StoredMessage>> ReadAsync(long number)
    {
        const int half = MessageStore.PageSize / 2;
        if (Around is { } place)
            return [.. await looks.BeforeAsync(User.Id(), number, place, half), .. await looks.AfterAsync(User.Id(), number, place - 1, half)];
        return After is { } after
            ? await looks.AfterAsync(User.Id(), number, after, MessageStore.PageSize)
            : await looks.BeforeAsync(User.Id(), number, Before ?? long.MaxValue, MessageStore.PageSize);
    }
}
