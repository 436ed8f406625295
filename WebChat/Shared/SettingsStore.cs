using System.Data.Common;
using Dapper;
using WebChat.Storage;

namespace WebChat.Shared;

/// <summary>The rows of the table <c>settings</c>.</summary>
internal sealed class SettingsStore(Database database)
{
    public Task<Dictionary<string, string>> ReadAsync() => database.ReadAsync(ReadAsync);

    public static async Task<Dictionary<string, string>> ReadAsync(DbConnection connection) =>
        (await connection.QueryAsync<(string Name, string Value)>("SELECT name, value FROM settings")).ToDictionary(s => s.Name, s => s.Value, StringComparer.Ordinal);

    /// <summary>Writes one, inside the caller's write.</summary>
    public static Task WriteAsync(DbConnection connection, string name, string value) =>
        connection.ExecuteAsync("INSERT INTO settings (name, value) VALUES (@name, @value) ON CONFLICT (name) DO UPDATE SET value = excluded.value", new { name, value });
}
