using NpgsqlTypes;

namespace WebChat.Storage;

/// <summary>A table as the target's schema has it.</summary>
internal sealed record CopyTable(string Name, IReadOnlyList<CopyColumn> Columns)
{
    /// <summary>The one table that SQLite has not: there, the keys are files beside it.</summary>
    public const string Keys = "data_protection_keys";

    public bool IsKeys => string.Equals(Name, Keys, StringComparison.Ordinal);

    public string ColumnList => string.Join(", ", Columns.Select(c => $"\"{c.Name}\""));
}

/// <summary>A column, and how its values are written alike for both engines.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">What PostgreSQL calls its type.</param>
/// <param name="IsIdentity">True when PostgreSQL counts it.</param>
internal sealed record CopyColumn(string Name, string Type, bool IsIdentity)
{
    /// <exception cref="CopyRefusedException">The schema has a type that nobody has thought of here.</exception>
    public NpgsqlDbType DbType => Type switch
    {
        "bigint" => NpgsqlDbType.Bigint,
        "integer" => NpgsqlDbType.Integer,
        "boolean" => NpgsqlDbType.Boolean,
        "double precision" => NpgsqlDbType.Double,
        "text" => NpgsqlDbType.Text,
        "bytea" => NpgsqlDbType.Bytea,
        _ => throw new CopyRefusedException($"The column {Name} is of the type {Type}, which copy does not know."),
    };

    /// <summary>What SQLite holds, as PostgreSQL will hold it.</summary>
    /// <exception cref="InvalidCastException">SQLite lets any value stand in any column: this one does not fit.</exception>
    /// <exception cref="OverflowException">So large a number does not fit.</exception>
    public object? Convert(object value) => (DbType, value) switch
    {
        (_, DBNull) => null,
        (NpgsqlDbType.Bigint, long number) => number,
        (NpgsqlDbType.Integer, long number) => checked((int)number),
        (NpgsqlDbType.Boolean, long and (0 or 1)) => value is 1L,
        (NpgsqlDbType.Double, double or long) => System.Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture),
        (NpgsqlDbType.Text, string) or (NpgsqlDbType.Bytea, byte[]) => value,
        _ => throw new InvalidCastException($"{value.GetType().Name} in a column of the type {Type}"),
    };
}
