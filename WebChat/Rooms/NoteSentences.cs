using Microsoft.Extensions.Localization;

namespace WebChat.Rooms;

/// <summary>What a note says, in one language, with places for who did it and for its word: one wording for the log and for lists.</summary>
internal static class NoteSentences
{
    /// <summary>"{0} removed {1}", by the note's name.</summary>
    public static Dictionary<string, string> All(IStringLocalizer text) => new(StringComparer.Ordinal)
    {
        [RoomNote.Created] = text["{0} created the group"],
        [RoomNote.Joined] = text["{0} joined"],
        [RoomNote.Left] = text["{0} left"],
        [RoomNote.Removed] = text["{0} removed {1}"],
        [RoomNote.Renamed] = text["{0} renamed the group to {1}"],
        [RoomNote.Pinned] = text["{0} pinned a message"],
        [RoomNote.BotAdded] = text["{0} added the bot {1}"],
        [RoomNote.BotRemoved] = text["{0} removed the bot {1}"],
        [RoomNote.Promoted] = text["{0} made {1} an administrator"],
        [RoomNote.Demoted] = text["{0} took the administrator's rights from {1}"],
        [RoomNote.HandedOver] = text["{0} handed the group over to {1}"],
        [RoomNote.Muted] = text["{0} muted {1}"],
        [RoomNote.Unmuted] = text["{0} unmuted {1}"],
        [RoomNote.Admitted] = text["{0} let {1} in"],
        [RoomNote.Invited] = text["{0} joined by an invite link"],
        [RoomNote.Announced] = text["{0} changed the announcement"],
        [RoomNote.Closed] = text["{0} lets only administrators write"],
        [RoomNote.Opened] = text["{0} lets everybody write"],
        [RoomNote.Friends] = text["You are friends now. Say hello!"],
    };

    /// <summary>Takes a note's body apart: its name, and the word that may follow.</summary>
    public static (string Name, string Word) Read(string body)
    {
        var space = body.IndexOf(' ', StringComparison.Ordinal);
        return space < 0 ? (body, "") : (body[..space], body[(space + 1)..]);
    }

    /// <summary>The sentence as plain text.</summary>
    public static string Describe(IReadOnlyDictionary<string, string> sentences, string body, string nickname)
    {
        var (name, word) = Read(body);
        return string.Concat(Parts(sentences.GetValueOrDefault(name, name)).Select(part => !part.IsValue ? part.Text : part.Text is "0" ? nickname : word));
    }

    /// <summary>Cuts "{0} removed {1}" into its words and its places.</summary>
    public static IEnumerable<(bool IsValue, string Text)> Parts(string sentence)
    {
        var at = 0;
        while (sentence.IndexOf('{', at) is var open and >= 0)
        {
            if (open > at)
                yield return (false, sentence[at..open]);
            var close = sentence.IndexOf('}', open);
            yield return (true, sentence[(open + 1)..close]);
            at = close + 1;
        }
        if (at < sentence.Length)
            yield return (false, sentence[at..]);
    }
}
