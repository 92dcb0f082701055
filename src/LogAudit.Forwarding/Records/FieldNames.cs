using System.Runtime.CompilerServices;
using System.Text.Unicode;

namespace LogAudit.Forwarding;

/// <summary>The name of a field, and what the name alone decides for the records of one mapping.</summary>
internal sealed class FieldName
{
    private NameWords words = new(-1, 0, 0);
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

    /// <summary>What becomes of a field of this name.</summary>
    public FieldRole Role { get; private set; } = FieldRole.Other;

    /// <summary>Where comma, name and colon stand as JSON writes them.</summary>
    public NameOpening Opening { get; private set; }

    /// <summary>The name that stood behind it in the last record.</summary>
    public FieldName? Next { get; set; }

    /// <summary>Whether it is this name.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Is(in NameWords other, ReadOnlySpan<byte> name) =>
        words == other && (name.Length <= NameWords.Whole || name.SequenceEqual(bytes));

    /// <summary>Says what a name decides.</summary>
    public void Set(ReadOnlySpan<byte> name, CompiledMapping mapping)
    {
        Hash = FieldTable.Hash(name);
        Entry = mapping.Paths.Find(name, Hash);
        IsJsonField = mapping.JsonField.Length > 0 && name.SequenceEqual(mapping.JsonField);
        IsSecret = SecretNames.IsSecret(name);
    }

    /// <summary>Keeps a name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="openings">Gets its opening.</param>
    /// <param name="mapping">The mapping.</param>
    public void Keep(ReadOnlySpan<byte> name, PooledBuffer openings, CompiledMapping mapping)
    {
        (words, bytes) = (NameWords.Of(name), name.ToArray());
        var isOpened = IsJsonField || (Entry.Deeper is not null && mapping.JsonField.Length == 0);
        if (Entry.Source >= 0 && !isOpened && !mapping.WantsJson[Entry.Source])
        {
            Role = FieldRole.Source;
        }

        if (!Utf8.IsValid(name))
        {
            return;
        }

        IsUnlikeOthers = !name.Contains((byte)'#') && !name.StartsWith(RestField.TagPrefix);
        var start = openings.Length;
        openings.Append(",\""u8);
        openings.AppendEscaped(name);
        openings.Append("\":"u8);
        Opening = new(start, openings.Length - start);
        if (Entry.Source < 0 && !isOpened && IsUnlikeOthers)
        {
            Role = FieldRole.Rest;
        }
    }
}

/// <summary>What becomes of a field, as far as its name decides.</summary>
internal enum FieldRole : byte
{
    /// <summary>Its value has to be looked at.</summary>
    Other,

    /// <summary>It is a source of the mapping.</summary>
    Source,

    /// <summary>The mapping does not know it.</summary>
    Rest,
}

/// <summary>The names that a worker met in the records of one mapping.</summary>
/// <remarks>
/// Nearly all records of a log kind have the same fields in the same order, so the name that is looked for is nearly always the one that stood there last time.
/// Bounded in number and length: a name for which there is no room is looked at anew every time.
/// </remarks>
/// <param name="mapping">The mapping.</param>
/// <param name="openings">Gets the openings of the names.</param>
/// <param name="firstNumber">Number of the first name.</param>
internal sealed class FieldNames(CompiledMapping mapping, PooledBuffer openings, int firstNumber)
{
    /// <summary>Names that are kept.</summary>
    public const int Most = 256;

    private const int MostLength = 128;
    private const int Slots = 4 * Most;
    private const int Probes = 8;

    private readonly FieldName?[] slots = new FieldName?[Slots];
    private readonly FieldName?[] sources = new FieldName?[mapping.SourceNames.Length];
    private readonly FieldName beginning = new();
    private readonly FieldName other = new();
    private FieldName last = new();
    private int count;

    /// <summary>Begins a record.</summary>
    public void Begin() => last = beginning;

    /// <summary>What a name decides. Valid until the next name is looked for.</summary>
    public FieldName Find(ReadOnlySpan<byte> name)
    {
        var words = NameWords.Of(name);
        var next = last.Next;
        if (next is null || !next.Is(words, name))
        {
            next = Search(words, name);
            if (ReferenceEquals(next, other))
            {
                return next;
            }

            last.Next = next;
        }

        last = next;
        return next;
    }

    /// <summary>What the name of a source decides. Valid until the next name is looked for.</summary>
    public FieldName OfSource(int source)
    {
        var name = mapping.SourceNames[source];
        var known = sources[source] ?? Search(NameWords.Of(name), name);
        sources[source] = ReferenceEquals(known, other) ? null : known;
        return known;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private FieldName Search(NameWords words, ReadOnlySpan<byte> name)
    {
        var first = (words.Hash() * 0x9E3779B97F4A7C15) >> 32;
        for (var probe = 0u; probe < Probes; probe++)
        {
            ref var slot = ref slots[(int)(first + probe) & (Slots - 1)];
            if (slot is null)
            {
                return count < Most && name.Length <= MostLength ? slot = Kept(name) : Other(name);
            }

            if (slot.Is(words, name))
            {
                return slot;
            }
        }

        return Other(name);
    }

    private FieldName Kept(ReadOnlySpan<byte> name)
    {
        var kept = new FieldName { Number = firstNumber + count++ };
        kept.Set(name, mapping);
        kept.Keep(name, openings, mapping);
        return kept;
    }

    private FieldName Other(ReadOnlySpan<byte> name)
    {
        other.Set(name, mapping);
        return other;
    }
}
