using LogAudit.LocalCloud.Kernel;

namespace LogAudit.LocalCloud.Sls.Search;

/// <summary>Found records as a table of the fields that the index lets be analysed, and of the reserved ones.</summary>
/// <remarks>Source: SLS, reserved fields; data types; type conversion functions, data type mappings.</remarks>
internal sealed class FoundTable(IReadOnlyList<FoundRecord> records, IndexConfig index) : ISqlRecords
{
    private static readonly string[] Reserved = ["__time__", "__source__", "__topic__"];

    public int Count => records.Count;

    public IReadOnlyList<string> Fields { get; } = [.. index.Analysed, .. Reserved];

    public SqlFieldType? TypeOf(string field)
    {
        if (field == "__time__")
            return SqlFieldType.Long;
        if (Reserved.Contains(field, StringComparer.Ordinal) || field.StartsWith("__tag__:", StringComparison.Ordinal))
            return SqlFieldType.Text;
        return index.Field(field) is { Analysed: true } found
            ? found.Type switch
            {
                "long" => SqlFieldType.Long,
                "double" => SqlFieldType.Double,
                _ => SqlFieldType.Text,
            }
            : null;
    }

    public string? Value(int record, string field) =>
        field == "__time__"
            ? records[record].Time.ToString(System.Globalization.CultureInfo.InvariantCulture)
            : records[record].Value(field);
}
