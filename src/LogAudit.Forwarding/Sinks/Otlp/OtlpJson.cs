using System.Globalization;
using System.Text;

namespace LogAudit.Forwarding;

/// <summary>Writes <c>ExportLogsServiceRequest</c> as JSON.</summary>
/// <remarks>Names in lower camel case, 64-bit numbers as decimal strings, enumerations as numbers. Source: OTLP specification, JSON Protobuf encoding.</remarks>
internal sealed class OtlpJson
{
    private readonly byte[] head;

    /// <summary>Prepares what all requests have in common.</summary>
    /// <param name="serviceName">Resource attribute <c>service.name</c>.</param>
    public OtlpJson(string serviceName)
    {
        using var buffer = new PooledBuffer();
        buffer.Append("{\"resourceLogs\":[{\"resource\":{\"attributes\":["u8);
        Attribute(buffer, "service.name"u8, Encoding.UTF8.GetBytes(serviceName));
        buffer.Append((byte)',');
        Attribute(buffer, "cloud.provider"u8, Encoding.UTF8.GetBytes(CompiledMapping.CloudProvider));
        buffer.Append("]},\"scopeLogs\":[{\"scope\":{\"name\":\"LogAudit\"},\"logRecords\":["u8);
        head = buffer.Written.ToArray();
    }

    /// <summary>Writes a request.</summary>
    /// <param name="run">The records.</param>
    /// <param name="observedNanos">When they are sent: nanoseconds since 1970, UTC.</param>
    /// <param name="to">Gets the bytes.</param>
    public void Write(BatchRun run, long observedNanos, PooledBuffer to)
    {
        to.Append(head);
        for (var index = run.Start; index < run.Start + run.Count; index++)
        {
            if (index > run.Start)
            {
                to.Append((byte)',');
            }

            WriteRecord(run.Batch, index, observedNanos, to);
        }

        to.Append("]}]}]}"u8);
    }

    private static void WriteRecord(EncodedBatch batch, int index, long observedNanos, PooledBuffer to)
    {
        var facts = batch.Facts(index);
        to.Append("{\"timeUnixNano\":\""u8);
        Number(to, facts.TimeNanos);
        to.Append("\",\"observedTimeUnixNano\":\""u8);
        Number(to, observedNanos);
        to.Append("\",\"severityNumber\":"u8);
        Number(to, OtlpProtobuf.Severity);
        to.Append(",\"severityText\":\"INFO\",\"body\":{\"stringValue\":\""u8);
        to.AppendEscaped(batch.Body(index).Span);
        to.Append("\"},\"attributes\":["u8);
        Attribute(to, OtlpProtobuf.IdKey, batch.Id(index));
        to.Append((byte)',');
        Span<byte> dataset = stackalloc byte[Encoding.UTF8.GetByteCount(facts.Mapping.Dataset)];
        Encoding.UTF8.GetBytes(facts.Mapping.Dataset, dataset);
        Attribute(to, OtlpProtobuf.DatasetKey, dataset);
        if (batch.Account(index) is { Length: > 0 } account)
        {
            to.Append((byte)',');
            Attribute(to, OtlpProtobuf.AccountKey, account);
        }

        to.Append("]}"u8);
    }

    private static void Attribute(PooledBuffer to, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        to.Append("{\"key\":\""u8);
        to.Append(key);
        to.Append("\",\"value\":{\"stringValue\":\""u8);
        to.AppendEscaped(value);
        to.Append("\"}}"u8);
    }

    private static void Number(PooledBuffer to, long value)
    {
        value.TryFormat(to.GetSpan(20), out var written, provider: CultureInfo.InvariantCulture);
        to.Advance(written);
    }
}
