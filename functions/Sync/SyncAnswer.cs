using System.Buffers;
using System.Text.Json;
using LogAudit.Forwarding;

namespace LogAudit.Sync;

/// <summary>Records stay where they are because a destination did not take them or something failed; nothing is lost.</summary>
internal sealed class SyncIncompleteException(SyncReport report)
    : Exception(
        $"Not everything was forwarded; {report.Totals.Pending} record(s) stay pending and are tried again. {string.Join(" | ", report.Problems.Take(10))}"
    );

/// <summary>The answer of <c>Sync</c>: counts of this invocation.</summary>
internal static class SyncAnswer
{
    /// <summary>The answer for a report.</summary>
    /// <exception cref="SyncIncompleteException">The invocation broke its promise.</exception>
    public static ReadOnlyMemory<byte> Of(SyncReport report)
    {
        if (!report.Succeeded)
        {
            throw new SyncIncompleteException(report);
        }

        var to = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(to))
        {
            var totals = report.Totals;
            json.WriteStartObject();
            json.WriteNumber("shards", report.Shards.Count);
            json.WriteNumber("read", totals.Read);
            json.WriteNumber("delivered", totals.Delivered);
            json.WriteNumber("sent", totals.Sent);
            json.WriteNumber("filtered", totals.Filtered);
            json.WriteNumber("deadLettered", totals.DeadLettered);
            json.WriteNumber("pending", totals.Pending);
            json.WriteBoolean("more", report.More);
            json.WriteStartArray("problems");
            foreach (var problem in report.Problems.Take(20))
            {
                json.WriteStringValue(problem);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return to.WrittenMemory;
    }
}
