using System.Text.Unicode;

namespace LogAudit.Forwarding;

/// <summary>The name of a field, and what the name alone decides for the records of one mapping.</summary>
internal sealed class FieldName
{
    private byte[] bytes = [];

    /// <summary>Its number among all names of the worker; -1 for one that is not kept.</summary>
    public int Number { get; init; } = -1;

    /// <summary><see cref="FieldTable.Hash"/> of it.</summary>
    public ulong Hash { get; private set; }

    /// <summary>The source that it is and the paths inside it.</summary>
    public PathNode.Entry Entry { get; private set; }

    /// <summary>Whether it is the field of the mapping that holds the event as JSON.</summary>
    public bool IsJsonField { get; private set; }

    /// <summary>Whether a field of this name carries a secret.</summary>
    public bool IsSecret { get; private set; }

    /// <summary>Whether only the same name once more could be written as this one is: it is UTF-8, looks like no tag and has no number behind it.</summary>
    public bool IsUnlikeOthers { get; private set; }

    /// <summary>Comma, name and colon as JSON writes them; empty for a name that is not kept or is not UTF-8.</summary>
    public byte[] Opening { get; private set; } = [];

    /// <summary>The name that stood behind it in the last record.</summary>
    public FieldName? Next { get; set; }

    /// <summary>Whether it is this name.</summary>
    public bool Is(ReadOnlySpan<byte> name) => name.SequenceEqual(bytes);

    /// <summary>Says what a name decides.</summary>
    public void Set(ReadOnlySpan<byte> name, ulong hash, CompiledMapping mapping)
    {
        Hash = hash;
        Entry = mapping.Paths.Find(name, hash);
        IsJsonField = mapping.JsonField.Length > 0 && name.SequenceEqual(mapping.JsonField);
        IsSecret = SecretNames.IsSecret(name);
        if (Number >= 0)
        {
            bytes = name.ToArray();
            var isText = Utf8.IsValid(name);
            IsUnlikeOthers = isText && !name.Contains((byte)'#') && !name.StartsWith(RestField.TagPrefix);
            Opening = isText ? [.. ",\""u8, .. JsonText.Escaped(name), .. "\":"u8] : [];
        }
    }
}

/// <summary>The names that a worker met in the records of one mapping. Nearly all records of a log kind have the same fields in the same order, so the name that is looked for is nearly always the one that stood there before.</summary>
/// <remarks>Bounded in number and length: a name for which there is no room is looked at anew every time.</remarks>
internal sealed class FieldNames(CompiledMapping mapping, int firstNumber)
{
    /// <summary>Names that are kept.</summary>
    public const int Most = 256;

    private const int MostLength = 128;
    private const int Slots = 4 * Most;
    private const int Probes = 8;

    private readonly FieldName?[] slots = new FieldName?[Slots];
    private readonly FieldName beginning = new();
    private readonly FieldName other = new();
    private FieldName last = new();
    private int count;

    /// <summary>Begins a record.</summary>
    public void Begin() => last = beginning;

    /// <summary>What a name decides. Valid until the next name is looked for.</summary>
    public FieldName Find(ReadOnlySpan<byte> name)
    {
        var next = last.Next;
        if (next is null || !next.Is(name))
        {
            next = Search(name);
            if (ReferenceEquals(next, other))
            {
                return next;
            }

            last.Next = next;
        }

        last = next;
        return next;
    }

    private FieldName Search(ReadOnlySpan<byte> name)
    {
        var hash = FieldTable.Hash(name);
        for (var probe = 0; probe < Probes; probe++)
        {
            ref var slot = ref slots[(int)(((hash * 0x9E3779B97F4A7C15) >> 32) + (uint)probe) & (Slots - 1)];
            if (slot is not null)
            {
                if (slot.Is(name))
                {
                    return slot;
                }
            }
            else if (count < Most && name.Length <= MostLength)
            {
                slot = new FieldName { Number = firstNumber + count++ };
                slot.Set(name, hash, mapping);
                return slot;
            }
            else
            {
                break;
            }
        }

        other.Set(name, hash, mapping);
        return other;
    }
}
