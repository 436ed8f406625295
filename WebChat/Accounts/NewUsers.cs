using System.Data.Common;

namespace WebChat.Accounts;

/// <summary>What other features add for every new user, in the transaction that stores it.</summary>
internal sealed class NewUsers
{
    /// <summary>Called with the transaction's connection, the user's id and the time in milliseconds. An exception undoes the whole.</summary>
    public List<Func<DbConnection, long, long, Task>> Joined { get; } = [];
}
