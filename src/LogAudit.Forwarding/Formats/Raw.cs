using System.Buffers;

namespace LogAudit.Forwarding;

/// <summary>Format <c>raw</c>: the record as SLS holds it, on one line: a flat JSON object with the names, texts and order of the log. No mapping, nothing left out.</summary>
/// <remarks>
/// <code>{"logaudit":{"id":"…","product":"slb","kind":"access","project":"…","logstore":"slb_log","shard":3,"cursor":"…","index":0,"time":"…","ingested":"…","account":"…","region":"…"},"__time__":1772439330,"client_ip":"198.51.100.7",…,"__topic__":"…","__source__":"…","__tag__:__receive_time__":"…"}</code>
/// <c>logaudit</c> says what the record is and where it was read; <c>__time__</c> is the log's own time in Unix seconds, <c>__time_ns__</c> the
/// nanoseconds behind it where the log has them (the field <c>Time_ns</c> of a log; Assumed: SLS shows it under no name of its own).
/// Secrets are masked as in every format: a JSON text that may hold one is written anew, without white space. A name that occurs again gets <c>#2</c> and so on behind it.
/// </remarks>
public sealed class Raw : IFormat
{
    /// <summary>Members of the object that are no fields of the log, as JSON without braces; a field of such a name is numbered.</summary>
    internal static ReadOnlySpan<byte> OwnMembers => "\"logaudit\":0,\"__time__\":0,\"__time_ns__\":0"u8;

    /// <summary>The <see cref="FieldList.Bit"/>s of <see cref="OwnMembers"/>.</summary>
    internal static ulong OwnNames { get; } =
        FieldList.Bit(FieldTable.Hash("logaudit"u8))
        | FieldList.Bit(FieldTable.Hash("__time__"u8))
        | FieldList.Bit(FieldTable.Hash("__time_ns__"u8));

    // Names, quotes and numbers of what is written beside the fields.
    private const int Fixed = 640;

    /// <inheritdoc/>
    public string Name => "raw";

    /// <inheritdoc/>
    public string ContentType => "application/json";

    /// <inheritdoc/>
    public bool WantsFields => true;

    /// <inheritdoc/>
    public void Write(in AuditRecord record, IBufferWriter<byte> to)
    {
        var text = new Utf8Text(to.GetSpan(MostLength(record)));
        WriteIdentity(ref text, record);
        var (seconds, nanos) = Math.DivRem(record.LogNanos, Timestamps.NanosPerSecond);
        text.Raw(",\"__time__\":"u8);
        text.Number(seconds);
        if (nanos != 0)
        {
            text.Raw(",\"__time_ns__\":"u8);
            text.Number(nanos);
        }

        foreach (var field in record.Fields)
        {
            EcsJson.WriteName(ref text, record, field);
            text.Byte((byte)'"');
            text.Escaped(in record.Start(field.Value), field.Value.Length);
            text.Byte((byte)'"');
        }

        text.Byte((byte)'}');
        to.Advance(text.Length);
    }

    private static int MostLength(in AuditRecord record)
    {
        var mapping = record.Mapping;
        var most =
            Fixed
            + record.Place.Json.Length
            + mapping.ProductName.Length
            + mapping.KindName.Length
            + JsonText.MostLength(record.Account)
            + JsonText.MostLength(record.Region);
        foreach (var field in record.Fields)
        {
            most += JsonText.MostLength(record.Text(field.Name)) + JsonText.MostLength(record.Text(field.Value)) + 24;
        }

        return most;
    }

    private static void WriteIdentity(ref Utf8Text text, in AuditRecord record)
    {
        text.Raw("{\"logaudit\":{\"id\":"u8);
        text.Quoted(record.Id);
        text.Raw(",\"product\":"u8);
        text.Quoted(record.Mapping.ProductName);
        text.Raw(",\"kind\":"u8);
        text.Quoted(record.Mapping.KindName);
        text.Byte((byte)',');
        text.Raw(record.Place.Json);
        text.Number(record.Index);
        text.Raw(",\"time\":"u8);
        text.Time(record.TimeNanos);
        if (record.IngestedNanos != 0)
        {
            text.Raw(",\"ingested\":"u8);
            text.Time(record.IngestedNanos);
        }

        if (record.Account is { Length: > 0 } account)
        {
            text.Raw(",\"account\":"u8);
            text.Quoted(account);
        }

        if (record.Region is { Length: > 0 } region)
        {
            text.Raw(",\"region\":"u8);
            text.Quoted(region);
        }

        text.Byte((byte)'}');
    }
}
