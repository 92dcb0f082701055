using System.Buffers;

namespace LogAudit.Forwarding;

/// <summary>Format <c>cef</c>: ArcSight Common Event Format, version 0.</summary>
/// <remarks>
/// <code>CEF:0|Alibaba Cloud|actiontrail|1.0|RunInstances|RunInstances|3|rt=1795341600000 externalId=… src=203.0.113.9 suser=ops …</code>
/// Class id and name are the action where the record has one, else the data set. Severity is 3, and 6 where the outcome is a failure.
/// The source address stands in the custom fields, each with its label: project, Logstore, cursor of the group, log kind, shard, index in the group.
/// An ECS name that the dictionary of CEF lacks, and a value that is longer than its key allows, stand under a key of their own
/// (<c>network.name</c> → <c>AliyunNetworkName</c>); what no ECS name took stands as one JSON object under <c>AliyunUnmapped</c>.
/// Source: CEF Implementation Standard, producer dictionary.
/// </remarks>
public sealed class Cef : IFormat
{
    private static readonly FlatKeys Keys = new(
        new Dictionary<string, FlatKey>(StringComparer.Ordinal)
        {
            ["cloud.account.id"] = new("deviceExternalId", 255),
            ["destination.address"] = new("dhost", 1023),
            ["destination.ip"] = new("dst", 45),
            ["destination.port"] = new("dpt", 10),
            ["error.code"] = new("reason", 1023),
            ["error.message"] = new("msg", 1023),
            ["event.action"] = new("act", 63),
            ["event.outcome"] = new("outcome", 63),
            ["file.path"] = new("filePath", 1023),
            ["file.size"] = new("fsize", 20),
            ["http.request.bytes"] = new("in", 20),
            ["http.request.method"] = new("requestMethod", 1023),
            ["http.request.referrer"] = new("requestContext", 2048),
            ["http.response.body.bytes"] = new("out", 20),
            ["network.transport"] = new("proto", 31),
            ["process.name"] = new("sproc", 1023),
            ["source.address"] = new("shost", 1023),
            ["source.ip"] = new("src", 45),
            ["source.port"] = new("spt", 10),
            ["url.original"] = new("request", 1023),
            ["user.id"] = new("suid", 1023),
            ["user.name"] = new("suser", 1023),
            ["user_agent.original"] = new("requestClientApplication", 1023),
        }
    );

    // Spaces are not escaped; a pipe is, in the header only; a line break becomes the two characters \n, in values only.
    private static readonly TextEscapes HeaderEscapes = new(('\\', "\\\\"), ('|', "\\|"));
    private static readonly TextEscapes ValueEscapes = new(('\\', "\\\\"), ('=', "\\="), ('\n', "\\n"), ('\r', "\\r"));

    private readonly Envelope envelope;

    internal Cef(Envelope envelope) => this.envelope = envelope;

    /// <summary>Reads the options of a destination: <c>envelope</c>.</summary>
    public static Cef From(OptionReader options) => new(Envelopes.From(options));

    /// <inheritdoc/>
    public string Name => "cef";

    /// <inheritdoc/>
    public string ContentType => "text/plain";

    /// <inheritdoc/>
    public void Write(in AuditRecord record, IBufferWriter<byte> to)
    {
        envelope.Write(record, to);
        var fields = Keys.Of(record.Mapping);
        var rest = EcsJson.MostRestLength(record);
        var most = FlatRecord.MostLength(record, fields, rest);
        var room = to.GetSpan(most + rest);
        var writer = new FlatWriter(room[..most], (byte)' ', ValueEscapes);
        WriteHeader(ref writer, record);
        writer.Pair("rt"u8, record.TimeNanos / 1_000_000);
        // Never cut, although the dictionary allows 40 characters: half an id is none.
        writer.Pair("externalId"u8, record.Id);
        writer.Pair("cat"u8, record.Mapping.MessageId);
        WritePlace(ref writer, record);
        if (record.IngestedNanos != 0)
        {
            writer.Raw(" deviceCustomDate1Label=ingested"u8);
            writer.Pair("deviceCustomDate1"u8, record.IngestedNanos / 1_000_000);
        }

        Span<byte> scratch = stackalloc byte[FlatValue.MostShort];
        foreach (var field in fields)
        {
            if (FlatValue.TryGet(record, field.Target, scratch, out var value, out var convert))
            {
                WriteField(ref writer, field, value, convert);
            }
        }

        FlatRecord.WriteRest(record, ref writer, room[most..]);
        to.Advance(writer.Length);
    }

    private static void WriteHeader(ref FlatWriter writer, in AuditRecord record)
    {
        var mapping = record.Mapping;
        var action = FlatValue.Action(record);
        writer.Raw("CEF:0|Alibaba Cloud|"u8);
        writer.Header(mapping.ProductName, HeaderEscapes);
        writer.Raw("|1.0|"u8);
        writer.Header(action, HeaderEscapes);
        writer.Raw("|"u8);
        writer.Header(action, HeaderEscapes);
        writer.Raw(FlatValue.Failed(record) ? "|6|"u8 : "|3|"u8);
    }

    private static void WritePlace(ref FlatWriter writer, in AuditRecord record)
    {
        var place = record.Place;
        writer.Raw(" cs1Label=project"u8);
        writer.Pair("cs1"u8, place.Project);
        writer.Raw(" cs2Label=logstore"u8);
        writer.Pair("cs2"u8, place.Logstore);
        writer.Raw(" cs3Label=cursor"u8);
        writer.Pair("cs3"u8, place.Cursor);
        writer.Raw(" cs4Label=kind"u8);
        writer.Pair("cs4"u8, record.Mapping.KindName);
        writer.Raw(" cn1Label=shard"u8);
        writer.Pair("cn1"u8, place.Shard);
        writer.Raw(" cn2Label=index"u8);
        writer.Pair("cn2"u8, record.Index);
    }

    private static void WriteField(
        ref FlatWriter writer,
        FlatField field,
        scoped ReadOnlySpan<byte> value,
        FieldConversion convert
    )
    {
        if (convert == FieldConversion.Ip && field.HostKey.Length > 0 && !Conversions.IsIp(value))
        {
            writer.Pair(field.HostKey, value);
        }
        else if (value.Length > field.MostBytes)
        {
            writer.Pair(field.OwnKey, value);
        }
        else if (convert == FieldConversion.Ip && value.Contains((byte)':') && IsAddress(field.Key))
        {
            // src and dst take IPv4 only.
            var source = field.Key.AsSpan().SequenceEqual("src"u8);
            writer.Raw(source ? " c6a2Label=Source IPv6 Address"u8 : " c6a3Label=Destination IPv6 Address"u8);
            writer.Pair(source ? "c6a2"u8 : "c6a3"u8, value);
        }
        else
        {
            writer.Pair(field.Key, value);
        }
    }

    private static bool IsAddress(byte[] key) =>
        key.AsSpan().SequenceEqual("src"u8) || key.AsSpan().SequenceEqual("dst"u8);
}
