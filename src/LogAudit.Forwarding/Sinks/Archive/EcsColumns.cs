using System.Text;
using System.Text.Json;

namespace LogAudit.Forwarding;

/// <summary>The ECS fields that stand in columns of their own: what an investigation asks for first.</summary>
internal static class EcsColumns
{
    /// <summary>Paths of two members.</summary>
    public static IReadOnlyList<string> Names { get; } =
    ["cloud.region", "event.action", "event.outcome", "user.id", "user.name", "source.ip"];

    private static readonly (byte[] Parent, byte[] Member)[] Paths =
    [
        .. Names.Select(name => name.Split('.')).Select(parts => (Utf8(parts[0]), Utf8(parts[1]))),
    ];

    // Audit records nest deeper than the reader's usual 64.
    private static readonly JsonReaderOptions Deep = new() { MaxDepth = int.MaxValue };

    /// <summary>Their values, a list per column; null where a record has none, which is everywhere in other formats than <c>json</c>.</summary>
    public static IReadOnlyList<string?[]> Of(EncodedBatch batch, List<int> records)
    {
        string?[][] columns = [.. Paths.Select(_ => new string?[records.Count])];
        for (var row = 0; row < records.Count; row++)
        {
            Read(batch.Body(records[row]).Span, row, columns);
        }

        return columns;
    }

    private static void Read(ReadOnlySpan<byte> record, int row, string?[][] columns)
    {
        var reader = new Utf8JsonReader(record, Deep);
        ReadOnlySpan<byte> parent = default;
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            if (reader.CurrentDepth == 1)
            {
                parent = reader.ValueSpan;
                continue;
            }

            var column = reader.CurrentDepth == 2 ? ColumnOf(parent, reader.ValueSpan) : -1;
            reader.Read();
            if (column >= 0 && reader.TokenType == JsonTokenType.String)
            {
                columns[column][row] = reader.GetString();
            }

            reader.TrySkip();
        }
    }

    private static int ColumnOf(ReadOnlySpan<byte> parent, ReadOnlySpan<byte> member)
    {
        for (var column = 0; column < Paths.Length; column++)
        {
            if (parent.SequenceEqual(Paths[column].Parent) && member.SequenceEqual(Paths[column].Member))
            {
                return column;
            }
        }

        return -1;
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
