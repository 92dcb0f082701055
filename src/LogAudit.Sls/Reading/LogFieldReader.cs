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
    public readonly ReadOnlySpan<byte> Key
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => source is null ? Part(Known.KeyStart, Known.KeyLength) : Part(place.KeyStart, place.KeyLength);
    }

    /// <summary>Value, UTF-8 as a rule; the service does not check it.</summary>
    public readonly ReadOnlySpan<byte> Value
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => source is null ? Part(Known.ValueStart, Known.ValueLength) : Part(place.ValueStart, place.ValueLength);
    }

    // Read where it stands: a copy of it would have to be waited for. The position is behind a place once Next has said so.
    private readonly ref readonly FieldPlace Known =>
        ref Unsafe.Add(ref MemoryMarshal.GetReference(places), position - 1);

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
