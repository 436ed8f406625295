using System.Data.Common;
using Dapper;
using WebChat.Admin.Users;

namespace WebChat.Admin;

/// <summary>Whether who acts is an administrator still: asked in the transaction that does it.</summary>
internal static class Administrator
{
    public static Task<bool> IsAsync(DbConnection connection, long actorId) => connection.ExecuteScalarAsync<bool>($"SELECT {AdminUserStore.IsAdmin}", new { actorId });
}
