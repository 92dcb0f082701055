using System.Globalization;
using System.Text.Json.Nodes;

namespace LogAudit.Forwarding.Tests.Formats;

/// <summary>Who a record is, as a receiver of a format reads it: the same for every format.</summary>
internal sealed record ReadBack(
    string Id,
    string Account,
    string Region,
    string Product,
    string Kind,
    string Project,
    string Logstore,
    int Shard,
    string Cursor,
    int Index,
    DateTimeOffset Time,
    DateTimeOffset? Ingested
)
{
    /// <summary>Reads with the parser of the format. A new format needs a line here.</summary>
    public static ReadBack Of(string format, string line) =>
        format switch
        {
            "cef" => OfCef(CefLine.Parse(line)),
            "json" => OfEcs(JsonNode.Parse(line)!),
            "leef" => OfLeef(LeefLine.Parse(line)),
            "ocsf" => OfOcsf(JsonNode.Parse(line)!),
            "raw" => OfRaw(JsonNode.Parse(line)!["logaudit"]!),
            "rfc3164" => OfEcs(JsonNode.Parse(Rfc3164Text(line))!),
            "rfc5424" => OfRfc5424(SyslogMessage.Parse(line)),
            _ => throw new Xunit.Sdk.XunitException($"nothing here reads format {format}"),
        };

    /// <summary>What stands behind the tag of an old syslog line.</summary>
    internal static string Rfc3164Text(string line) =>
        line[(line.IndexOf("logaudit: ", StringComparison.Ordinal) + "logaudit: ".Length)..];

    private static ReadBack OfEcs(JsonNode json)
    {
        var (place, cloud) = (json["aliyun"]!["sls"]!, json["cloud"]!);
        return new(
            (string)json["event"]!["id"]!,
            (string?)cloud["account"]?["id"] ?? "",
            (string?)cloud["region"] ?? "",
            (string)json["aliyun"]!["product"]!,
            (string)json["aliyun"]!["kind"]!,
            (string)place["project"]!,
            (string)place["logstore"]!,
            (int)place["shard"]!,
            (string)place["cursor"]!,
            (int)place["index"]!,
            Iso((string)json["@timestamp"]!),
            (string?)json["event"]!["ingested"] is { } ingested ? Iso(ingested) : null
        );
    }

    private static ReadBack OfOcsf(JsonNode json)
    {
        var (place, metadata, cloud) = (json["unmapped"]!["aliyun"]!["sls"]!, json["metadata"]!, json["cloud"]!);
        return new(
            (string)metadata["uid"]!,
            (string?)cloud["account"]?["uid"] ?? "",
            (string?)cloud["region"] ?? "",
            (string)metadata["product"]!["name"]!,
            (string)metadata["product"]!["feature"]!["name"]!,
            (string)place["project"]!,
            (string)place["logstore"]!,
            (int)place["shard"]!,
            (string)place["cursor"]!,
            (int)place["index"]!,
            DateTimeOffset.FromUnixTimeMilliseconds((long)json["time"]!),
            (long?)metadata["logged_time"] is { } logged ? DateTimeOffset.FromUnixTimeMilliseconds(logged) : null
        );
    }

    private static ReadBack OfRaw(JsonNode identity) =>
        new(
            (string)identity["id"]!,
            (string?)identity["account"] ?? "",
            (string?)identity["region"] ?? "",
            (string)identity["product"]!,
            (string)identity["kind"]!,
            (string)identity["project"]!,
            (string)identity["logstore"]!,
            (int)identity["shard"]!,
            (string)identity["cursor"]!,
            (int)identity["index"]!,
            Iso((string)identity["time"]!),
            (string?)identity["ingested"] is { } ingested ? Iso(ingested) : null
        );

    private static ReadBack OfRfc5424(SyslogMessage message)
    {
        var data = message.Parameters;
        var text = OfEcs(JsonNode.Parse(message.Text)!);
        var read = new ReadBack(
            data["event_id"],
            Carried(data["account"], text.Account),
            Carried(data["region"], text.Region),
            data["product"],
            data["kind"],
            data["project"],
            data["logstore"],
            Number(data["shard"]),
            data["cursor"],
            Number(data["index"]),
            Iso(message.Timestamp),
            data.TryGetValue("ingested", out var ingested) ? Iso(ingested) : null
        );
        Assert.Equal(text, read);
        return read;
    }

    // Structured data has a text that is long or not printable ASCII only in part; the message has it whole.
    private static string Carried(string parameter, string whole) =>
        whole.Length <= 255 && whole.All(one => one is >= ' ' and <= '~') ? parameter : whole;

    private static ReadBack OfCef(CefLine line)
    {
        var data = line.Extension;
        Assert.Equal(
            "project logstore cursor kind shard index",
            $"{data["cs1Label"]} {data["cs2Label"]} {data["cs3Label"]} {data["cs4Label"]} {data["cn1Label"]} {data["cn2Label"]}"
        );
        return new(
            data["externalId"],
            data.GetValueOrDefault("deviceExternalId", ""),
            data.GetValueOrDefault("AliyunCloudRegion", ""),
            line.Header[2],
            data["cs4"],
            data["cs1"],
            data["cs2"],
            Number(data["cn1"]),
            data["cs3"],
            Number(data["cn2"]),
            Millis(data["rt"]),
            data.TryGetValue("deviceCustomDate1", out var ingested) ? Millis(ingested) : null
        );
    }

    private static ReadBack OfLeef(LeefLine line)
    {
        var data = line.Attributes;
        return new(
            data["eventId"],
            data.GetValueOrDefault("accountName", ""),
            data.GetValueOrDefault("AliyunCloudRegion", ""),
            line.Header[2],
            data["AliyunKind"],
            data["AliyunSlsProject"],
            data["AliyunSlsLogstore"],
            Number(data["AliyunSlsShard"]),
            data["AliyunSlsCursor"],
            Number(data["AliyunSlsIndex"]),
            Millis(data["devTime"]),
            data.TryGetValue("ingestedTime", out var ingested) ? Millis(ingested) : null
        );
    }

    private static DateTimeOffset Iso(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private static DateTimeOffset Millis(string text) =>
        DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(text, CultureInfo.InvariantCulture));

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
