using System.Text.RegularExpressions;
using LogAudit.LocalCloud.Products.Logs;

namespace LogAudit.Cli.Demo;

/// <summary>What became of the records that LocalCloud wrote, judged by the receiver's file alone: a record is in a line that says it is of the record's product and kind.</summary>
/// <param name="Generated">Records of collected logs, written by LocalCloud's products or shown by their API.</param>
/// <param name="Delivered">Of those, how many are in the file.</param>
/// <param name="Duplicated">Lines beyond one for each record.</param>
/// <param name="Missing">Records that are in no line, or in fewer than there are of them.</param>
/// <param name="BeforeCollection">Records that a product wrote to its own Logstore before anything carried its log for the first time: they belong to no collected log.</param>
internal sealed partial record DeliveryCheck(
    int Generated,
    int Delivered,
    int Duplicated,
    IReadOnlyList<WrittenRecord> Missing,
    IReadOnlyList<WrittenRecord> BeforeCollection
)
{
    /// <summary>How many records are in no line.</summary>
    public int Lost => Missing.Count;

    /// <summary>Records made and received, by product and kind of log.</summary>
    public required IReadOnlyDictionary<(string Product, string Kind), (int Made, int Received)> ByKind { get; init; }

    public static DeliveryCheck Of(IEnumerable<WrittenRecord> written, string file)
    {
        var (records, before) = Split(written.DistinctBy(record => record.Marker, StringComparer.Ordinal));
        var seen = records.ToDictionary(record => record.Marker, record => new Sight(record), StringComparer.Ordinal);
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        while (reader.ReadLine() is { } line)
        {
            foreach (var marker in MarkersIn(line))
            {
                // An audit event quotes what an API call showed: that is not the record.
                if (seen.TryGetValue(marker, out var sight) && line.Contains(sight.Heading, StringComparison.Ordinal))
                {
                    sight.Lines++;
                }
            }
        }

        return new(
            records.Count,
            seen.Values.Count(one => one.IsComplete),
            seen.Values.Sum(one => Math.Max(0, one.Lines - one.Record.Copies)),
            [.. records.Where(record => !seen[record.Marker].IsComplete)],
            before
        )
        {
            ByKind = seen
                .Values.GroupBy(one => (one.Record.Product, one.Record.Kind))
                .ToDictionary(group => group.Key, group => (group.Count(), group.Count(one => one.IsComplete))),
        };
    }

    /// <summary>A record stayed with its product before its log was collected only as long as no earlier record of that log was carried.</summary>
    private static (List<WrittenRecord> Collected, List<WrittenRecord> Before) Split(IEnumerable<WrittenRecord> written)
    {
        var (collected, before) = (new List<WrittenRecord>(), new List<WrittenRecord>());
        var carried = new HashSet<(string, string, string, string)>();
        foreach (var record in written)
        {
            var log = (record.Product, record.Kind, record.Account, record.Resource);
            var isCarried = record.StaysWithProduct ? carried.Contains(log) : carried.Add(log) || true;
            (isCarried ? collected : before).Add(record);
        }

        return (collected, before);
    }

    /// <summary>A marker counts once a line, however often the line names it.</summary>
    private static IEnumerable<string> MarkersIn(string line) =>
        Marker().Matches(line).Select(match => match.Value).Distinct(StringComparer.Ordinal);

    /// <summary>The two forms of LocalCloud's markers: 24 hex digits, and the UUID of an audit event.</summary>
    [GeneratedRegex(
        "[0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12}|[0-9A-F]{24}",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
        1000
    )]
    private static partial Regex Marker();

    /// <summary>What the file shows of a record.</summary>
    private sealed class Sight(WrittenRecord record)
    {
        public WrittenRecord Record => record;

        /// <summary>What RFC 5424 lines say of a record: its product and kind.</summary>
        public string Heading { get; } = $" product=\"{record.Product}\" kind=\"{record.Kind}\" ";
        public int Lines { get; set; }
        public bool IsComplete => Lines >= record.Copies;
    }
}
