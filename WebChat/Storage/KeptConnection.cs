using System.Collections.Concurrent;
using System.Data;
using Microsoft.Data.Sqlite;

namespace WebChat.Storage;

/// <summary>
/// A connection to SQLite that is used again, with what it has read of the file and with its statements as they were parsed. To dispose it is to give it back;
/// to close it is the end.
/// </summary>
internal sealed class KeptConnection(string connectionString, ConcurrentStack<KeptConnection> idle) : SqliteConnection(connectionString)
{
    /// <summary>Connections that wait to be used again, at most: each may hold as much of the file as it may keep.</summary>
    private const int MostIdle = 8;

    /// <summary>Statements that are kept, at most. Those in which lists of values are written out are many.</summary>
    private const int MostStatements = 500;

    private readonly Dictionary<string, Kept> statements = new(StringComparer.Ordinal);

    public override SqliteCommand CreateCommand() => new Command(this) { Connection = this, CommandTimeout = DefaultTimeout };

    public override ValueTask DisposeAsync()
    {
        if (!IsFit || idle.Count >= MostIdle)
            return base.DisposeAsync();
        idle.Push(this);
        return default;
    }

    /// <summary>False for one that is still within a transaction, which could not be rolled back.</summary>
    private bool IsFit => State == ConnectionState.Open && SQLitePCL.raw.sqlite3_get_autocommit(Handle) != 0;

    /// <summary>The statement of this text as it was parsed before; null while somebody reads its rows, and for one too many.</summary>
    private Kept? Statement(string text)
    {
        if (!statements.TryGetValue(text, out var kept) && statements.Count < MostStatements)
            statements.Add(text, kept = new Kept { Connection = this, CommandText = text });
        return kept is { IsRead: false } ? kept : null;
    }

    /// <summary>What a caller fills in, runs and throws away.</summary>
    private sealed class Command(KeptConnection connection) : SqliteCommand
    {
        public override int ExecuteNonQuery() => Known() is { } known ? known.ExecuteNonQuery() : base.ExecuteNonQuery();

        public override object? ExecuteScalar() => Known() is { } known ? known.ExecuteScalar() : base.ExecuteScalar();

        public override SqliteDataReader ExecuteReader(CommandBehavior behavior) => Known() is { } known ? known.ExecuteReader(behavior) : base.ExecuteReader(behavior);

        private Kept? Known()
        {
            if (connection.Statement(CommandText) is not { } known)
                return null;
            known.CommandTimeout = CommandTimeout;
            known.Parameters.Clear();
            foreach (SqliteParameter parameter in Parameters)
                known.Parameters.Add(parameter);
            return known;
        }
    }

    private sealed class Kept : SqliteCommand
    {
        public bool IsRead => DataReader is not null;
    }
}
