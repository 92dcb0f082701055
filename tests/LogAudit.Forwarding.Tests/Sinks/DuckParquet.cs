using DuckDB.NET.Data;

namespace LogAudit.Forwarding.Tests.Sinks;

/// <summary>Reads Parquet with DuckDB, which this project did not write.</summary>
internal static class DuckParquet
{
    /// <summary>Rows of a query over an object that the query calls <c>it</c>; a null is the text <c>NULL</c>.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Query(ReadOnlyMemory<byte> parquet, string query)
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            File.WriteAllBytes(path, parquet.Span);
            using var connection = new DuckDBConnection("DataSource=:memory:");
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = $"with it as (select * from read_parquet('{path}')) {query}";
            using var reader = command.ExecuteReader();
            var rows = new List<IReadOnlyList<string>>();
            while (reader.Read())
            {
                rows.Add([
                    .. Enumerable
                        .Range(0, reader.FieldCount)
                        .Select(column =>
                            reader.IsDBNull(column)
                                ? "NULL"
                                : Convert.ToString(
                                    reader.GetValue(column),
                                    System.Globalization.CultureInfo.InvariantCulture
                                )!
                        ),
                ]);
            }

            return rows;
        }
        finally
        {
            File.Delete(path);
        }
    }
}
