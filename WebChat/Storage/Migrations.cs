using System.Data.Common;
using System.Globalization;
using Dapper;

namespace WebChat.Storage;

/// <summary>Numbered SQL files, embedded per engine, each run once, in order, in one transaction with its record and with what only code can fill in.</summary>
internal static class Migrations
{
    /// <param name="connection">Where to.</param>
    /// <param name="engine">Whose files.</param>
    /// <param name="begin">Begins a transaction that nobody else's migration can be in.</param>
    public static async Task RunAsync(DbConnection connection, string engine, string begin)
    {
        await connection.ExecuteAsync(begin);
        await ApplyAsync(connection, engine);
        await connection.ExecuteAsync("COMMIT");
    }

    /// <summary>The same inside a transaction that goes on, and where it is wanted no further than to a number.</summary>
    public static async Task ApplyAsync(DbConnection connection, string engine, int last = int.MaxValue)
    {
        await connection.ExecuteAsync("CREATE TABLE IF NOT EXISTS migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL)");
        var done = await connection.ExecuteScalarAsync<long>("SELECT coalesce(max(number), 0) FROM migrations");
        foreach (var (number, name, sql) in Read(engine).Where(m => m.Number > done && m.Number <= last))
        {
            await connection.ExecuteAsync(sql);
            await connection.ExecuteAsync("INSERT INTO migrations (number, name) VALUES (@number, @name)", new { number, name });
        }
        await FillNicknameKeysAsync(connection);
    }

    /// <summary>What SQL cannot do: letters outside ASCII have a case too. Rows that have their key are not touched.</summary>
    private static async Task FillNicknameKeysAsync(DbConnection connection)
    {
        var rows = await connection.QueryAsync<(long Id, string Nickname)>("SELECT id, nickname FROM users WHERE nickname_key IS NULL");
        await connection.ExecuteAsync("UPDATE users SET nickname_key = @Key WHERE id = @Id", rows.Select(r => new { r.Id, Key = r.Nickname.ToLowerInvariant() }));
    }

    /// <summary>The number of the engine's last file.</summary>
    public static int LastOf(string engine) => Read(engine).Max(m => m.Number);

    private static IEnumerable<(int Number, string Name, string Sql)> Read(string engine)
    {
        var assembly = typeof(Migrations).Assembly;
        var prefix = $"Migrations/{engine}/";
        foreach (var resource in assembly.GetManifestResourceNames().Where(n => n.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            var name = resource[prefix.Length..];
            yield return (int.Parse(name.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture), name, reader.ReadToEnd());
        }
    }
}
