using System.Collections.Concurrent;
using System.Data;
using System.Data.Common;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using WebChat.Storage;

namespace WebChat.Tests.Storage;

/// <summary>Notes every statement of the app's that any test of this run has run on SQLite: those on PostgreSQL are the same, but for the pieces that it knows how to say there.</summary>
internal sealed partial class OverheardDatabase(StorageOptions options, ILogger<Database> logger) : SqliteDatabase(options, logger)
{
    private bool isOpen;

    /// <summary>What was run, by its text.</summary>
    public static ConcurrentDictionary<string, Statement> Statements { get; } = new(StringComparer.Ordinal);

    /// <summary>Pieces of statements that another engine says otherwise.</summary>
    public static ConcurrentDictionary<string, Func<Database, string>> Pieces { get; } = new(StringComparer.Ordinal);

    public override string Size => Noted(base.Size, d => d.Size);

    /// <summary>What migrations do once, before, is not noted.</summary>
    public override async Task OpenAsync()
    {
        await base.OpenAsync();
        isOpen = true;
    }

    public override string Begins(string column, string parameter) => Noted(base.Begins(column, parameter), d => d.Begins(column, parameter));

    public override string Table(string parameter, params (string Name, string Type)[] columns) => Noted(base.Table(parameter, columns), d => d.Table(parameter, columns));

    protected override async Task<DbConnection> ConnectAsync() => new Connection(this, await base.ConnectAsync());

    private static string Noted(string piece, Func<Database, string> said)
    {
        Pieces[piece] = said;
        return piece;
    }

    private void Note(DbCommand command)
    {
        var text = List().Replace(command.CommandText, "(${first}1)");
        if (isOpen && !Statements.ContainsKey(text) && Caller() is { } caller)
            Statements.TryAdd(text, new Statement(text, caller, [.. command.Parameters.Cast<DbParameter>().Select(p => (p.ParameterName, p.DbType, p.Value))]));
    }

    /// <summary>Who runs it; null for a test.</summary>
    private static string? Caller() =>
        new StackTrace().GetFrames().Select(f => f.GetMethod()?.DeclaringType)
            .FirstOrDefault(t => t?.Assembly is { } assembly && (assembly == typeof(Database).Assembly || (assembly == typeof(Rows).Assembly && (t.DeclaringType ?? t) != typeof(OverheardDatabase))))
            is { } type && type.Assembly == typeof(Database).Assembly ? type.FullName : null;

    // As Dapper writes the values of a list out; however many they are, it is one statement.
    [GeneratedRegex(@"\((?<first>@\w+?)\d+(,@\w+?\d+)*\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex List();

    private sealed class Connection(OverheardDatabase heard, DbConnection inner) : DbConnection
    {
        [AllowNull] public override string ConnectionString { get => inner.ConnectionString; set => inner.ConnectionString = value; }
        public override string Database => inner.Database;
        public override string DataSource => inner.DataSource;
        public override string ServerVersion => inner.ServerVersion;
        public override ConnectionState State => inner.State;

        public override void Open() => inner.Open();
        public override void Close() => inner.Close();
        public override void ChangeDatabase(string databaseName) => inner.ChangeDatabase(databaseName);

        // The inner one is used again: it is given back here, and is no concern of a finalizer.
        public override async ValueTask DisposeAsync()
        {
            await inner.DisposeAsync();
            await base.DisposeAsync();
        }

        protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) => inner.BeginTransaction(isolationLevel);
        protected override DbCommand CreateDbCommand() => new Command(heard, inner.CreateCommand());
    }

    private sealed class Command(OverheardDatabase heard, DbCommand inner) : DbCommand
    {
        [AllowNull] public override string CommandText { get => inner.CommandText; set => inner.CommandText = value; }
        public override int CommandTimeout { get => inner.CommandTimeout; set => inner.CommandTimeout = value; }
        public override CommandType CommandType { get => inner.CommandType; set => inner.CommandType = value; }
        public override bool DesignTimeVisible { get => inner.DesignTimeVisible; set => inner.DesignTimeVisible = value; }
        public override UpdateRowSource UpdatedRowSource { get => inner.UpdatedRowSource; set => inner.UpdatedRowSource = value; }
        protected override DbConnection? DbConnection { get => inner.Connection; set => inner.Connection = value; }
        protected override DbParameterCollection DbParameterCollection => inner.Parameters;
        protected override DbTransaction? DbTransaction { get => inner.Transaction; set => inner.Transaction = value; }

        public override void Cancel() => inner.Cancel();
        public override void Prepare() => inner.Prepare();
        protected override DbParameter CreateDbParameter() => inner.CreateParameter();

        public override int ExecuteNonQuery()
        {
            heard.Note(inner);
            return inner.ExecuteNonQuery();
        }

        public override object? ExecuteScalar()
        {
            heard.Note(inner);
            return inner.ExecuteScalar();
        }

        protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior)
        {
            heard.Note(inner);
            return inner.ExecuteReader(behavior);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                inner.Dispose();
            base.Dispose(disposing);
        }
    }
}

/// <summary>A statement as it was run.</summary>
/// <param name="Text">On SQLite.</param>
/// <param name="By">The type that ran it first.</param>
/// <param name="Parameters">What it was given.</param>
internal sealed record Statement(string Text, string By, IReadOnlyList<(string Name, DbType Type, object? Value)> Parameters);
