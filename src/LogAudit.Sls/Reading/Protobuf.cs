using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace LogAudit.Sls;

/// <summary>The protobuf wire format, read in place. Every length is checked against the end of what it stands in.</summary>
internal static class Protobuf
{
    /// <summary>Readable bytes that stand behind a body in its buffer, so that short lengths can be read before they are checked: two of at most 127, with tags and lengths.</summary>
    public const int Padding = 160;

    private const int MaxDepth = 32;

    /// <summary>Goes to the next length-delimited field of a number; others are skipped.</summary>
    public static bool NextMessage(
        ReadOnlySpan<byte> body,
        scoped ref int position,
        int end,
        uint field,
        PullSource source,
        out int start,
        out int stop
    )
    {
        var wanted = (field << 3) | 2;
        while (position < end)
        {
            var tag = Tag(body, ref position, end, source);
            if (tag == wanted)
            {
                var length = Length(body, ref position, end, source);
                start = position;
                position += length;
                stop = position;
                return true;
            }

            if (tag >> 3 == field)
            {
                throw WrongType(source, body, position, tag);
            }

            Skip(body, ref position, end, tag, known: 0, source);
        }

        (start, stop) = (end, end);
        return false;
    }

    public static uint Tag(ReadOnlySpan<byte> body, scoped ref int position, int end, PullSource source)
    {
        var at = position;
        var first = body[at];
        if (first < 0x80)
        {
            position = at + 1;
            return first >= 8 ? first : throw Broken(source, body, at, "field number 0");
        }

        var tag = Varint(body, ref position, end, source);
        return tag is >= 8 and <= uint.MaxValue
            ? (uint)tag
            : throw Broken(source, body, at, $"field number {tag >> 3}");
    }

    /// <summary>A length, which surely fits before <paramref name="end"/>; the position is then at its first byte.</summary>
    public static int Length(ReadOnlySpan<byte> body, scoped ref int position, int end, PullSource source)
    {
        var at = position;
        var length = at < end && body[at] < 0x80 ? body[position++] : Varint(body, ref position, end, source);
        return length <= (ulong)(end - position)
            ? (int)length
            : throw Broken(source, body, at, $"a length of {length} where {end - position} bytes are left");
    }

    /// <summary>Finds name and value of a field of any shape.</summary>
    public static FieldPlace Pair(ReadOnlySpan<byte> body, int start, int end, PullSource source)
    {
        var place = default(FieldPlace);
        var (named, valued) = (false, false);
        for (var at = start; at < end; )
        {
            var tag = Tag(body, ref at, end, source);
            switch (tag)
            {
                case 0x0A:
                    place.KeyLength = Length(body, ref at, end, source);
                    place.KeyStart = at;
                    at += place.KeyLength;
                    named = true;
                    break;
                case 0x12:
                    place.ValueLength = Length(body, ref at, end, source);
                    place.ValueStart = at;
                    at += place.ValueLength;
                    valued = true;
                    break;
                default:
                    Skip(body, ref at, end, tag, known: 0b110, source);
                    break;
            }
        }

        return named && valued
            ? place
            : throw Broken(source, body, start, named ? "a field without a value" : "a field without a name");
    }

    public static ReadOnlySpan<byte> Bytes(ReadOnlySpan<byte> body, scoped ref int position, int end, PullSource source)
    {
        var length = Length(body, ref position, end, source);
        var bytes = body.Slice(position, length);
        position += length;
        return bytes;
    }

    /// <summary>Goes past a length-delimited value.</summary>
    public static void Pass(ReadOnlySpan<byte> body, scoped ref int position, int end, PullSource source)
    {
        var length = Length(body, ref position, end, source);
        position += length;
    }

    public static ulong Varint(ReadOnlySpan<byte> body, scoped ref int position, int end, PullSource source)
    {
        ulong value = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            if (position >= end)
            {
                throw Broken(source, body, position, "a number that is cut off");
            }

            var next = body[position++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw Broken(source, body, position, "a number of more than ten bytes");
    }

    public static uint Fixed32(ReadOnlySpan<byte> body, scoped ref int position, int end, PullSource source)
    {
        Need(body, position, end, 4, source);
        var value = BinaryPrimitives.ReadUInt32LittleEndian(body[position..]);
        position += 4;
        return value;
    }

    /// <summary>Skips the value of a field that is not known. A field whose bit is set in <paramref name="known"/> comes here only with a wrong wire type and is refused.</summary>
    public static void Skip(
        ReadOnlySpan<byte> body,
        scoped ref int position,
        int end,
        uint tag,
        uint known,
        PullSource source
    )
    {
        if (tag >> 3 < 32 && (known >> (int)(tag >> 3) & 1) != 0)
        {
            throw WrongType(source, body, position, tag);
        }

        Span<uint> begun = stackalloc uint[MaxDepth];
        var depth = 0;
        while (true)
        {
            switch (tag & 7)
            {
                case 0:
                    Varint(body, ref position, end, source);
                    break;
                case 1:
                    Need(body, position, end, 8, source);
                    position += 8;
                    break;
                case 2:
                    Pass(body, ref position, end, source);
                    break;
                case 3:
                    if (depth == MaxDepth)
                    {
                        throw Broken(source, body, position, $"groups nested deeper than {MaxDepth}");
                    }

                    begun[depth++] = tag >> 3;
                    break;
                case 4:
                    if (--depth < 0 || begun[depth] != tag >> 3)
                    {
                        throw Broken(source, body, position, "the end of a group that was not begun");
                    }

                    break;
                case 5:
                    Need(body, position, end, 4, source);
                    position += 4;
                    break;
                default:
                    throw WrongType(source, body, position, tag);
            }

            if (depth == 0)
            {
                return;
            }

            if (position >= end)
            {
                throw Broken(source, body, position, "a group that does not end");
            }

            tag = Tag(body, ref position, end, source);
        }
    }

    [SuppressMessage("Style", "IDE0060", Justification = "The body gives the message its size.")]
    public static SlsDataException Broken(PullSource source, ReadOnlySpan<byte> body, int at, string what) =>
        new($"PullLogs on {source} answered a body that is refused: {what} at byte {at} of {body.Length}.");

    private static SlsDataException WrongType(PullSource source, ReadOnlySpan<byte> body, int at, uint tag) =>
        Broken(source, body, at, $"field {tag >> 3} with wire type {tag & 7}");

    private static void Need(ReadOnlySpan<byte> body, int position, int end, int bytes, PullSource source)
    {
        if (end - position < bytes)
        {
            throw Broken(source, body, position, $"a value of {bytes} bytes where {end - position} are left");
        }
    }
}
