using System.Data.Common;

namespace WebChat.Accounts.Leaving;

/// <summary>
/// What other features do when somebody deletes their account, in the transaction that does. The user's row is nobody's by then, so that what is
/// written in it names nobody; what each returns runs after the commit, is quick and does not throw.
/// </summary>
internal sealed class LeavingUsers
{
    /// <summary>Called with the transaction's connection, the user's id and the time in milliseconds. An exception undoes the whole.</summary>
    public List<Func<DbConnection, long, long, Task<Action>>> Left { get; } = [];

    /// <summary>There is something to take back.</summary>
    public event Action? Removing;

    public void SayRemoving() => Removing?.Invoke();
}
