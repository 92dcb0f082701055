using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LogAudit.Forwarding;

/// <summary>What stands between a leaf's opening and the next one in records that fill it from the same source: without the quotes around it.</summary>
/// <param name="Kind">How it is written.</param>
/// <param name="Source">Number of its source, where it has one.</param>
/// <param name="Convert">Conversion of its source.</param>
/// <param name="Leaf">The leaf.</param>
/// <param name="IsFirst">Whether it is the first member of its object.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct LeafValue(
    LeafText Kind,
    int Source,
    FieldConversion Convert,
    EcsLeaf? Leaf,
    bool IsFirst
)
{
    /// <summary>Whether it stands in quotes.</summary>
    public bool IsQuoted => Kind is LeafText.Escaped or LeafText.Word or LeafText.Time or LeafText.Own;

    /// <summary>Whether it brings its opening itself, because that depends on the value.</summary>
    public bool HasOpening => Kind is LeafText.Address or LeafText.Rest;

    /// <summary>What fills a leaf in a record that has it.</summary>
    public static LeafValue Of(EcsLeaf leaf, in AuditRecord record, bool isFirst)
    {
        if (leaf.Kind != LeafKind.Field)
        {
            return new(OfOwn(leaf.Kind), 0, FieldConversion.Text, leaf, isFirst);
        }

        var choice = record.Chosen[leaf.Target];
        if (choice == RecordNormaliser.AssumedSuccess)
        {
            return new(LeafText.Success, 0, FieldConversion.ErrorOutcome, leaf, isFirst);
        }

        var (source, convert) = record.Mapping.Targets[leaf.Target].Slots[choice - 1];
        var kind =
            convert == FieldConversion.Ip && leaf.AddressOpening.Length > 0 ? LeafText.Address : OfField(convert);
        return new(kind, source, convert, leaf, isFirst);
    }

    /// <summary>Writes it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(ref Utf8Text text, in AuditRecord record)
    {
        if (Kind == LeafText.Escaped)
        {
            var value = record.Values[Source];
            text.Escaped(in record.Start(value), value.Length);
            return;
        }

        if (Kind != LeafText.None)
        {
            WriteOther(ref text, record);
        }
    }

    private static LeafText OfOwn(LeafKind kind) =>
        kind switch
        {
            LeafKind.Constant => LeafText.None,
            LeafKind.IngestedMillis => LeafText.Millis,
            LeafKind.Place => LeafText.Place,
            LeafKind.Rest => LeafText.Rest,
            _ => LeafText.Own,
        };

    private static LeafText OfField(FieldConversion convert) =>
        convert switch
        {
            FieldConversion.Integer or FieldConversion.Decimal or FieldConversion.Json => LeafText.Literal,
            FieldConversion.Text or FieldConversion.Ip => LeafText.Escaped,
            FieldConversion.IsoTime
            or FieldConversion.UnixSeconds
            or FieldConversion.UnixMillis
            or FieldConversion.UnixMicros => LeafText.Time,
            FieldConversion.SecondsToNanos or FieldConversion.MillisToNanos or FieldConversion.MicrosToNanos =>
                LeafText.Duration,
            _ => LeafText.Word,
        };

    private void WriteOther(ref Utf8Text text, in AuditRecord record)
    {
        switch (Kind)
        {
            case LeafText.Literal:
                text.Raw(record.Text(record.Values[Source]));
                break;
            case LeafText.Address:
                WriteAddress(ref text, record.Text(record.Values[Source]));
                break;
            case LeafText.Word:
                text.Escaped(Conversions.Word(Convert, record.Text(record.Values[Source])));
                break;
            case LeafText.Success:
                text.Raw("\"success\""u8);
                break;
            case LeafText.Time:
                Conversions.TryTime(Convert, record.Text(record.Values[Source]), out var instant);
                text.Instant(instant);
                break;
            case LeafText.Duration:
                Conversions.TryDuration(Convert, record.Text(record.Values[Source]), out var duration);
                text.Number(duration);
                break;
            case LeafText.Own:
                WriteOwn(ref text, record);
                break;
            case LeafText.Millis:
                text.Number(record.IngestedNanos / 1_000_000);
                break;
            case LeafText.Place:
                text.Byte((byte)'{');
                text.Raw(record.Place.Json);
                text.Number(record.Index);
                text.Byte((byte)'}');
                break;
            case LeafText.Rest:
                EcsJson.WriteRest(ref text, record);
                break;
        }
    }

    private void WriteAddress(ref Utf8Text text, ReadOnlySpan<byte> value)
    {
        var opening = Conversions.IsIp(value) ? Leaf!.Opening : Leaf!.AddressOpening;
        text.Raw(IsFirst ? opening.AsSpan(1) : opening);
        text.Quoted(value);
    }

    private void WriteOwn(ref Utf8Text text, in AuditRecord record)
    {
        switch (Leaf!.Kind)
        {
            case LeafKind.Timestamp:
                text.Instant(record.TimeNanos);
                break;
            case LeafKind.Ingested:
                text.Instant(record.IngestedNanos);
                break;
            default:
                text.Raw(record.Id);
                break;
        }
    }
}

/// <summary>How the value of a leaf is written.</summary>
internal enum LeafText : byte
{
    /// <summary>Not at all: the opening says everything.</summary>
    None,

    /// <summary>As text in quotes.</summary>
    Escaped,

    /// <summary>As it is: a number or JSON.</summary>
    Literal,

    /// <summary>As text under one of two names: what is no IP address has another.</summary>
    Address,

    /// <summary>As a word of a vocabulary.</summary>
    Word,

    /// <summary>As <c>success</c>: no error was told.</summary>
    Success,

    /// <summary>As a time.</summary>
    Time,

    /// <summary>As nanoseconds.</summary>
    Duration,

    /// <summary>What the record itself is: its time, when it was received, its id.</summary>
    Own,

    /// <summary>When it was received, in milliseconds.</summary>
    Millis,

    /// <summary>Where it was read.</summary>
    Place,

    /// <summary>What has no mapping.</summary>
    Rest,
}
