using LogAudit.LocalCloud.Kernel;

namespace LogAudit.LocalCloud.Sql.Tests;

/// <summary>Records as an index sees them: a type per field, and texts.</summary>
internal sealed class Records(string fields, params string?[][] rows) : ISqlRecords
{
    private readonly (string Name, SqlFieldType Type)[] columns =
    [
        .. fields
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(field => field.Split('='))
            .Select(pair => (pair[0], Enum.Parse<SqlFieldType>(pair.ElementAtOrDefault(1) ?? "Text"))),
    ];

    /// <summary>2020-06-17 14:07:47 in the service's zone. Source: SLS, date and time functions.</summary>
    public const long DocumentedTime = 1592374067;

    public int Count => rows.Length;

    public IReadOnlyList<string> Fields => [.. columns.Select(column => column.Name)];

    public SqlFieldType? TypeOf(string field) =>
        columns.Where(column => column.Name == field).Select(column => (SqlFieldType?)column.Type).FirstOrDefault();

    public string? Value(int record, string field) =>
        rows[record][Array.FindIndex(columns, column => column.Name == field)];

    /// <summary>The rows as text, cells by <c>|</c>.</summary>
    public string Run(string statement) =>
        string.Join('\n', Answer(statement).Rows.Select(row => string.Join('|', row.Select(value => value ?? "NULL"))));

    public SqlAnswer Answer(string statement, long from = DocumentedTime, long to = DocumentedTime + 3600) =>
        new DuckSqlEngine().Run(
            new SqlQuestion
            {
                Text = statement,
                Logstore = "website_log",
                From = from,
                To = to,
                Now = DateTimeOffset.FromUnixTimeSeconds(DocumentedTime),
                Records = this,
            },
            CancellationToken.None
        );

    public string Refusal(string statement) => Assert.Throws<SqlRefusedException>(() => Answer(statement)).Message;
}
