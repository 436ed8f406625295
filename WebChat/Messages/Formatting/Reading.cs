using Markdig;
using Markdig.Helpers;

namespace WebChat.Messages.Formatting;

/// <summary>What is asked of one reading of a text, and what it met.</summary>
internal sealed class Reading : MarkdownParserContext
{
    private readonly List<string> named = [];

    /// <summary>Whom the text mentions, where that is known; null to find out whom it names.</summary>
    public Mentioned? Known { get; init; }

    /// <summary>The first web address outside of code.</summary>
    public string? FirstAddress { get; private set; }

    /// <summary>All whom the text names.</summary>
    public Mentioned Named => new(named, NamesAll);

    private bool NamesAll { get; set; }

    public void Met(Link link)
    {
        var address = (link.Target ?? link.Words).AsSpan();
        if (FirstAddress is null && !address.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase))
            FirstAddress = Shared.Marks.Address.Complete(address);
    }

    /// <summary>How much of a name is one that counts: of a name that ends in a mark, the mark may belong to the text.</summary>
    public int Met(ReadOnlySpan<char> name)
    {
        if (Known is null)
            Add(name);
        for (var shorter = name; ; shorter = shorter[..^1])
        {
            if (Known is not null ? Known.Has(shorter) : shorter[^1] is not ('_' or '-'))
            {
                if (Known is null)
                    Add(shorter);
                return shorter.Length;
            }
            if (shorter.Length <= Mentions.ShortestName || shorter[^1] is not ('_' or '-'))
                return 0;
        }
    }

    private void Add(ReadOnlySpan<char> name)
    {
        if (name.Equals(Mentions.All, StringComparison.OrdinalIgnoreCase))
            NamesAll = true;
        else if (named.Count < Mentions.Most && !named.Contains(name.ToString(), StringComparer.OrdinalIgnoreCase))
            named.Add(name.ToString().ToLowerInvariant());
    }
}
