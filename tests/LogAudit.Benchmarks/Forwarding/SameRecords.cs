using System.Text;
using System.Text.RegularExpressions;
using LogAudit.Forwarding;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LogAudit.Benchmarks;

/// <summary>Compares what two roads made, record by record: members of JSON and pairs of CEF may stand in another order, nothing else may differ.</summary>
internal static partial class SameRecords
{
    /// <exception cref="InvalidOperationException">A record differs; the message shows both.</exception>
    public static void Check(EncodedBatch ours, List<byte[]> plain)
    {
        if (ours.Count != plain.Count)
        {
            throw new InvalidOperationException($"{ours.Count} records against {plain.Count} of the plain way.");
        }

        for (var index = 0; index < ours.Count; index++)
        {
            var (one, other) = (Encoding.UTF8.GetString(ours.Body(index).Span), Encoding.UTF8.GetString(plain[index]));
            if (!JToken.DeepEquals(Parts(one), Parts(other)))
            {
                throw new InvalidOperationException($"Record {index} differs:\n{one}\n{other}");
            }
        }
    }

    private static JObject Parts(string record)
    {
        if (!record.Contains("CEF:0|", StringComparison.Ordinal))
        {
            var at = record.IndexOf('{', StringComparison.Ordinal);
            return new JObject { ["header"] = record[..at], ["json"] = Json(record[at..]) };
        }

        var parts = new JObject();
        var starts = Keys().Matches(record);
        parts["header"] = record[..starts[0].Index];
        for (var number = 0; number < starts.Count; number++)
        {
            var (key, from) = (starts[number].Groups[1].Value, starts[number].Index + starts[number].Length);
            var value = record[from..(number + 1 < starts.Count ? starts[number + 1].Index : record.Length)];
            parts.Add(
                key,
                key is "AliyunUnmapped"
                    ? Json(
                        value
                            .Replace("\\=", "=", StringComparison.Ordinal)
                            .Replace("\\\\", "\\", StringComparison.Ordinal)
                    )
                    : value
            );
        }

        return parts;
    }

    private static JToken Json(string json)
    {
        using var reader = new JsonTextReader(new StringReader(json)) { DateParseHandling = DateParseHandling.None };
        return JToken.Load(reader);
    }

    [GeneratedRegex(@"(?:(?<=\|\d\|)| )(\w+)(?<!\\)=")]
    private static partial Regex Keys();
}
