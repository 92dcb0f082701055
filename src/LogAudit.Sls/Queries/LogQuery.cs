namespace LogAudit.Sls;

/// <summary>A search, with or without SQL behind a <c>|</c>.</summary>
/// <remarks>Source: SLS GetLogsV2. The Logstore needs an index.</remarks>
public sealed record LogQuery
{
    /// <summary>Start of the time range, inclusive, in whole seconds of the log's own time.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>End of the time range, exclusive; later than <see cref="From"/>.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>The search. Default <c>*</c>.</summary>
    public string Query { get; init; } = "*";

    /// <summary>Rows wanted, 0–100. Not read when the query has SQL: use <c>LIMIT</c>. Default 100.</summary>
    public int Lines { get; init; } = 100;

    /// <summary>Rows to skip. Not read when the query has SQL.</summary>
    public int Offset { get; init; }

    /// <summary>Newest first. Not read when the query has SQL.</summary>
    public bool Reverse { get; init; }
}

/// <summary>What a query answered.</summary>
/// <param name="Complete">False when the service still answered <c>Incomplete</c> after all tries: rows may be missing.</param>
/// <param name="Rows">The rows, each a map of field to text.</param>
public sealed record QueryResult(bool Complete, IReadOnlyList<IReadOnlyDictionary<string, string>> Rows)
{
    /// <summary>Columns in the order of the select list, name and SQL type; empty without SQL.</summary>
    public IReadOnlyList<(string Name, string Type)> Columns { get; init; } = [];
}
