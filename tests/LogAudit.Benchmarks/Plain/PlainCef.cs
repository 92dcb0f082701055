using System.Globalization;
using System.Text;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LogAudit.Benchmarks;

/// <summary>CEF of the plain way.</summary>
internal static class PlainCef
{
    // ECS name → key and longest value. Source: CEF Implementation Standard, producer dictionary.
    private static readonly Dictionary<string, (string Key, int Most)> Keys = new(StringComparer.Ordinal)
    {
        ["cloud.account.id"] = ("deviceExternalId", 255),
        ["destination.address"] = ("dhost", 1023),
        ["destination.ip"] = ("dst", 45),
        ["destination.port"] = ("dpt", 10),
        ["error.code"] = ("reason", 1023),
        ["error.message"] = ("msg", 1023),
        ["event.action"] = ("act", 63),
        ["event.outcome"] = ("outcome", 63),
        ["file.path"] = ("filePath", 1023),
        ["file.size"] = ("fsize", 20),
        ["http.request.bytes"] = ("in", 20),
        ["http.request.method"] = ("requestMethod", 1023),
        ["http.request.referrer"] = ("requestContext", 2048),
        ["http.response.body.bytes"] = ("out", 20),
        ["network.transport"] = ("proto", 31),
        ["process.name"] = ("sproc", 1023),
        ["source.address"] = ("shost", 1023),
        ["source.ip"] = ("src", 45),
        ["source.port"] = ("spt", 10),
        ["url.original"] = ("request", 1023),
        ["user.id"] = ("suid", 1023),
        ["user.name"] = ("suser", 1023),
        ["user_agent.original"] = ("requestClientApplication", 1023),
    };

    public static string Write(PlainRecord record)
    {
        var kind = record.Mapping.Kind;
        var messageId = kind.Mapping.Dataset["aliyun.".Length..];
        var action = record.Text("event.action") is { Length: > 0 and <= 512 } named ? named : messageId;
        var failed = record.Values.Exists(value =>
            value.Target.Name == "event.outcome" && (string?)value.Value == "failure"
        );
        var time = PlainConversions.Time(record.TimeNanos);
        var region = record.Text("cloud.region");
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"<110>{Stamp(record.TimeNanos)} {(region.Length == 0 ? "-" : region)} "
        );
        text.Append("CEF:0|Alibaba Cloud|").Append(Header(kind.Product)).Append("|1.0|");
        text.Append(Header(action)).Append('|').Append(Header(action)).Append(failed ? "|6|" : "|3|");
        text.Append(CultureInfo.InvariantCulture, $"rt={record.TimeNanos / 1_000_000}");
        Pair(text, "externalId", record.Id);
        Pair(text, "cat", messageId);
        var place = record.Place;
        text.Append(
            CultureInfo.InvariantCulture,
            $" cs1Label=project cs1={place.Project} cs2Label=logstore cs2={place.Logstore} cs3Label=cursor"
        );
        Pair(text, "cs3", place.Cursor);
        text.Append(
            CultureInfo.InvariantCulture,
            $" cs4Label=kind cs4={kind.Name} cn1Label=shard cn1={place.Shard} cn2Label=index cn2={place.Index}"
        );
        if (record.IngestedNanos != 0)
        {
            text.Append(" deviceCustomDate1Label=ingested deviceCustomDate1=");
            text.Append(record.IngestedNanos / 1_000_000);
        }

        foreach (var (target, convert, value, source) in record.Values)
        {
            WriteField(text, target, convert, value, source);
        }

        if (record.Rest.Count > 0)
        {
            Pair(text, "AliyunUnmapped", record.Rest.ToString(Formatting.None));
        }

        return text.ToString();
    }

    private static void WriteField(
        StringBuilder text,
        PlainTarget target,
        FieldConversion convert,
        JToken value,
        string source
    )
    {
        var own = OwnKey(target.Name);
        var (key, most) = Keys.TryGetValue(target.Name, out var known) ? known : (own, int.MaxValue);
        var shown = convert switch
        {
            FieldConversion.IsoTime
            or FieldConversion.UnixSeconds
            or FieldConversion.UnixMillis
            or FieldConversion.UnixMicros => (PlainConversions.Nanos(convert, source)!.Value / 1_000_000).ToString(
                CultureInfo.InvariantCulture
            ),
            FieldConversion.Text
            or FieldConversion.Ip
            or FieldConversion.Integer
            or FieldConversion.Decimal
            or FieldConversion.Json => source,
            _ => value.ToString(Formatting.None).Trim('"'),
        };
        if (convert == FieldConversion.Ip && target.TakesAddress && !PlainConversions.IsIp(shown))
        {
            var sibling = $"{target.Name[..^2]}address";
            Pair(text, Keys.TryGetValue(sibling, out var host) ? host.Key : OwnKey(sibling), shown);
        }
        else if (Encoding.UTF8.GetByteCount(shown) > most)
        {
            Pair(text, own, shown);
        }
        else if (
            convert == FieldConversion.Ip
            && shown.Contains(':', StringComparison.Ordinal)
            && key is "src" or "dst"
        )
        {
            var (label, name) = key == "src" ? ("c6a2", "Source") : ("c6a3", "Destination");
            text.Append(CultureInfo.InvariantCulture, $" {label}Label={name} IPv6 Address");
            Pair(text, label, shown);
        }
        else
        {
            Pair(text, key, shown);
        }
    }

    private static void Pair(StringBuilder text, string key, string value)
    {
        text.Append(' ').Append(key).Append('=');
        foreach (var one in value)
        {
            _ = one switch
            {
                '\\' => text.Append("\\\\"),
                '=' => text.Append("\\="),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                < ' ' => text.Append(' '),
                _ => text.Append(one),
            };
        }
    }

    private static string Stamp(long nanos)
    {
        var time = DateTime.UnixEpoch.AddTicks(nanos / 100);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{time.ToString("MMM", CultureInfo.InvariantCulture)} {time.Day, 2} {time:HH:mm:ss}"
        );
    }

    private static string Header(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal);

    private static string OwnKey(string target) =>
        target
            .Split(['.', '_', '-', '@'], StringSplitOptions.RemoveEmptyEntries)
            .Aggregate("Aliyun", (name, part) => name + char.ToUpperInvariant(part[0]) + part[1..]);
}
