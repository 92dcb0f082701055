using System.Globalization;
using System.Net;
using System.Text;
using K4os.Compression.LZ4;
using LogAudit.Forwarding;
using LogAudit.Sls;
using LogAudit.Wire;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LogAudit.Benchmarks;

/// <summary>The plain way from a pulled body to RFC 5424: Google.Protobuf objects, a dictionary per record, Newtonsoft objects. Same output, written without our encoder.</summary>
internal sealed class PlainEncoder(IReadOnlyList<LogKind> kinds)
{
    private readonly Dictionary<string, LogKind> byTopic = kinds
        .SelectMany(kind => kind.Topics.Select(topic => (topic, kind)))
        .ToDictionary(pair => pair.topic, pair => pair.kind, StringComparer.Ordinal);

    public List<byte[]> Encode(EncodeCorpus corpus)
    {
        var raw = new byte[corpus.Raw.Length];
        LZ4Codec.Decode(corpus.Packed, raw);
        var list = LogGroupList.Parser.ParseFrom(raw);
        var messages = new List<byte[]>();
        for (var g = 0; g < list.LogGroups.Count; g++)
        {
            var group = list.LogGroups[g];
            var prefix = new byte[RecordId.PrefixLength];
            var cursor = Cursor.Of(corpus.Headers.LastRead!.Value - list.LogGroups.Count + 1 + g);
            RecordId.WritePrefix(new ShardAddress(EncodeCorpus.Target, 0), cursor, prefix);
            for (var index = 0; index < group.Logs.Count; index++)
            {
                var id = Encoding.ASCII.GetString(prefix) + index.ToString(CultureInfo.InvariantCulture);
                messages.Add(Encoding.UTF8.GetBytes(Message(group, group.Logs[index], id, cursor, index)));
            }
        }

        return messages;
    }

    private string Message(LogGroup group, Log log, string id, Cursor cursor, int index)
    {
        var kind = byTopic[group.Topic];
        var (mapping, rest) = (kind.Mapping, new JObject());
        var fields = log.Contents.ToDictionary(one => one.Key, one => one.Value, StringComparer.Ordinal);
        var json = new JObject();
        if (mapping.JsonField.Length > 0)
        {
            using var reader = new JsonTextReader(new StringReader(fields[mapping.JsonField]))
            {
                DateParseHandling = DateParseHandling.None,
            };
            json = Masked(JObject.Load(reader));
            fields.Remove(mapping.JsonField);
            if (json["eventId"] is { } given)
            {
                id = (string)given!;
                json.Remove("eventId");
            }
        }

        fields["__topic__"] = group.Topic;
        fields["__source__"] = group.Source;
        var time = Time(((log.Time * 1_000_000_000L) + log.TimeNs));
        var record = new JObject();
        Set(record, "ecs.version", "8.17.0");
        Set(record, "event.id", id);
        Set(record, "event.kind", "event");
        Set(record, "event.category", new JArray(mapping.Category));
        Set(record, "event.dataset", mapping.Dataset);
        Set(record, "event.module", "aliyun");
        Set(
            record,
            "event.ingested",
            Time(long.Parse(group.LogTags[0].Value, CultureInfo.InvariantCulture) * 1_000_000_000L)
        );
        Set(record, "cloud.provider", "alibaba_cloud");
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (var field in mapping.Fields.Where(field => field.Target is not "event.id"))
        {
            var text =
                mapping.JsonField.Length > 0
                    ? json.SelectToken(field.Source)?.ToString()
                    : fields.GetValueOrDefault(field.Source);
            if (field.Convert == FieldConversion.ErrorOutcome)
            {
                Set(
                    record,
                    field.Target,
                    text is null or "" or "-" || text.All(one => one == '0') ? "success" : "failure"
                );
                continue;
            }

            if (text is null or "" or "-" || record.SelectToken($"['{field.Target}']") is not null)
            {
                continue;
            }

            var (target, value) = Convert(field, text);
            if (value is null || Has(record, target))
            {
                continue;
            }

            if (field.Target == "@timestamp")
            {
                time = (string)value!;
            }
            else
            {
                Set(record, target, value);
            }

            if (
                field.Convert
                is not (
                    FieldConversion.HttpOutcome
                    or FieldConversion.AcceptOutcome
                    or FieldConversion.Direction
                    or FieldConversion.Transport
                )
            )
            {
                used.Add(field.Source);
            }
        }

        record.AddFirst(new JProperty("@timestamp", time));
        foreach (var path in used.Where(_ => mapping.JsonField.Length > 0))
        {
            Remove(json, path.Split('.'), 0);
        }

        rest.Merge(json);
        foreach (var (name, value) in fields.Where(field => !used.Contains(field.Key)))
        {
            rest[name] = SecretNames.IsSecret(Encoding.UTF8.GetBytes(name)) ? "***" : value;
        }

        var ingested = (string)record.SelectToken("event.ingested")!;
        Set(record, "aliyun.product", kind.Product);
        Set(record, "aliyun.kind", kind.Name);
        Set(record, "aliyun.sls.project", EncodeCorpus.Target.Project.Value);
        Set(record, "aliyun.sls.logstore", EncodeCorpus.Target.Logstore.Value);
        Set(record, "aliyun.sls.shard", 0);
        Set(record, "aliyun.sls.cursor", cursor.Value);
        Set(record, "aliyun.sls.index", index);
        Set(record, $"aliyun.{kind.Product}", rest);
        var account = (string?)record.SelectToken("cloud.account.id") ?? "";
        var region = (string?)record.SelectToken("cloud.region") ?? "";
        var header =
            $"<110>1 {Cut(time)} {(region.Length == 0 ? "-" : region)} logaudit - {mapping.Dataset["aliyun.".Length..]} [logaudit@32473 event_id=\"{id}\" account=\"{account}\" region=\"{region}\" product=\"{kind.Product}\" kind=\"{kind.Name}\" project=\"{EncodeCorpus.Target.Project}\" logstore=\"{EncodeCorpus.Target.Logstore}\" shard=\"0\" cursor=\"{cursor.Value}\" index=\"{index}\" ingested=\"{Cut(ingested)}\"] ";
        return header + record.ToString(Formatting.None);
    }

    private static (string Target, JToken? Value) Convert(FieldMapping field, string text) =>
        field.Convert switch
        {
            FieldConversion.Integer => (
                field.Target,
                long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                    ? number
                    : null
            ),
            FieldConversion.Ip => (
                IPAddress.TryParse(text, out _) ? field.Target : field.Target[..^2] + "address",
                text
            ),
            FieldConversion.IsoTime => (
                field.Target,
                DateTimeOffset.TryParse(
                    text,
                    CultureInfo.InvariantCulture,
                    DateTimeStyles.AssumeUniversal,
                    out var when
                )
                    ? Time((when.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) * 100)
                    : null
            ),
            FieldConversion.UnixSeconds => (
                field.Target,
                Time(long.Parse(text, CultureInfo.InvariantCulture) * 1_000_000_000L)
            ),
            FieldConversion.UnixMillis => (
                field.Target,
                Time(long.Parse(text, CultureInfo.InvariantCulture) * 1_000_000L)
            ),
            FieldConversion.UnixMicros => (field.Target, Time(long.Parse(text, CultureInfo.InvariantCulture) * 1_000L)),
            FieldConversion.SecondsToNanos => (
                field.Target,
                (long)(decimal.Parse(text, CultureInfo.InvariantCulture) * 1_000_000_000m)
            ),
            FieldConversion.MillisToNanos => (
                field.Target,
                long.Parse(text, CultureInfo.InvariantCulture) * 1_000_000L
            ),
            FieldConversion.MicrosToNanos => (field.Target, long.Parse(text, CultureInfo.InvariantCulture) * 1_000L),
            FieldConversion.HttpOutcome => (
                field.Target,
                int.Parse(text, CultureInfo.InvariantCulture) < 400 ? "success" : "failure"
            ),
            FieldConversion.AcceptOutcome => (field.Target, text == "ACCEPT" ? "success" : "failure"),
            FieldConversion.Direction => (field.Target, text == "in" ? "inbound" : "outbound"),
            FieldConversion.Transport => (
                field.Target,
                text == "6" ? "tcp"
                : text == "17" ? "udp"
                : null
            ),
            _ => (field.Target, text),
        };

    private static JObject Masked(JObject json)
    {
        foreach (var property in json.Properties().ToList())
        {
            if (SecretNames.IsSecret(Encoding.UTF8.GetBytes(property.Name)))
            {
                property.Value = "***";
            }
            else if (property.Value is JObject inner)
            {
                Masked(inner);
            }
        }

        return json;
    }

    private static void Set(JObject record, string name, JToken value)
    {
        var parts = name.Split('.');
        var at = record;
        foreach (var part in parts[..^1])
        {
            at[part] ??= new JObject();
            at = (JObject)at[part]!;
        }

        at[parts[^1]] = value;
    }

    private static bool Has(JObject record, string name) =>
        record.SelectToken(name.Replace("@timestamp", "['@timestamp']", StringComparison.Ordinal)) is not null;

    private static void Remove(JObject json, string[] path, int at)
    {
        if (at == path.Length - 1)
        {
            json.Remove(path[at]);
        }
        else if (json[path[at]] is JObject inner)
        {
            Remove(inner, path, at + 1);
            if (inner.Count == 0)
            {
                json.Remove(path[at]);
            }
        }
    }

    private static string Time(long nanos)
    {
        var text =
            DateTimeOffset
                .UnixEpoch.AddTicks(nanos / 100)
                .ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff", CultureInfo.InvariantCulture) + "00";
        while (text[^4] != '.' && text.EndsWith("000", StringComparison.Ordinal))
        {
            text = text[..^3];
        }

        return text + "Z";
    }

    private static string Cut(string time) => time.Length > 27 ? time[..26] + "Z" : time;
}
