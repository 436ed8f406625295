using System.Data.Common;

namespace WebChat.Contacts;

/// <summary>
/// What features above do when two people become or stop being friends, or one blocks the other. Each runs inside the write that
/// changes it, so that both are stored or neither; what it returns runs after the commit, is quick and does not throw.
/// </summary>
internal sealed class ContactHooks
{
    /// <summary>Two are friends now: the first accepted, or completed it.</summary>
    public List<Func<DbConnection, long, long, Task<Action>>> Befriended { get; } = [];

    /// <summary>Two are no longer friends: the first ended it.</summary>
    public List<Func<DbConnection, long, long, Task<Action>>> Parted { get; } = [];

    /// <summary>The first has blocked the second.</summary>
    public List<Func<DbConnection, long, long, Task<Action>>> Blocked { get; } = [];

    /// <summary>The first has unblocked the second.</summary>
    public List<Func<DbConnection, long, long, Task<Action>>> Unblocked { get; } = [];
}
