using System.Globalization;
using Newtonsoft.Json;

namespace LogAudit.Benchmarks;

/// <summary>The formats of the plain way.</summary>
internal static class PlainFormats
{
    /// <summary>Formats that there are, by their names in the settings.</summary>
    public static IReadOnlyDictionary<string, Func<PlainRecord, string>> All { get; } =
        new Dictionary<string, Func<PlainRecord, string>>(StringComparer.Ordinal)
        {
            ["rfc5424"] = Rfc5424,
            ["json"] = record => record.Ecs.ToString(Formatting.None),
            ["cef"] = PlainCef.Write,
            ["rfc3164"] = Rfc3164,
            ["raw"] = PlainRaw.Write,
        };

    private static string Rfc3164(PlainRecord record)
    {
        var time = DateTime.UnixEpoch.AddTicks(record.TimeNanos / 100);
        var region = record.Text("cloud.region") is { Length: > 0 } told ? told : "-";
        var stamp = time.ToString("MMM", CultureInfo.InvariantCulture) + $" {time.Day, 2} {time:HH:mm:ss}";
        return $"<110>{stamp} {region} logaudit: {record.Ecs.ToString(Formatting.None)}";
    }

    private static string Rfc5424(PlainRecord record)
    {
        var (account, region) = (record.Text("cloud.account.id"), record.Text("cloud.region"));
        var messageId = record.Mapping.Kind.Mapping.Dataset["aliyun.".Length..];
        var (kind, place) = (record.Mapping.Kind, record.Place);
        var ingested = record.IngestedNanos == 0 ? "" : $" ingested=\"{Cut(record.IngestedNanos)}\"";
        return $"<110>1 {Cut(record.TimeNanos)} {(region.Length == 0 ? "-" : region)} logaudit - {messageId}"
            + $" [logaudit@32473 event_id=\"{record.Id}\" account=\"{account}\" region=\"{region}\" product=\"{kind.Product}\" kind=\"{kind.Name}\""
            + $" project=\"{place.Project}\" logstore=\"{place.Logstore}\" shard=\"{place.Shard}\" cursor=\"{place.Cursor}\" index=\"{place.Index}\"{ingested}]"
            + $" {record.Ecs.ToString(Formatting.None)}";
    }

    // Six digits are the most that the header takes.
    private static string Cut(long nanos) =>
        PlainConversions.Time(nanos) is { Length: > 27 } time ? time[..26] + "Z" : PlainConversions.Time(nanos);
}
