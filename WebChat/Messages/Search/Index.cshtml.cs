using System.Collections.Frozen;
using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using WebChat.Contacts;
using WebChat.Messages.Kinds;
using WebChat.Rooms;
using WebChat.Shared;

namespace WebChat.Messages.Search;

/// <summary>What was said in the reader's rooms, by words, person, room and days.</summary>
internal sealed class IndexModel(SearchStore store, OwnRooms rooms, ContactStore contacts, RateLimits rates, IOptionsMonitor<Limits> limits, FrozenDictionary<string, MessageWords> say, IStringLocalizer<Texts> text) : PageModel
{
    public const int LongestQuery = 100;

    private const int LongestAccount = 40;

    [BindProperty(SupportsGet = true)] public string Q { get; set; } = "";
    [BindProperty(SupportsGet = true)] public string By { get; set; } = "";
    [BindProperty(SupportsGet = true)] public string From { get; set; } = "";
    [BindProperty(SupportsGet = true)] public string To { get; set; } = "";
    [BindProperty(SupportsGet = true)] public string Room { get; set; } = "";
    [BindProperty(SupportsGet = true)] public string Before { get; set; } = "";

    public IReadOnlyList<Conversation> Rooms { get; private set; } = [];

    public IReadOnlyList<Person> Friends { get; private set; } = [];

    /// <summary>The room that alone is looked through.</summary>
    public Conversation? Only { get; private set; }

    /// <summary>What was found; null before anything was looked for.</summary>
    public Found? Found { get; private set; }

    /// <summary>Not everything that was said could be looked through yet.</summary>
    public bool IsBehind { get; private set; }

    public string? Error { get; private set; }

    public Sought Sought { get; private set; } = new("");

    public async Task OnGetAsync()
    {
        (Q, By) = (UserText.Line(Q), UserText.Line(By).TrimStart('@'));
        Rooms = await rooms.ListAsync(User.Id());
        Friends = await contacts.FriendsAsync(User.Id());
        Only = Rooms.FirstOrDefault(room => string.Equals(room.Number.ToString(CultureInfo.InvariantCulture), Room, StringComparison.Ordinal));
        if (Q.Length == 0 && By.Length == 0)
            Error = From.Length > 0 || To.Length > 0 ? text["Say what to look for, or whose messages."].Value : null;
        else if (Ask() is { } query)
            await SearchAsync(query);
    }

    public Conversation? RoomOf(StoredMessage hit) => Rooms.FirstOrDefault(room => room.Number == hit.Room);

    /// <summary>The line around what was found; what the message is, where it has no words of its own.</summary>
    public IEnumerable<(string Text, bool IsMarked)> ExcerptOf(StoredMessage hit)
    {
        var words = Terms.Clean(Kind.Of(hit).Words(hit));
        return words.Length == 0 ? [(say[CultureInfo.CurrentUICulture.Name].Line(hit), false)] : Excerpt.Of(words, Sought.In(words) ?? []);
    }

    /// <summary>The same search, further back.</summary>
    public string OlderAddress(Instant before) => QueryString.Create(
        new[] { ("q", Q), ("by", By), ("room", Room), ("from", From), ("to", To), ("before", before.ToString()) }.Where(f => f.Item2.Length > 0).Select(f => KeyValuePair.Create<string, string?>(f.Item1, f.Item2))).ToString();

    /// <returns>Null, with <see cref="Error"/> set, where it cannot be looked for.</returns>
    private SearchQuery? Ask()
    {
        var (from, to) = (Day.Start(From), Day.End(To));
        if (!UserText.Fits(Q, LongestQuery))
            Error = text["At most {0} characters.", LongestQuery];
        else if (By.Length > LongestAccount)
            Error = text["At most {0} characters.", LongestAccount];
        else if ((from is null && From.Length > 0) || (to is null && To.Length > 0))
            Error = text["A day is written like {0}.", "2026-11-20"];
        else if (from >= to)
            Error = text["The first day is after the last one."];
        else if (Room.Length > 0 && Only is null)
            Error = text["You are in no such room."];
        else if ((Sought = new Sought(Q)) is { IsNothing: true } && Q.Length > 0)
            Error = text["There is nothing in this that can be looked for."];
        if (Error is not null)
            return null;
        return new SearchQuery(Sought)
        {
            By = By.Length == 0 ? null : Friends.FirstOrDefault(f => string.Equals(f.Name, By, StringComparison.OrdinalIgnoreCase))?.Account ?? By,
            Room = Only?.Number,
            From = from ?? 0,
            Before = Instant.Parse(Before) ?? (to is { } end ? new Instant(end, 0, 0) : Instant.Last),
        };
    }

    private async Task SearchAsync(SearchQuery query)
    {
        if (await rates.TakeAsync("search", User.Id().ToString(CultureInfo.InvariantCulture), limits.CurrentValue.SearchesPerMinute, TimeSpan.FromMinutes(1)) is { } wait)
        {
            Error = text["Too many searches. Try again in {0} seconds.", TooMany.Say(HttpContext, wait)];
            return;
        }
        Found = await store.FindAsync(User.Id(), query);
        IsBehind = await store.IsBehindAsync(Rooms);
    }
}
