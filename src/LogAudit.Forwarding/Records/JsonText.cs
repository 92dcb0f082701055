using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;

namespace LogAudit.Forwarding;

/// <summary>Text inside JSON strings: escaping of raw UTF-8 and its reverse. Bytes that are not UTF-8 become U+FFFD; nothing is dropped.</summary>
internal static class JsonText
{
    /// <summary>The most bytes that one byte of text can become: <c>\u0000</c>.</summary>
    public const int MostGrowth = 6;

    /// <summary>Room behind the text that lets it be copied in whole blocks.</summary>
    public const int Slack = 16;

    private static ReadOnlySpan<byte> Replacement => "\uFFFD"u8;

    /// <summary>Writes text as the inside of a JSON string.</summary>
    /// <param name="text">Raw UTF-8, possibly broken.</param>
    /// <param name="to">Has room for <see cref="MostLength"/> bytes.</param>
    /// <returns>Bytes written.</returns>
    public static int Escape(ReadOnlySpan<byte> text, Span<byte> to)
    {
        if (text.Length < Vector128<byte>.Count && TryCopyShort(text, to))
        {
            return text.Length;
        }

        ref var source = ref MemoryMarshal.GetReference(text);
        ref var target = ref MemoryMarshal.GetReference(to);
        var (at, written) = (0, 0);
        while (at < text.Length)
        {
            var left = text.Length - at;
            if (left >= Vector128<byte>.Count && to.Length - written >= Vector128<byte>.Count)
            {
                var block = Vector128.LoadUnsafe(ref source, (nuint)at);
                block.StoreUnsafe(ref target, (nuint)written);
                var special = SpecialBytes(block);
                if (special == 0)
                {
                    at += Vector128<byte>.Count;
                    written += Vector128<byte>.Count;
                    continue;
                }

                var plain = BitOperations.TrailingZeroCount(special);
                at += plain;
                written += plain;
            }
            else if (
                text.Length >= Vector128<byte>.Count
                && to.Length - written >= left
                && Vector128.LoadUnsafe(ref source, (nuint)(text.Length - Vector128<byte>.Count)) is var last
                && SpecialBytes(last) == 0
            )
            {
                // The last block as a whole: its first bytes were copied already, as they are, since none of them is special.
                last.StoreUnsafe(ref target, (nuint)(written + left - Vector128<byte>.Count));
                return written + left;
            }
            else
            {
                while (at < text.Length && IsPlain(text[at]))
                {
                    to[written++] = text[at++];
                }

                if (at == text.Length)
                {
                    break;
                }
            }

            if (text[at] < 0x80)
            {
                written += EscapeAscii(text[at++], to[written..]);
                continue;
            }

            // Letters beyond ASCII seldom stand alone.
            do
            {
                var (read, wrote) = CopyRune(text[at..], to[written..]);
                at += read;
                written += wrote;
            } while (at < text.Length && text[at] >= 0x80);
        }

        return written;
    }

    /// <summary>Text as the inside of a JSON string. For what is done once, not per record.</summary>
    public static byte[] Escaped(ReadOnlySpan<byte> text)
    {
        var to = new byte[MostLength(text)];
        return to[..Escape(text, to)];
    }

    /// <summary>An upper bound of what <see cref="Escape"/> writes: rough for short text, close for long text, so that a long text does not reserve six times its size.</summary>
    public static int MostLength(ReadOnlySpan<byte> text)
    {
        if (text.Length <= 4096)
        {
            return (text.Length * MostGrowth) + Vector128<byte>.Count;
        }

        long most = Vector128<byte>.Count;
        foreach (var one in text)
        {
            most +=
                IsPlain(one) ? 1
                : one >= 0x80 ? 3
                : one < 0x20 ? 6
                : 2;
        }

        return checked((int)most);
    }

    /// <summary>Reads the inside of a JSON string. A lone surrogate and bytes that are not UTF-8 become U+FFFD.</summary>
    /// <param name="escaped">As it stands between the quotes of valid JSON.</param>
    /// <param name="to">At least as long as <paramref name="escaped"/>.</param>
    /// <returns>Bytes written.</returns>
    public static int Unescape(ReadOnlySpan<byte> escaped, Span<byte> to)
    {
        var (at, written) = (0, 0);
        while (at < escaped.Length)
        {
            var next = escaped[at..].IndexOf((byte)'\\');
            var plain = next < 0 ? escaped[at..] : escaped.Slice(at, next);
            plain.CopyTo(to[written..]);
            written += plain.Length;
            at += plain.Length;
            if (next < 0)
            {
                break;
            }

            var kind = escaped[at + 1];
            at += 2;
            if (kind != (byte)'u')
            {
                to[written++] = kind switch
                {
                    (byte)'n' => (byte)'\n',
                    (byte)'r' => (byte)'\r',
                    (byte)'t' => (byte)'\t',
                    (byte)'b' => (byte)'\b',
                    (byte)'f' => (byte)'\f',
                    _ => kind,
                };
                continue;
            }

            var unit = Hex(escaped.Slice(at, 4));
            at += 4;
            var rune = Rune.ReplacementChar;
            if (!char.IsSurrogate(unit))
            {
                rune = new Rune(unit);
            }
            else if (
                char.IsHighSurrogate(unit)
                && escaped.Length - at >= 6
                && escaped[at] == (byte)'\\'
                && escaped[at + 1] == (byte)'u'
                && Rune.TryCreate(unit, Hex(escaped.Slice(at + 2, 4)), out var pair)
            )
            {
                rune = pair;
                at += 6;
            }

            written += rune.EncodeToUtf8(to[written..]);
        }

        return written;
    }

    // Nearly all values are short and plain: looked at and copied as two overlapping words.
    private static bool TryCopyShort(ReadOnlySpan<byte> text, Span<byte> to)
    {
        ref var source = ref MemoryMarshal.GetReference(text);
        ref var target = ref MemoryMarshal.GetReference(to[..text.Length]);
        if (text.Length >= sizeof(ulong))
        {
            var end = text.Length - sizeof(ulong);
            var first = Unsafe.ReadUnaligned<ulong>(ref source);
            var last = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref source, end));
            Unsafe.WriteUnaligned(ref target, first);
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref target, end), last);
            return SpecialBytes(Vector128.Create(first, last).AsByte()) == 0;
        }

        if (text.Length >= sizeof(uint))
        {
            var end = text.Length - sizeof(uint);
            var first = Unsafe.ReadUnaligned<uint>(ref source);
            var last = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref source, end));
            Unsafe.WriteUnaligned(ref target, first);
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref target, end), last);
            return SpecialBytes(Vector128.Create(first | ((ulong)last << 32)).AsByte()) == 0;
        }

        for (var at = 0; at < text.Length; at++)
        {
            if (!IsPlain(text[at]))
            {
                return false;
            }

            to[at] = text[at];
        }

        return true;
    }

    /// <summary>A bit for every byte of a block that cannot stand in a JSON string as it is, or has to be looked at.</summary>
    public static uint SpecialBytes(Vector256<byte> block) =>
        (
            Vector256.LessThan(block.AsSByte(), Vector256.Create((sbyte)0x20)).AsByte()
            | Vector256.Equals(block, Vector256.Create((byte)'"'))
            | Vector256.Equals(block, Vector256.Create((byte)'\\'))
        ).ExtractMostSignificantBits();

    private static uint SpecialBytes(Vector128<byte> block) =>
        // As signed numbers, bytes from 0x80 up are negative: one comparison finds them and the control characters.
        (
            Vector128.LessThan(block.AsSByte(), Vector128.Create((sbyte)0x20)).AsByte()
            | Vector128.Equals(block, Vector128.Create((byte)'"'))
            | Vector128.Equals(block, Vector128.Create((byte)'\\'))
        ).ExtractMostSignificantBits();

    private static bool IsPlain(byte one) => one is >= 0x20 and < 0x80 and not (byte)'"' and not (byte)'\\';

    // What the escape of one byte is long.
    private static int EscapeAscii(byte one, Span<byte> to)
    {
        to[0] = (byte)'\\';
        var letter = one switch
        {
            (byte)'"' or (byte)'\\' => one,
            (byte)'\n' => (byte)'n',
            (byte)'\r' => (byte)'r',
            (byte)'\t' => (byte)'t',
            (byte)'\b' => (byte)'b',
            (byte)'\f' => (byte)'f',
            _ => (byte)0,
        };
        if (letter != 0)
        {
            to[1] = letter;
            return 2;
        }

        "u00"u8.CopyTo(to[1..]);
        to[4] = (byte)('0' + (one >> 4));
        to[5] = "0123456789abcdef"u8[one & 15];
        return 6;
    }

    private static (int Read, int Written) CopyRune(ReadOnlySpan<byte> text, Span<byte> to)
    {
        // What most scripts need, two bytes or three, is told by the bytes themselves without a decoder.
        if (text is [>= 0xC2 and <= 0xDF, >= 0x80 and <= 0xBF, ..])
        {
            to[1] = text[1];
            to[0] = text[0];
            return (2, 2);
        }

        if (text is [>= 0xE1 and <= 0xEC, >= 0x80 and <= 0xBF, >= 0x80 and <= 0xBF, ..])
        {
            to[2] = text[2];
            to[1] = text[1];
            to[0] = text[0];
            return (3, 3);
        }

        if (Rune.DecodeFromUtf8(text, out _, out var length) == OperationStatus.Done)
        {
            text[..length].CopyTo(to);
            return (length, length);
        }

        Replacement.CopyTo(to);
        return (length, Replacement.Length);
    }

    private static char Hex(ReadOnlySpan<byte> digits)
    {
        var value = 0;
        foreach (var digit in digits)
        {
            value = (value << 4) | (digit <= (byte)'9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
        }

        return (char)value;
    }
}
