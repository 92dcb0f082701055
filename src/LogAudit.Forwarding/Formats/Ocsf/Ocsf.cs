using System.Buffers;
using System.Collections.Concurrent;

namespace LogAudit.Forwarding;

/// <summary>Format <c>ocsf</c>: one event of the Open Cybersecurity Schema Framework per record, on one line.</summary>
/// <remarks>
/// The class is the log kind's, of the product file. A record that lacks what its class requires becomes a base event (class 0) instead of an
/// invalid one. What has no place in the class stands under <c>unmapped</c> by its ECS name, where the record was read under
/// <c>unmapped.aliyun.sls</c>. <c>metadata.uid</c> is the record's id. Source: OCSF schema 1.6.0.
/// </remarks>
public sealed class Ocsf : IFormat
{
    /// <summary>Schema that the events follow: old enough for today's readers.</summary>
    public const string SchemaVersion = "1.6.0";

    // What is written here itself, and the action once more as the name of its activity.
    private const int Fixed = 256;

    private readonly ConcurrentDictionary<CompiledMapping, OcsfShape> shapes = new();

    /// <inheritdoc/>
    public string Name => "ocsf";

    /// <inheritdoc/>
    public string ContentType => "application/json";

    /// <inheritdoc/>
    public void Write(in AuditRecord record, IBufferWriter<byte> to)
    {
        var shape = shapes.GetOrAdd(record.Mapping, static mapping => new OcsfShape(mapping));
        var fits = shape.Fits(record);
        var members = fits ? shape.Event : shape.Fallback;
        var told = shape.Verb(record);
        var activity = fits ? shape.Activity(told) : 0;
        var uid = fits ? shape.Class.Uid : OcsfClass.Base.Uid;
        var most = EcsJson.MostLength(record, members) + Fixed + JsonText.MostLength(told);
        var text = new Utf8Text(to.GetSpan(most));
        text.Raw("{\"activity_id\":"u8);
        text.Number(activity);
        if (activity == OcsfClass.Other)
        {
            text.Raw(",\"activity_name\":"u8);
            text.Quoted(told);
        }

        text.Raw(",\"category_uid\":"u8);
        text.Number(uid / 1000);
        text.Raw(",\"class_uid\":"u8);
        text.Number(uid);
        text.Raw(",\"type_uid\":"u8);
        text.Number((uid * 100) + activity);
        text.Raw(",\"severity_id\":1,\"status_id\":"u8);
        text.Number(shape.Status(record));
        text.Raw(",\"time\":"u8);
        text.Number(record.TimeNanos / 1_000_000);
        EcsJson.WriteMembers(ref text, record, members);
        text.Byte((byte)'}');
        to.Advance(text.Length);
    }
}
