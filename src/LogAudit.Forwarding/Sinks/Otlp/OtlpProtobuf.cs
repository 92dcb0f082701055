using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace LogAudit.Forwarding;

/// <summary>Writes <c>ExportLogsServiceRequest</c> as protobuf: sizes first, then the bytes, so that nothing is moved and nothing allocated per record.</summary>
/// <remarks>
/// Source: opentelemetry-proto, logs/v1/logs.proto. Request{resource_logs=1}; ResourceLogs{resource=1, scope_logs=2}; ScopeLogs{scope=1, log_records=2};
/// LogRecord{time_unix_nano=1, severity_number=2, severity_text=3, body=5, attributes=6, observed_time_unix_nano=11}; KeyValue{key=1, value=2};
/// AnyValue{string_value=1}. Every tag here is one byte.
/// </remarks>
internal sealed class OtlpProtobuf
{
    /// <summary>Attribute that holds the record's id.</summary>
    public static ReadOnlySpan<byte> IdKey => "log.record.uid"u8;

    /// <summary>Attribute that holds the data set.</summary>
    public static ReadOnlySpan<byte> DatasetKey => "event.dataset"u8;

    /// <summary>Attribute that holds the account.</summary>
    public static ReadOnlySpan<byte> AccountKey => "cloud.account.id"u8;

    /// <summary>Severity of every record, INFO: an audit log tells what happened and not how bad it is.</summary>
    public const int Severity = 9;

    // fixed64 time, severity number, severity text "INFO", fixed64 observed time, each with its tag.
    private const int FixedSize = 9 + 2 + 6 + 9;

    private readonly byte[] resource;

    /// <summary>Prepares what all requests have in common.</summary>
    /// <param name="serviceName">Resource attribute <c>service.name</c>.</param>
    public OtlpProtobuf(string serviceName)
    {
        using var buffer = new PooledBuffer();
        Attribute(buffer, 0x0A, "service.name"u8, Encoding.UTF8.GetBytes(serviceName));
        Attribute(buffer, 0x0A, "cloud.provider"u8, Encoding.UTF8.GetBytes(CompiledMapping.CloudProvider));
        resource = buffer.Written.ToArray();
    }

    private static ReadOnlySpan<byte> Scope => "LogAudit"u8;

    /// <summary>Writes a request.</summary>
    /// <param name="run">The records.</param>
    /// <param name="observedNanos">When they are sent: nanoseconds since 1970, UTC.</param>
    /// <param name="to">Gets the bytes.</param>
    public void Write(BatchRun run, long observedNanos, PooledBuffer to)
    {
        var scopeLogs = Size(Size(Scope.Length));
        for (var index = run.Start; index < run.Start + run.Count; index++)
        {
            scopeLogs += Size(RecordSize(run.Batch, index));
        }

        Tag(to, 0x0A, Size(resource.Length) + Size(scopeLogs));
        Tag(to, 0x0A, resource.Length);
        to.Append(resource);
        Tag(to, 0x12, scopeLogs);
        Tag(to, 0x0A, Size(Scope.Length));
        Text(to, 0x0A, Scope);
        for (var index = run.Start; index < run.Start + run.Count; index++)
        {
            Tag(to, 0x12, RecordSize(run.Batch, index));
            WriteRecord(run.Batch, index, observedNanos, to);
        }
    }

    private static void WriteRecord(EncodedBatch batch, int index, long observedNanos, PooledBuffer to)
    {
        var facts = batch.Facts(index);
        Fixed(to, 0x09, facts.TimeNanos);
        to.Append([0x10, Severity]);
        Text(to, 0x1A, "INFO"u8);
        var text = batch.Body(index).Span;
        Tag(to, 0x2A, Size(text.Length));
        Text(to, 0x0A, text);
        Attribute(to, 0x32, IdKey, batch.Id(index));
        Span<byte> dataset = stackalloc byte[Encoding.UTF8.GetByteCount(facts.Mapping.Dataset)];
        Encoding.UTF8.GetBytes(facts.Mapping.Dataset, dataset);
        Attribute(to, 0x32, DatasetKey, dataset);
        if (Account(batch, index) is { Length: > 0 } account)
        {
            Attribute(to, 0x32, AccountKey, account);
        }

        Fixed(to, 0x59, observedNanos);
    }

    private static int RecordSize(EncodedBatch batch, int index)
    {
        var account = Account(batch, index).Length;
        return FixedSize
            + Size(Size(batch.Body(index).Length))
            + AttributeSize(IdKey.Length, batch.Id(index).Length)
            + AttributeSize(DatasetKey.Length, Encoding.UTF8.GetByteCount(batch.Facts(index).Mapping.Dataset))
            + (account == 0 ? 0 : AttributeSize(AccountKey.Length, account));
    }

    // A string of protobuf is UTF-8: an account that is none is left to the record's text.
    private static ReadOnlySpan<byte> Account(EncodedBatch batch, int index) =>
        System.Text.Unicode.Utf8.IsValid(batch.Account(index)) ? batch.Account(index) : [];

    private static int AttributeSize(int key, int value) => Size(Size(key) + Size(Size(value)));

    private static void Attribute(PooledBuffer to, byte tag, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        Tag(to, tag, Size(key.Length) + Size(Size(value.Length)));
        Text(to, 0x0A, key);
        Tag(to, 0x12, Size(value.Length));
        Text(to, 0x0A, value);
    }

    private static void Text(PooledBuffer to, byte tag, ReadOnlySpan<byte> text)
    {
        Tag(to, tag, text.Length);
        to.Append(text);
    }

    private static void Tag(PooledBuffer to, byte tag, int length)
    {
        to.Append(tag);
        for (; length >= 0x80; length >>= 7)
        {
            to.Append((byte)(length | 0x80));
        }

        to.Append((byte)length);
    }

    private static void Fixed(PooledBuffer to, byte tag, long value)
    {
        to.Append(tag);
        BinaryPrimitives.WriteInt64LittleEndian(to.GetSpan(8), value);
        to.Advance(8);
    }

    // Of a field with a length: tag, length, content.
    private static int Size(int content) => 1 + ((BitOperations.Log2((uint)content | 1) / 7) + 1) + content;
}
