using System.Buffers;
using System.Text;

namespace LogAudit.Forwarding;

/// <summary>Format <c>leef</c>: IBM Log Event Extended Format, version 2.0 or 1.0, with a tab between attributes.</summary>
/// <remarks>
/// <code>LEEF:2.0|Alibaba Cloud|actiontrail|1.0|ConsoleSignin|x09|devTime=1795341600123⇥cat=actiontrail⇥sev=3⇥src=203.0.113.9⇥usrName=ops …</code>
/// EventID is the action where the record has one, else the data set. The format has no escapes: a tab, a line break or a pipe of the header becomes a space.
/// An ECS name without a key of LEEF stands under a key of its own (<c>network.name</c> → <c>AliyunNetworkName</c>); what no ECS name took
/// stands as one JSON object under <c>AliyunUnmapped</c>. Source: IBM, LEEF event components.
/// </remarks>
public sealed class Leef : IFormat
{
    private static readonly FlatKeys Keys = new(
        new Dictionary<string, FlatKey>(StringComparer.Ordinal)
        {
            ["cloud.account.id"] = new("accountName", int.MaxValue),
            ["destination.ip"] = new("dst", int.MaxValue),
            ["destination.port"] = new("dstPort", int.MaxValue),
            ["host.name"] = new("identHostName", 255),
            ["http.request.bytes"] = new("srcBytes", int.MaxValue),
            ["http.response.body.bytes"] = new("dstBytes", int.MaxValue),
            ["network.transport"] = new("proto", int.MaxValue),
            ["source.ip"] = new("src", int.MaxValue),
            ["source.port"] = new("srcPort", int.MaxValue),
            ["url.original"] = new("url", int.MaxValue),
            ["user.name"] = new("usrName", 255),
        }
    );

    private static readonly TextEscapes HeaderEscapes = new(('|', " "));
    private static readonly TextEscapes ValueEscapes = new();

    private readonly Envelope envelope;
    private readonly byte[] opening;
    private readonly byte[] delimiter;

    internal Leef(Envelope envelope, string version)
    {
        this.envelope = envelope;
        opening = Encoding.ASCII.GetBytes($"LEEF:{version}|Alibaba Cloud|");
        delimiter = version is "2.0" ? "|x09|"u8.ToArray() : "|"u8.ToArray();
    }

    /// <summary>Reads the options of a destination: <c>envelope</c>, <c>leef-version</c>.</summary>
    public static Leef From(OptionReader options) =>
        new(
            Envelopes.From(options),
            options.Text("leef-version", "2.0", text => text is "1.0" or "2.0", "1.0 or 2.0", "2.0")
        );

    /// <inheritdoc/>
    public string Name => "leef";

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
        var writer = new FlatWriter(room[..most], (byte)'\t', ValueEscapes);
        writer.Raw(opening);
        writer.Header(record.Mapping.ProductName, HeaderEscapes);
        writer.Raw("|1.0|"u8);
        writer.Header(FlatValue.Action(record), HeaderEscapes);
        writer.Raw(delimiter);
        writer.Pair("devTime"u8, record.TimeNanos / 1_000_000);
        writer.Pair("cat"u8, record.Mapping.MessageId);
        writer.Pair("sev"u8, FlatValue.Failed(record) ? 6 : 3);
        writer.Pair("eventId"u8, record.Id);
        if (record.IngestedNanos != 0)
        {
            writer.Pair("ingestedTime"u8, record.IngestedNanos / 1_000_000);
        }

        writer.Pair("AliyunKind"u8, record.Mapping.KindName);
        writer.Pair("AliyunSlsProject"u8, record.Place.Project);
        writer.Pair("AliyunSlsLogstore"u8, record.Place.Logstore);
        writer.Pair("AliyunSlsShard"u8, record.Place.Shard);
        writer.Pair("AliyunSlsCursor"u8, record.Place.Cursor);
        writer.Pair("AliyunSlsIndex"u8, record.Index);

        Span<byte> scratch = stackalloc byte[FlatValue.MostShort];
        foreach (var field in fields)
        {
            if (FlatValue.TryGet(record, field.Target, scratch, out var value, out var convert))
            {
                var isHost = convert == FieldConversion.Ip && field.HostKey.Length > 0 && !Conversions.IsIp(value);
                writer.Pair(
                    isHost ? field.HostKey
                        : value.Length > field.MostBytes ? field.OwnKey
                        : field.Key,
                    value
                );
            }
        }

        FlatRecord.WriteRest(record, ref writer, room[most..]);
        to.Advance(writer.Length);
    }
}
