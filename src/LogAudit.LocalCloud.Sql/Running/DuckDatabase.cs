using System.Globalization;
using DuckDB.NET.Data;
using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Sql.Subset;
using LogAudit.LocalCloud.Sql.Translation;

namespace LogAudit.LocalCloud.Sql.Running;

/// <summary>One DuckDB in memory for one statement: no files, no network, no extensions, bounded memory and threads, and nothing of it can be changed by a statement.</summary>
internal sealed class DuckDatabase : IDisposable
{
    /// <summary>Megabytes that a statement may take.</summary>
    private const int MemoryMegabytes = 512;

    private static readonly string[] Walls =
    [
        "SET temp_directory = ''",
        "SET autoload_known_extensions = false",
        "SET autoinstall_known_extensions = false",
        string.Create(CultureInfo.InvariantCulture, $"SET memory_limit = '{MemoryMegabytes}MB'"),
        "SET threads = 2",
        "SET enable_external_access = false",
        "SET lock_configuration = true",
    ];

    private readonly DuckDBConnection connection = new("DataSource=:memory:");

    public DuckDatabase(DateTimeOffset now)
    {
        connection.Open();
        foreach (var wall in Walls)
            Do(wall);
        foreach (var macro in EngineMacros.All)
            Do(macro);
        var seconds = string.Create(CultureInfo.InvariantCulture, $"CAST({now.ToUnixTimeSeconds()} AS BIGINT)");
        Do($"CREATE MACRO now_here() AS {ServiceZone.Timestamp(seconds)}");
    }

    /// <summary>Loads the fields that a statement reads.</summary>
    public void Load(ISqlRecords records, IReadOnlyList<(string Field, SqlFieldType Type)> fields)
    {
        var columns = fields.Select(
            (field, i) =>
                $"{LogTable.EngineColumn(i)} {(field.Type switch { SqlFieldType.Long => "BIGINT", SqlFieldType.Double => "DOUBLE", _ => "VARCHAR" })}"
        );
        // A table needs a column: count(*) alone reads none.
        Do($"CREATE TABLE {LogTable.EngineName} ({string.Join(", ", columns.Append("nothing BOOLEAN"))})");
        using var appender = connection.CreateAppender(LogTable.EngineName);
        for (var record = 0; record < records.Count; record++)
        {
            var row = appender.CreateRow();
            foreach (var (field, type) in fields)
                Append(row, records.Value(record, field), type);
            row.AppendNullValue().EndRow();
        }
    }

    public List<IReadOnlyList<string?>> Read(Translated query, CancellationToken cancel)
    {
        using var command = connection.CreateCommand();
        command.CommandText = query.Sql;
        command.UseStreamingMode = true;
        using var interrupt = cancel.Register(command.Cancel);
        using var reader = command.ExecuteReader();
        List<IReadOnlyList<string?>> rows = [];
        while (reader.Read())
        {
            cancel.ThrowIfCancellationRequested();
            rows.Add([
                .. query.Columns.Select(
                    (column, i) => reader.IsDBNull(i) ? null : ResultText.Of(reader.GetValue(i), column.Type)
                ),
            ]);
        }

        return rows;
    }

    public void Dispose() => connection.Dispose();

    /// <summary>A value that does not fit the type of the index is missing. Source: SLS, data types: such a field cannot be queried.</summary>
    private static void Append(IDuckDBAppenderRow row, string? value, SqlFieldType type)
    {
        switch (type)
        {
            case SqlFieldType.Text when value is not null:
                row.AppendValue(value);
                break;
            case SqlFieldType.Long
                when long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole):
                row.AppendValue(whole);
                break;
            case SqlFieldType.Double
                when double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number):
                row.AppendValue(number);
                break;
            default:
                row.AppendNullValue();
                break;
        }
    }

    private void Do(string statement)
    {
        using var command = connection.CreateCommand();
        command.CommandText = statement;
        command.ExecuteNonQuery();
    }
}
