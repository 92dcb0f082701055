using System.Buffers.Text;

namespace LogAudit.Forwarding;

/// <summary>The value of a target as text without quotes.</summary>
internal static class FlatValue
{
    /// <summary>Room for a number, a time or a word.</summary>
    public const int MostShort = 32;

    // Longest name of a CEF header; a longer action names no class of events.
    private const int MostAction = 512;

    /// <summary>Reads the value.</summary>
    /// <param name="record">The record.</param>
    /// <param name="target">Number of the target.</param>
    /// <param name="scratch">At least <see cref="MostShort"/> bytes, for values that are converted.</param>
    /// <param name="text">The value: raw UTF-8 of the record, or in the scratch.</param>
    /// <param name="convert">How it was converted.</param>
    /// <returns>False when the record has none.</returns>
    public static bool TryGet(
        in AuditRecord record,
        int target,
        Span<byte> scratch,
        out ReadOnlySpan<byte> text,
        out FieldConversion convert
    )
    {
        var choice = record.Chosen[target];
        text = [];
        convert = FieldConversion.Text;
        if (choice == 0)
        {
            return false;
        }

        if (choice == RecordNormaliser.AssumedSuccess)
        {
            text = "success"u8;
            return true;
        }

        var slot = record.Mapping.Targets[target].Slots[choice - 1];
        convert = slot.Convert;
        var bytes = record.Text(record.Values[slot.Source]);
        switch (convert)
        {
            case FieldConversion.Text
            or FieldConversion.Ip
            or FieldConversion.Integer
            or FieldConversion.Decimal
            or FieldConversion.Json:
                text = bytes;
                break;
            case FieldConversion.IsoTime
            or FieldConversion.UnixSeconds
            or FieldConversion.UnixMillis
            or FieldConversion.UnixMicros:
                Conversions.TryTime(convert, bytes, out var instant);
                text = Number(instant / 1_000_000, scratch);
                break;
            case FieldConversion.SecondsToNanos or FieldConversion.MillisToNanos or FieldConversion.MicrosToNanos:
                Conversions.TryDuration(convert, bytes, out var duration);
                text = Number(duration, scratch);
                break;
            default:
                text = Conversions.Word(convert, bytes);
                break;
        }

        return true;
    }

    /// <summary>Whether the record tells of a failure.</summary>
    public static bool Failed(in AuditRecord record)
    {
        Span<byte> scratch = stackalloc byte[MostShort];
        return record.Mapping.OutcomeTarget >= 0
            && TryGet(record, record.Mapping.OutcomeTarget, scratch, out var outcome, out _)
            && outcome.SequenceEqual("failure"u8);
    }

    /// <summary>What happened, as a class of events: the action where the record has one of usable length, else the data set.</summary>
    public static ReadOnlySpan<byte> Action(in AuditRecord record) =>
        record.TryGet(record.Mapping.ActionTarget, out var action) && action.Length is > 0 and <= MostAction
            ? action
            : record.Mapping.MessageId;

    private static ReadOnlySpan<byte> Number(long value, Span<byte> scratch)
    {
        Utf8Formatter.TryFormat(value, scratch, out var written);
        return scratch[..written];
    }
}
