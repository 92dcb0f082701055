using System.Text.RegularExpressions;
using LogAudit.LocalCloud.Products.Logs;

namespace LogAudit.Cli.Demo;

/// <summary>What became of the records that LocalCloud wrote, judged by the receiver's file alone.</summary>
/// <param name="Generated">Records written by LocalCloud's products.</param>
/// <param name="Delivered">Of those, how many are in the file.</param>
/// <param name="Duplicated">Lines beyond the first with the same record.</param>
internal sealed partial record DeliveryCheck(int Generated, int Delivered, int Duplicated)
{
    /// <summary>Records that are in no line.</summary>
    public int Lost => Generated - Delivered;

    public static DeliveryCheck Of(IEnumerable<WrittenRecord> written, string file)
    {
        var times = written.Select(record => record.Marker).Distinct(StringComparer.Ordinal).ToDictionary(marker => marker, _ => 0, StringComparer.Ordinal);
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        while (reader.ReadLine() is { } line)
        {
            foreach (var marker in MarkersIn(line).Where(times.ContainsKey))
            {
                times[marker]++;
            }
        }

        return new(times.Count, times.Values.Count(seen => seen > 0), times.Values.Sum(seen => Math.Max(0, seen - 1)));
    }

    /// <summary>A marker counts once a line, however often the line names it.</summary>
    private static IEnumerable<string> MarkersIn(string line) => Marker().Matches(line).Select(match => match.Value).Distinct(StringComparer.Ordinal);

    /// <summary>The two forms of LocalCloud's markers: 24 hex digits, and the UUID of an audit event.</summary>
    [GeneratedRegex("[0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12}|[0-9A-F]{24}", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Marker();
}
