using System.Buffers;

namespace LogAudit.Forwarding;

/// <summary>Format <c>json</c>: one ECS object per record, on one line.</summary>
/// <remarks>
/// Source: Elastic Common Schema, nested form. Fields without an ECS name stand under <c>aliyun.&lt;product&gt;</c>. Where the record was read stands in
/// <c>aliyun.product</c>, <c>aliyun.kind</c> and <c>aliyun.sls</c>: project, Logstore, shard, cursor of its group, index in the group.
/// </remarks>
public sealed class Json : IFormat
{
    /// <inheritdoc/>
    public string Name => "json";

    /// <inheritdoc/>
    public string ContentType => "application/json";

    /// <inheritdoc/>
    public void Write(in AuditRecord record, IBufferWriter<byte> to) => EcsJson.Write(record, to);
}
