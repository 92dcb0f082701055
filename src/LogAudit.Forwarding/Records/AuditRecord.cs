using System.Runtime.InteropServices;
using LogAudit.Sls;

namespace LogAudit.Forwarding;

/// <summary>One normalised record: a view over the bytes as they were pulled. Valid until the next record is read.</summary>
/// <remarks>Nothing in it was copied unless it had to be unescaped or masked; secrets are masked already, in every part.</remarks>
public readonly ref struct AuditRecord
{
    internal AuditRecord(CompiledMapping mapping, ShardAddress shard, GroupPlace place) =>
        (Mapping, Shard, Place) = (mapping, shard, place);

    /// <summary>The shape of the record.</summary>
    public CompiledMapping Mapping { get; }

    /// <summary>Id that every copy and every resend of the record carries. ASCII.</summary>
    public ReadOnlySpan<byte> Id { get; internal init; }

    /// <summary>When it happened: nanoseconds since 1970, UTC.</summary>
    public long TimeNanos { get; internal init; }

    /// <summary>When SLS received it: nanoseconds since 1970, UTC; 0 when the service did not say.</summary>
    public long IngestedNanos { get; internal init; }

    /// <summary>Time of the log itself, as its writer gave it to SLS: nanoseconds since 1970, UTC.</summary>
    public long LogNanos { get; internal init; }

    /// <summary>Where it was read.</summary>
    public ShardAddress Shard { get; }

    /// <summary>Cursor of its group.</summary>
    public Cursor Group { get; internal init; }

    /// <summary>Position in its group, from 0.</summary>
    public int Index { get; internal init; }

    /// <summary>Shard and group as bytes.</summary>
    internal GroupPlace Place { get; }

    internal ReadOnlySpan<byte> Body { get; init; }

    internal ReadOnlySpan<byte> Scratch { get; init; }

    internal ReadOnlySpan<byte> RestJson { get; init; }

    internal ReadOnlySpan<FieldValue> Values { get; init; }

    internal ReadOnlySpan<byte> Chosen { get; init; }

    internal ReadOnlySpan<RestField> Rest { get; init; }

    /// <summary>Beginnings of members, to which <see cref="RestField.Opening"/> points.</summary>
    internal ReadOnlySpan<byte> Openings { get; init; }

    /// <summary>All fields, topic, source and tags as the log holds them, masked; empty unless the format asks for them.</summary>
    internal ReadOnlySpan<RestField> Fields { get; init; }

    /// <summary>Account that owns the resource; empty when the record does not say. Raw UTF-8.</summary>
    public ReadOnlySpan<byte> Account => TryGet(Mapping.AccountTarget, out var account) ? account : [];

    /// <summary>Region of the resource; empty when the record does not say. Raw UTF-8.</summary>
    public ReadOnlySpan<byte> Region => TryGet(Mapping.RegionTarget, out var region) ? region : [];

    /// <summary>The source value behind an ECS name, before conversion.</summary>
    /// <param name="target">A number of <see cref="CompiledMapping.TargetNumber"/>.</param>
    /// <param name="text">Raw UTF-8, possibly broken.</param>
    public bool TryGet(int target, out ReadOnlySpan<byte> text)
    {
        if (target < 0 || Chosen[target] is 0 or RecordNormaliser.AssumedSuccess)
        {
            text = [];
            return false;
        }

        text = Text(Values[Mapping.Targets[target].Slots[Chosen[target] - 1].Source]);
        return true;
    }

    /// <summary>Whether one of some targets has a value.</summary>
    internal bool HasAny(int[] targets)
    {
        foreach (var target in targets)
        {
            if (Chosen[target] != 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The word of a vocabulary that a target is converted to, or the text itself; empty without a value.</summary>
    internal ReadOnlySpan<byte> Word(int target)
    {
        if (target < 0 || Chosen[target] == 0)
        {
            return [];
        }

        if (Chosen[target] == RecordNormaliser.AssumedSuccess)
        {
            return "success"u8;
        }

        var slot = Mapping.Targets[target].Slots[Chosen[target] - 1];
        var text = Text(Values[slot.Source]);
        return slot.Convert == FieldConversion.Text ? text : Conversions.Word(slot.Convert, text);
    }

    /// <summary>The first byte of a value, behind whose last <see cref="PooledBuffer.Behind"/> more bytes can be read: in the scratch bytes, and in a pulled body too.</summary>
    internal ref readonly byte Start(FieldValue value) =>
        ref MemoryMarshal.GetReference((value.InScratch ? Scratch : Body).Slice(value.Start, value.Length));

    internal ReadOnlySpan<byte> Text(FieldValue value) =>
        (value.InScratch ? Scratch : Body).Slice(value.Start, value.Length);
}

/// <summary>Where a value stands.</summary>
/// <param name="Start">First byte.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Form">What it is.</param>
/// <param name="InScratch">Whether it stands in the scratch bytes instead of the pulled body.</param>
internal readonly record struct FieldValue(int Start, int Length, ValueForm Form, bool InScratch);

/// <summary>What the bytes of a value are.</summary>
internal enum ValueForm : byte
{
    /// <summary>There is none.</summary>
    Absent,

    /// <summary>Raw text.</summary>
    Text,

    /// <summary>A JSON number, true or false.</summary>
    Literal,

    /// <summary>A JSON object or list, without white space.</summary>
    Composite,

    /// <summary>There was one that the destination must not see.</summary>
    Removed,
}

/// <summary>Where the beginning of a member stands among <see cref="AuditRecord.Openings"/>.</summary>
/// <param name="Start">First byte.</param>
/// <param name="Length">Bytes; 0 where there is none.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct NameOpening(int Start, int Length);

/// <summary>A field that no target took.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value.</param>
/// <param name="IsTag">Whether it is a tag of the group; its name then gets <c>__tag__:</c> in front.</param>
/// <param name="Repeated">Whether the name may have occurred before in the record; it then gets <c>#2</c> and so on behind it.</param>
/// <param name="Opening">Where comma, name and colon of a name that is not repeated stand ready to be copied into JSON.</param>
internal readonly record struct RestField(
    FieldValue Name,
    FieldValue Value,
    bool IsTag,
    byte Repeated,
    NameOpening Opening
)
{
    /// <summary>What stands in front of the name of a tag.</summary>
    public static ReadOnlySpan<byte> TagPrefix => "__tag__:"u8;
}
