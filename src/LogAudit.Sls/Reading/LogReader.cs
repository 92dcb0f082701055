using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace LogAudit.Sls;

/// <summary>Goes through the logs of a group. Allocates nothing. Pass it by reference: it carries the places of the fields.</summary>
public ref struct LogReader
{
    /// <summary>Bytes between what is read and what is called for, about three logs; measured.</summary>
    private const int Ahead = 4096;

    private const int CacheLine = 64;

    private readonly ReadOnlySpan<byte> body;
    private readonly PullSource source;
    private readonly int groupEnd;
    private FieldPlaces places;
    private int position;
    private int start;
    private int end;

    internal LogReader(ReadOnlySpan<byte> body, PullSource source, int start, int end)
    {
        this.body = body;
        this.source = source;
        position = start;
        groupEnd = end;
        Index = -1;
    }

    /// <summary>Which log of its group this is, from 0.</summary>
    public int Index { get; private set; }

    /// <summary>Time of the log, Unix seconds.</summary>
    public uint Time { get; private set; }

    /// <summary>Part of a second, 0–999,999,999; 0 when not told.</summary>
    public uint TimeNs { get; private set; }

    /// <summary>Fields of this log.</summary>
    public int FieldCount { get; private set; }

    /// <summary>Bytes of this log on the wire.</summary>
    public readonly int Bytes => end - start;

    /// <summary>The log as it stands on the wire, to look through its names and values in one go.</summary>
    public readonly ReadOnlySpan<byte> Wire => body[start..end];

    /// <summary>Goes to the next log.</summary>
    /// <returns>False at the end of the group.</returns>
    /// <exception cref="SlsDataException">The log is broken; nothing of it is given out.</exception>
    public bool Next()
    {
        if (!Protobuf.NextMessage(body, ref position, groupEnd, 1, source, out start, out end))
        {
            return false;
        }

        Index++;
        Survey();
        return true;
    }

    /// <summary>The fields of this log, in order, until the next <see cref="Next"/>. A name may come twice; the wire does not forbid it.</summary>
    [UnscopedRef]
    public readonly LogFieldReader Fields() =>
        FieldCount <= FieldPlaces.Count
            ? new(body, MemoryMarshal.CreateReadOnlySpan(in places[0], FieldCount))
            : new(body, source, start, end, field: 2);

    // What a pull holds does not stand in the cache any more when its logs are read, and lengths lead from field to field, which hides from the processor
    // what comes next: so the lines that will be read soon are called for.
    private static unsafe void Prefetch(ref byte from, int bytes)
    {
        if (!Sse.IsSupported)
        {
            return;
        }

        ref var ahead = ref Unsafe.Add(ref from, Ahead);
        for (var line = 0; line < bytes; line += CacheLine)
        {
            Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.Add(ref ahead, line)));
        }
    }

    // Time and nanoseconds may stand behind the fields, so a log is gone over as a whole before its fields are given out.
    // On the way the places of its fields are kept, as far as there is room, so that nothing is parsed twice.
    private void Survey()
    {
        (Time, TimeNs, FieldCount) = (0, 0, 0);
        var timed = false;
        for (var at = Usual(ref timed); at < end; )
        {
            at = Other(at, ref timed);
            at = ShortPairs(at);
        }

        if (!timed)
        {
            throw Protobuf.Broken(source, body, start, "a log without a time");
        }
    }

    // A log as it is nearly always: a time of five bytes, short fields, nanoseconds.
    private int Usual(ref bool timed)
    {
        ref var first = ref MemoryMarshal.GetReference(body);
        var at = start;
        Prefetch(ref Unsafe.Add(ref first, at), end - at);
        var head = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref first, at));
        if ((head & 0x80_80_80_80_80_FF) == 0x00_80_80_80_80_08 && end - at >= 6)
        {
            Time = (uint)(
                ((head >> 8) & 0x7F)
                | ((head >> 9) & (0x7F << 7))
                | ((head >> 10) & (0x7F << 14))
                | ((head >> 11) & (0x7F << 21))
                | ((head >> 12) & (0x0Ful << 28))
            );
            timed = true;
            at += 6;
        }

        at = ShortPairs(at);
        if (end - at == 5 && Unsafe.Add(ref first, at) == 0x25)
        {
            TimeNs = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref first, at + 1));
            at = end;
        }

        return at;
    }

    // The loop that takes the time: all of it in registers, nothing called.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int ShortPairs(int from)
    {
        ref var first = ref MemoryMarshal.GetReference(body);
        ref var slots = ref places[0];
        nint count = FieldCount;
        nint at = from;
        nint stop = end;
        while (at < stop)
        {
            // Bytes of a field: 12 length 0A key-length key… 12 value-length value…; a length of one byte has no high bit.
            // What is read before it is compared with the end stands in the padding at worst.
            var next = at + 2 + Unsafe.Add(ref first, at + 1);
            var head = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref first, at));
            nint keyLength = Unsafe.Add(ref first, at + 3);
            if ((head & 0x80_FF_80_FF) != 0x00_0A_00_12 || next > stop)
            {
                break;
            }

            var middle = at + 4 + keyLength;
            nint valueLength = Unsafe.Add(ref first, middle + 1);
            var tag = Unsafe.Add(ref first, middle);
            if (tag != 0x12 || valueLength >= 0x80 || middle + 2 + valueLength != next)
            {
                break;
            }

            // Places beyond the room go round: they are not used.
            ref var place = ref Unsafe.Add(ref slots, count & (FieldPlaces.Count - 1));
            place.KeyStart = (int)at + 4;
            place.KeyLength = (int)keyLength;
            place.ValueStart = (int)middle + 2;
            place.ValueLength = (int)valueLength;
            count++;
            at = next;
        }

        FieldCount = (int)count;
        return (int)at;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int Other(int at, ref bool timed)
    {
        var tag = Protobuf.Tag(body, ref at, end, source);
        switch (tag)
        {
            case 0x12:
                var length = Protobuf.Length(body, ref at, end, source);
                places[FieldCount++ & (FieldPlaces.Count - 1)] = Protobuf.Pair(body, at, at + length, source);
                at += length;
                break;
            case 0x08:
                Time = (uint)Protobuf.Varint(body, ref at, end, source);
                timed = true;
                break;
            case 0x25:
                TimeNs = Protobuf.Fixed32(body, ref at, end, source);
                break;
            default:
                Protobuf.Skip(body, ref at, end, tag, known: 0b1_0110, source);
                break;
        }

        return at;
    }
}
