using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LogAudit.Sls;

/// <summary>Goes through the fields of a log or the tags of a group. Allocates nothing.</summary>
public ref struct LogFieldReader
{
    private readonly ReadOnlySpan<byte> body;
    private readonly ReadOnlySpan<FieldPlace> places;
    private readonly PullSource? source;
    private readonly int end;
    private readonly uint field;
    private int position;
    private FieldPlace place;

    internal LogFieldReader(ReadOnlySpan<byte> body, ReadOnlySpan<FieldPlace> places)
    {
        this.body = body;
        this.places = places;
    }

    internal LogFieldReader(ReadOnlySpan<byte> body, PullSource source, int start, int end, uint field)
    {
        this.body = body;
        this.source = source;
        this.end = end;
        this.field = field;
        position = start;
    }

    /// <summary>Name, UTF-8.</summary>
    public readonly ReadOnlySpan<byte> Key => Part(place.KeyStart, place.KeyLength);

    /// <summary>Value, UTF-8 as a rule; the service does not check it.</summary>
    public readonly ReadOnlySpan<byte> Value => Part(place.ValueStart, place.ValueLength);

    /// <summary>Where the name begins in the body.</summary>
    public readonly int KeyStart => place.KeyStart;

    /// <summary>Bytes of the name.</summary>
    public readonly int KeyLength => place.KeyLength;

    /// <summary>Where the value begins in the body.</summary>
    public readonly int ValueStart => place.ValueStart;

    /// <summary>Bytes of the value.</summary>
    public readonly int ValueLength => place.ValueLength;

    /// <summary>Goes to the next field.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="SlsDataException">A tag is broken; fields of a log were checked with the log.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Next()
    {
        if (source is not null)
        {
            return NextOnTheWire(source);
        }

        var next = position;
        if ((uint)next >= (uint)places.Length)
        {
            return false;
        }

        place = places[next];
        position = next + 1;
        return true;
    }

    private bool NextOnTheWire(PullSource from)
    {
        if (!Protobuf.NextMessage(body, ref position, end, field, from, out var start, out var stop))
        {
            return false;
        }

        place = Protobuf.Pair(body, start, stop, from);
        return true;
    }

    // The places were compared with the ends of the body when they were found.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly ReadOnlySpan<byte> Part(int start, int length) =>
        MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref MemoryMarshal.GetReference(body), start), length);
}
