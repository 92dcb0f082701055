using System.Text.RegularExpressions;
using LogAudit.LocalCloud.Products.Logs;

namespace LogAudit.Cli.Demo;

/// <summary>What became of the records that LocalCloud wrote, judged by the receiver's file alone.</summary>
/// <param name="Generated">Records written by LocalCloud's products.</param>
/// <param name="Delivered">Of those, how many are in the file.</param>
/// <param name="Duplicated">Lines beyond the first with the same record.</param>
/// <param name="Missing">Records that are in no line.</param>
internal sealed partial record DeliveryCheck(
    int Generated,
    int Delivered,
    int Duplicated,
    IReadOnlyList<WrittenRecord> Missing
)
{
    /// <summary>How many records are in no line.</summary>
    public int Lost => Missing.Count;

    public static DeliveryCheck Of(IEnumerable<WrittenRecord> written, string file)
    {
        var records = written.DistinctBy(record => record.Marker, StringComparer.Ordinal).ToList();
        var times = records.ToDictionary(record => record.Marker, _ => 0, StringComparer.Ordinal);
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        while (reader.ReadLine() is { } line)
        {
            foreach (var marker in MarkersIn(line).Where(times.ContainsKey))
            {
                times[marker]++;
            }
        }

        return new(
            times.Count,
            times.Values.Count(seen => seen > 0),
            times.Values.Sum(seen => Math.Max(0, seen - 1)),
            [.. records.Where(record => times[record.Marker] == 0)]
        );
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
}
