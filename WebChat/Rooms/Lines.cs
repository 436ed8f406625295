using System.Globalization;

namespace WebChat.Rooms;

/// <summary>What a message is in one line of plain text, for lists. Those who know the kinds say how.</summary>
internal sealed class Lines
{
    /// <summary>The line, in a language.</summary>
    public Func<Said, string, string> Say { get; set; } = static (said, _) => said.Body;

    /// <summary>The line in the language of the page.</summary>
    public string Of(Said said) => Say(said, CultureInfo.CurrentUICulture.Name);
}
