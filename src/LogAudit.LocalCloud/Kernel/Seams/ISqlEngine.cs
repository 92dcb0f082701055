namespace LogAudit.LocalCloud.Kernel;

/// <summary>Runs the analytic statement of a query, what follows its bar. LocalCloud is started with one or without; it knows no more of it than this.</summary>
public interface ISqlEngine
{
    /// <summary>Runs a statement over the records that the search part found.</summary>
    /// <exception cref="SqlRefusedException">The service would refuse it, or it is outside of the subset that runs here.</exception>
    SqlAnswer Run(SqlQuestion question, CancellationToken cancel);
}

/// <summary>A statement and what it is about.</summary>
public sealed record SqlQuestion
{
    /// <summary>The analytic statement.</summary>
    public required string Text { get; init; }

    /// <summary>The Logstore, which <c>FROM</c> may name beside <c>log</c>.</summary>
    public required string Logstore { get; init; }

    /// <summary>First second of the query.</summary>
    public required long From { get; init; }

    /// <summary>Second after the last.</summary>
    public required long To { get; init; }

    /// <summary>Time of the cloud.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>What the search part found.</summary>
    public required ISqlRecords Records { get; init; }
}

/// <summary>Found records as a table.</summary>
public interface ISqlRecords
{
    /// <summary>How many.</summary>
    int Count { get; }

    /// <summary>Fields that may be analysed, what <c>SELECT *</c> gives.</summary>
    IReadOnlyList<string> Fields { get; }

    /// <summary>Type of a field by the index; null when the index does not let it be analysed.</summary>
    SqlFieldType? TypeOf(string field);

    /// <summary>The text of a field; null when the record has none.</summary>
    string? Value(int record, string field);
}

/// <summary>Types that the index gives to fields. Source: SLS, type conversion functions, data type mappings (JSON fields are varchar).</summary>
public enum SqlFieldType
{
    /// <summary><c>varchar</c>.</summary>
    Text,

    /// <summary><c>bigint</c>.</summary>
    Long,

    /// <summary><c>double</c>.</summary>
    Double,
}

/// <summary>The rows of a statement.</summary>
/// <param name="Columns">In the order of the select list.</param>
/// <param name="Rows">Each as long as the columns; null for SQL's null.</param>
/// <param name="Limit">Rows that the statement could give at most.</param>
public sealed record SqlAnswer(
    IReadOnlyList<SqlColumn> Columns,
    IReadOnlyList<IReadOnlyList<string?>> Rows,
    long Limit
);

/// <summary>A column of an answer.</summary>
/// <param name="Name">Its alias or name.</param>
/// <param name="Type">SQL type, for example <c>bigint</c>.</param>
public sealed record SqlColumn(string Name, string Type);

/// <summary>A statement that does not run, with the message for the caller.</summary>
public sealed class SqlRefusedException(string message) : Exception(message);
