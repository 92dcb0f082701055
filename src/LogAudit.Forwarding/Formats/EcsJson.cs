using System.Buffers;

namespace LogAudit.Forwarding;

/// <summary>Writes a record as one JSON object with nested ECS names, in a single pass over its bytes.</summary>
internal static class EcsJson
{
    private const int MostDepth = 12;

    // Bytes of values up to which their room is not worked out value by value.
    private const int RoughUpTo = 16 * 1024;

    /// <summary>An upper bound of what <see cref="Write"/> needs.</summary>
    public static int MostLength(in AuditRecord record) => MostLength(record, record.Mapping.Shape);

    /// <summary>An upper bound of what a record of some shape needs.</summary>
    public static int MostLength(in AuditRecord record, RecordShape shape)
    {
        var bytes = 0L;
        foreach (var value in record.Values)
        {
            bytes += value.Length;
        }

        var most = shape.FixedLength + record.Place.Json.Length + MostRestLength(record) + 256;
        if (bytes <= RoughUpTo)
        {
            return most + ((int)bytes * JsonText.MostGrowth) + (record.Values.Length * 24);
        }

        foreach (var value in record.Values)
        {
            most += JsonText.MostLength(record.Text(value)) + 24;
        }

        return most;
    }

    /// <summary>An upper bound of what <see cref="WriteRest(in AuditRecord, Span{byte})"/> needs.</summary>
    public static int MostRestLength(in AuditRecord record)
    {
        var bytes = 0L;
        foreach (ref readonly var field in record.Rest)
        {
            bytes += field.Name.Length + field.Value.Length;
        }

        var most = record.RestJson.Length + (record.Rest.Length * 24) + 2;
        if (bytes <= RoughUpTo)
        {
            return most + ((int)bytes * JsonText.MostGrowth) + JsonText.Slack;
        }

        foreach (ref readonly var field in record.Rest)
        {
            most += JsonText.MostLength(record.Text(field.Name)) + JsonText.MostLength(record.Text(field.Value));
        }

        return most;
    }

    /// <summary>Writes what no ECS name took as one JSON object, and gives its length.</summary>
    public static int WriteRest(in AuditRecord record, Span<byte> to)
    {
        var text = new Utf8Text(to);
        text.Byte((byte)'{');
        WriteRest(ref text, record);
        text.Byte((byte)'}');
        return text.Length;
    }

    /// <summary>Writes the record.</summary>
    public static void Write(in AuditRecord record, IBufferWriter<byte> to)
    {
        var most = MostLength(record);
        var text = new Utf8Text(to.GetSpan(most));
        text.Byte((byte)'{');
        WriteMembers(ref text, record, record.Mapping.Shape);
        text.Byte((byte)'}');
        to.Advance(text.Length);
    }

    /// <summary>Writes the members of a shape into the object that is open.</summary>
    public static void WriteMembers(ref Utf8Text text, in AuditRecord record, RecordShape shape)
    {
        Span<int> open = stackalloc int[MostDepth];
        var depth = 0;
        int[]? path = null;
        foreach (var leaf in shape.Leaves)
        {
            if (!IsPresent(leaf, record))
            {
                continue;
            }

            // Members of one object share their path, and all but the first stand behind another.
            var isFirst = path is null;
            if (!ReferenceEquals(path, leaf.Path))
            {
                path = leaf.Path;
                isFirst = Move(ref text, shape.Groups, path, open, ref depth);
            }

            WriteLeaf(ref text, leaf, record, isFirst);
        }

        for (; depth > 0; depth--)
        {
            text.Byte((byte)'}');
        }
    }

    // Closes and opens objects until those of the path are open. Gives whether the innermost is still empty.
    private static bool Move(ref Utf8Text text, byte[][] groups, int[] path, scoped Span<int> open, ref int depth)
    {
        var same = 0;
        while (same < depth && same < path.Length && open[same] == path[same])
        {
            same++;
        }

        for (; depth > same; depth--)
        {
            text.Byte((byte)'}');
        }

        for (; depth < path.Length; depth++)
        {
            text.Comma();
            text.Raw(groups[path[depth]]);
            open[depth] = path[depth];
        }

        return text.EndsWith((byte)'{');
    }

    private static bool IsPresent(EcsLeaf leaf, in AuditRecord record) =>
        leaf.Kind switch
        {
            LeafKind.Field => record.Chosen[leaf.Target] != 0 && leaf.Guard.Opens(record),
            LeafKind.Constant => leaf.Guard.Opens(record),
            LeafKind.Ingested or LeafKind.IngestedMillis => record.IngestedNanos != 0,
            LeafKind.Rest => record.Rest.Length > 0 || record.RestJson.Length > 0,
            _ => true,
        };

    private static void WriteLeaf(ref Utf8Text text, EcsLeaf leaf, in AuditRecord record, bool isFirst)
    {
        if (leaf.Kind == LeafKind.Field)
        {
            WriteField(ref text, leaf, record, isFirst);
            return;
        }

        if (leaf.Kind == LeafKind.Rest)
        {
            WriteRest(ref text, record);
            return;
        }

        text.Raw(isFirst ? leaf.FirstOpening : leaf.Opening);
        switch (leaf.Kind)
        {
            case LeafKind.Timestamp:
                text.Time(record.TimeNanos);
                break;
            case LeafKind.Ingested:
                text.Time(record.IngestedNanos);
                break;
            case LeafKind.IngestedMillis:
                text.Number(record.IngestedNanos / 1_000_000);
                break;
            case LeafKind.Id:
                text.Quoted(record.Id);
                break;
            case LeafKind.Place:
                text.Byte((byte)'{');
                text.Raw(record.Place.Json);
                text.Number(record.Index);
                text.Byte((byte)'}');
                break;
        }
    }

    private static void WriteField(ref Utf8Text text, EcsLeaf leaf, in AuditRecord record, bool isFirst)
    {
        var choice = record.Chosen[leaf.Target];
        if (choice == RecordNormaliser.AssumedSuccess)
        {
            text.Raw(isFirst ? leaf.FirstOpening : leaf.Opening);
            text.Raw("\"success\""u8);
            return;
        }

        var slot = record.Mapping.Targets[leaf.Target].Slots[choice - 1];
        var bytes = record.Text(record.Values[slot.Source]);
        var opening = leaf.Opening;
        if (slot.Convert == FieldConversion.Ip && leaf.AddressOpening.Length > 0 && !Conversions.IsIp(bytes))
        {
            opening = leaf.AddressOpening;
        }

        text.Raw(isFirst ? opening.AsSpan(1) : opening);
        switch (slot.Convert)
        {
            case FieldConversion.Integer or FieldConversion.Decimal or FieldConversion.Json:
                text.Raw(bytes);
                break;
            case FieldConversion.Text or FieldConversion.Ip:
                text.Quoted(bytes);
                break;
            case FieldConversion.IsoTime
            or FieldConversion.UnixSeconds
            or FieldConversion.UnixMillis
            or FieldConversion.UnixMicros:
                Conversions.TryTime(slot.Convert, bytes, out var instant);
                text.Time(instant);
                break;
            case FieldConversion.SecondsToNanos or FieldConversion.MillisToNanos or FieldConversion.MicrosToNanos:
                Conversions.TryDuration(slot.Convert, bytes, out var duration);
                text.Number(duration);
                break;
            default:
                text.Quoted(Conversions.Word(slot.Convert, bytes));
                break;
        }
    }

    /// <summary>Writes the name of a field and a colon, behind a comma where one is due.</summary>
    public static void WriteName(ref Utf8Text text, in AuditRecord record, RestField field)
    {
        text.Comma();
        text.Byte((byte)'"');
        if (field.IsTag)
        {
            text.Raw(RestField.TagPrefix);
        }

        text.Escaped(record.Text(field.Name));
        if (field.Repeated > 0)
        {
            text.Byte((byte)'#');
            text.Number(field.Repeated + 1);
        }

        text.Raw("\":"u8);
    }

    private static void WriteRest(ref Utf8Text text, in AuditRecord record)
    {
        if (record.RestJson.Length > 0)
        {
            text.Comma();
            text.Raw(record.RestJson);
        }

        foreach (ref readonly var field in record.Rest)
        {
            WriteName(ref text, record, field);
            if (field.Value.Form == ValueForm.Text)
            {
                text.Quoted(record.Text(field.Value));
            }
            else
            {
                text.Raw(record.Text(field.Value));
            }
        }
    }
}
