using System.Buffers;
using System.Runtime.InteropServices;

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
        if (shape.Plans.Find(record) is { } plan)
        {
            plan.Write(ref text, record);
            return;
        }

        var notes = shape.Plans.HasRoom ? new PlanNotes(text.Length) : null;
        WriteMembers(ref text, record, shape, notes);
        if (notes is not null)
        {
            shape.Plans.Add(record, notes.Plan(text, record));
        }
    }

    private static void WriteMembers(ref Utf8Text text, in AuditRecord record, RecordShape shape, PlanNotes? notes)
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

            WriteLeaf(ref text, LeafValue.Of(leaf, record, isFirst), record, notes);
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

    private static void WriteLeaf(ref Utf8Text text, LeafValue value, in AuditRecord record, PlanNotes? notes)
    {
        if (!value.HasOpening)
        {
            text.Raw(value.IsFirst ? value.Leaf!.FirstOpening : value.Leaf!.Opening);
        }

        if (value.IsQuoted)
        {
            text.Byte((byte)'"');
        }

        notes?.Begin(text, value);
        value.Write(ref text, record);
        notes?.End(text);
        if (value.IsQuoted)
        {
            text.Byte((byte)'"');
        }
    }

    /// <summary>Writes the name of a field and a colon, behind a comma where one is due.</summary>
    public static void WriteName(ref Utf8Text text, in AuditRecord record, in RestField field)
    {
        if (field.Opening.Length > 0 && field.Repeated == 0)
        {
            var opening = record.Openings.Slice(field.Opening.Start, field.Opening.Length);
            opening = text.EndsWith((byte)'{') ? opening[1..] : opening;
            text.Blocks(in MemoryMarshal.GetReference(opening), opening.Length);
            return;
        }

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

    /// <summary>Writes what no ECS name took as members of the object that is open.</summary>
    public static void WriteRest(ref Utf8Text text, in AuditRecord record)
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
                text.Byte((byte)'"');
                text.Escaped(in record.Start(field.Value), field.Value.Length);
                text.Byte((byte)'"');
            }
            else
            {
                text.Raw(record.Text(field.Value));
            }
        }
    }
}
