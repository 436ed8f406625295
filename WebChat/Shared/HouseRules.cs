using System.ComponentModel.DataAnnotations;

namespace WebChat.Shared;

/// <summary>Who can make an account.</summary>
internal enum Registration
{
    /// <summary>Whoever has a mailbox.</summary>
    Open,
    /// <summary>Whoever has a link of an administrator's, too.</summary>
    ByInvite,
    Closed,
}

/// <summary>What administrators decide for everybody, under <c>WebChat:House</c>.</summary>
internal sealed record HouseRules
{
    /// <summary>What can be kept for so long need not be bounded.</summary>
    public const int MostDays = 36_500;

    [EnumDataType(typeof(Registration))] public Registration Registration { get; init; }

    /// <summary>Messages older than so many days are deleted; 0: none are.</summary>
    [Range(0, MostDays)] public int KeepDays { get; init; }

    /// <summary>Words and phrases that nobody may write, one a line.</summary>
    public string RefusedWords { get; init; } = "";
}
