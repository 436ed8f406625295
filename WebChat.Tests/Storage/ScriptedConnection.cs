using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace WebChat.Tests.Storage;

/// <summary>A connection that does what the test says at each statement: nothing, or go wrong as a server would.</summary>
/// <param name="says">Given the statement: throws, or lets it pass.</param>
internal sealed class ScriptedConnection(Action<string> says) : DbConnection
{
    private ConnectionState state = ConnectionState.Open;

    /// <summary>Letting go of it goes wrong too.</summary>
    public bool BreaksWhenDropped { get; init; }

    public override ConnectionState State => state;
    [AllowNull] public override string ConnectionString { get; set; } = "";
    public override string Database => "";
    public override string DataSource => "";
    public override string ServerVersion => "";

    public override void Open() => state = ConnectionState.Open;
    public override void Close() => state = ConnectionState.Closed;
    public override void ChangeDatabase(string databaseName) => throw new NotSupportedException();
    protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) => throw new NotSupportedException();
    protected override DbCommand CreateDbCommand() => new Command(says);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Close();
        if (BreaksWhenDropped)
            throw new IOException("The socket is gone.");
    }

    private sealed class Command(Action<string> says) : DbCommand
    {
        [AllowNull] public override string CommandText { get; set; } = "";
        public override int CommandTimeout { get; set; }
        public override CommandType CommandType { get; set; }
        public override bool DesignTimeVisible { get; set; }
        public override UpdateRowSource UpdatedRowSource { get; set; }
        protected override DbConnection? DbConnection { get; set; }
        protected override DbParameterCollection DbParameterCollection => throw new NotSupportedException();
        protected override DbTransaction? DbTransaction { get; set; }

        public override void Cancel()
        {
            // There is nothing to stop.
        }

        public override int ExecuteNonQuery()
        {
            says(CommandText);
            return 0;
        }

        public override object? ExecuteScalar() => throw new NotSupportedException();
        public override void Prepare() => throw new NotSupportedException();
        protected override DbParameter CreateDbParameter() => throw new NotSupportedException();
        protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) => throw new NotSupportedException();
    }
}

/// <summary>What a server says, or, without a state, that it says nothing any more.</summary>
internal sealed class ScriptedException(string? state) : DbException(state ?? "The line is lost.")
{
    public override string? SqlState => state;
}
