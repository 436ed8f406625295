using Microsoft.Extensions.Options;
using WebChat.Shared.Marks;

namespace WebChat.Shared;

/// <summary>The words that nobody may write here, as they are set now. What has one in it is refused, so that its author can say it otherwise.</summary>
internal sealed class RefusedWords(IOptionsMonitor<HouseRules> rules)
{
    private volatile WordList list = WordList.Of("");

    /// <summary>True where one of them is in any of these, as it was typed or as it is read: marks of bold and the like part no word.</summary>
    public bool AreIn(params ReadOnlySpan<string?> texts)
    {
        var words = rules.CurrentValue.RefusedWords;
        if (!ReferenceEquals(list.Source, words))
            list = WordList.Of(words);
        foreach (var text in texts)
        {
            if (text is not null && !list.IsEmpty && (list.IsIn(text) || list.IsIn(Unmarked.Of(text))))
                return true;
        }
        return false;
    }
}
