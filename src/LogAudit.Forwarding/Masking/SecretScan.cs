using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LogAudit.Forwarding;

/// <summary>Says quickly whether bytes can hold a secret at all, so that ordinary records skip the careful search.</summary>
/// <remarks>
/// Looks for the beginnings, without case, of every word in <see cref="SecretNames"/> and <see cref="SecretText"/>:
/// <c>secr toke pass pwd priv plai auth sign cred cook fied</c>, and of <c>\u00</c>, the escape by which JSON can spell any of them. A false alarm costs time, never correctness.
/// All are looked for at once: a table for each half of each of four bytes says to which beginnings the half fits, and only where a
/// beginning fits all eight halves there is a hit ("Teddy", of the Hyperscan library).
/// </remarks>
internal static class SecretScan
{
    /// <summary>A part is two to the power of this many bytes: a wide block.</summary>
    public const int PartBits = 5;

    private const int Letters = 4;

    // A bit each; those of one line share a bit, so that a mixture of them is a false alarm.
    private static readonly string[][] Beginnings =
    [
        ["secr", "sign"],
        ["toke"],
        ["pass", "plai"],
        ["priv"],
        ["pwd"],
        ["auth"],
        ["cred", "cook", "fied"],
        ["\\u00"],
    ];

    private static readonly Vector128<byte> Low0 = Table(0, one => one & 15);
    private static readonly Vector128<byte> Low1 = Table(1, one => one & 15);
    private static readonly Vector128<byte> Low2 = Table(2, one => one & 15);
    private static readonly Vector128<byte> Low3 = Table(3, one => one & 15);
    private static readonly Vector128<byte> High0 = Table(0, one => one >> 4);
    private static readonly Vector128<byte> High1 = Table(1, one => one >> 4);
    private static readonly Vector128<byte> High2 = Table(2, one => one >> 4);
    private static readonly Vector128<byte> High3 = Table(3, one => one >> 4);

    /// <summary>Whether a beginning occurs. May say yes for text without a secret, never no for text with one.</summary>
    public static bool MayHoldSecret(ReadOnlySpan<byte> text) => Parts(text) != 0;

    /// <summary>The parts of a text in which a beginning begins: bit n for the bytes from 32 n, modulo 64.</summary>
    public static ulong Parts(ReadOnlySpan<byte> text)
    {
        if (text.Length < Vector128<byte>.Count + Letters - 1)
        {
            // Zeros behind the text fit no beginning but the end of the short one.
            Span<byte> padded = stackalloc byte[Vector128<byte>.Count + Letters - 1];
            text.CopyTo(padded);
            return Holds(ref MemoryMarshal.GetReference(padded), 0) ? 1UL : 0;
        }

        ref var start = ref MemoryMarshal.GetReference(text);
        var at = 0;
        var parts = Avx2.IsSupported ? WideParts(ref start, text.Length, ref at) : 0;
        var last = text.Length - Vector128<byte>.Count - Letters + 1;
        for (at = Math.Min(at, last); ; at = Math.Min(at + Vector128<byte>.Count, last))
        {
            if (Holds(ref start, (nuint)at))
            {
                parts |= Part(at) | Part(at + Vector128<byte>.Count - 1);
            }

            if (at == last)
            {
                // The last place where only the short beginning fits.
                return System.Text.Ascii.EqualsIgnoreCase(text[^3..], "pwd"u8) ? parts | Part(text.Length - 3) : parts;
            }
        }
    }

    private static ulong Part(int at) => 1UL << (at >> PartBits);

    private static ulong WideParts(ref byte start, int length, ref int at)
    {
        var (low0, low1, low2, low3) = (Twice(Low0), Twice(Low1), Twice(Low2), Twice(Low3));
        var (high0, high1, high2, high3) = (Twice(High0), Twice(High1), Twice(High2), Twice(High3));
        var parts = 0UL;
        for (; at <= length - Vector256<byte>.Count - Letters + 1; at += Vector256<byte>.Count)
        {
            ref var block = ref Unsafe.Add(ref start, at);
            var hits =
                Fits(Vector256.LoadUnsafe(ref block), low0, high0)
                & Fits(Vector256.LoadUnsafe(ref block, 1), low1, high1)
                & Fits(Vector256.LoadUnsafe(ref block, 2), low2, high2)
                & Fits(Vector256.LoadUnsafe(ref block, 3), low3, high3);
            if (hits != Vector256<byte>.Zero)
            {
                parts |= Part(at);
            }
        }

        return parts;
    }

    private static bool Holds(ref byte start, nuint at) =>
        (
            Fits(Vector128.LoadUnsafe(ref start, at), Low0, High0)
            & Fits(Vector128.LoadUnsafe(ref start, at + 1), Low1, High1)
            & Fits(Vector128.LoadUnsafe(ref start, at + 2), Low2, High2)
            & Fits(Vector128.LoadUnsafe(ref start, at + 3), Low3, High3)
        ) != Vector128<byte>.Zero;

    private static Vector128<byte> Fits(Vector128<byte> block, Vector128<byte> low, Vector128<byte> high) =>
        Vector128.Shuffle(low, block & Vector128.Create((byte)15))
        & Vector128.Shuffle(high, Vector128.ShiftRightLogical(block, 4));

    private static Vector256<byte> Fits(Vector256<byte> block, Vector256<byte> low, Vector256<byte> high)
    {
        var halves = Vector256.Create((byte)15);
        return Avx2.Shuffle(low, block & halves)
            & Avx2.Shuffle(high, Vector256.ShiftRightLogical(block.AsUInt16(), 4).AsByte() & halves);
    }

    private static Vector256<byte> Twice(Vector128<byte> table) => Vector256.Create(table, table);

    // For each value of a half of the byte at a place: the bits of the beginnings that it fits.
    private static Vector128<byte> Table(int place, Func<int, int> half)
    {
        Span<byte> table = stackalloc byte[16];
        for (var bit = 0; bit < Beginnings.Length; bit++)
        {
            foreach (var one in Beginnings[bit].SelectMany(word => Bytes(word, place)))
            {
                table[half(one)] |= (byte)(1 << bit);
            }
        }

        return Vector128.Create<byte>(table);
    }

    // What may stand at a place of a word: its letter in both cases; anything behind its end.
    private static IEnumerable<int> Bytes(string word, int place) =>
        place >= word.Length ? Enumerable.Range(0, 256)
        : char.IsAsciiLetter(word[place]) && word[0] != '\\' ? [word[place], char.ToUpperInvariant(word[place])]
        : [word[place]];
}
