using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LogAudit.Forwarding;

/// <summary>Says quickly whether bytes can hold a secret at all, so that ordinary records skip the careful search.</summary>
/// <remarks>
/// Looks for the beginnings, without case, of every word in <see cref="SecretNames"/> and <see cref="SecretText"/>:
/// <c>secr toke pass pwd priv plai auth sign cred cook fied</c>, and of <c>\u00</c>, the escape by which JSON can spell any of them. A false alarm costs time, never correctness.
/// </remarks>
internal static class SecretScan
{
    private const uint LowerCase = 0x20202020;

    // What lower-casing makes of a backslash.
    private const char EscapeInLowerCase = (char)('\\' | 0x20);

    private static readonly uint[] Beginnings =
    [
        Word("secr"u8),
        Word("toke"u8),
        Word("pass"u8),
        Word("priv"u8),
        Word("plai"u8),
        Word("auth"u8),
        Word("sign"u8),
        Word("cred"u8),
        Word("cook"u8),
        Word("fied"u8),
        Word("\\u00"u8) | LowerCase,
    ];

    /// <summary>Whether a beginning occurs. May say yes for text without a secret, never no for text with one.</summary>
    public static bool MayHoldSecret(ReadOnlySpan<byte> text)
    {
        var at = 0;
        if (Vector128.IsHardwareAccelerated && text.Length >= Vector128<byte>.Count + 3)
        {
            ref var start = ref MemoryMarshal.GetReference(text);
            var last = text.Length - Vector128<byte>.Count - 3;
            while (true)
            {
                if (BlockHolds(ref start, (nuint)at))
                {
                    return true;
                }

                if (at == last)
                {
                    return false;
                }

                at = Math.Min(at + Vector128<byte>.Count, last);
            }
        }

        for (; at + 3 <= text.Length; at++)
        {
            if ((text[at] | 0x20) == 'p' && (text[at + 1] | 0x20) == 'w' && (text[at + 2] | 0x20) == 'd')
            {
                return true;
            }

            if (
                at + 4 <= text.Length
                && Beginnings.AsSpan().Contains(BinaryPrimitives.ReadUInt32LittleEndian(text[at..]) | LowerCase)
            )
            {
                return true;
            }
        }

        return false;
    }

    private static bool BlockHolds(ref byte start, nuint at)
    {
        var lower = Vector128.Create((byte)0x20);
        var first = Vector128.LoadUnsafe(ref start, at) | lower;
        var second = Vector128.LoadUnsafe(ref start, at + 1) | lower;
        var third = Vector128.LoadUnsafe(ref start, at + 2) | lower;
        var fourth = Vector128.LoadUnsafe(ref start, at + 3) | lower;
        // Two letters first, since their pairs already rule out nearly every block; "pwd" is short, so it ends there.
        var found =
            Pair(first, second, 's', 'e') & Pair(third, fourth, 'c', 'r')
            | Pair(first, second, 't', 'o') & Pair(third, fourth, 'k', 'e')
            | Pair(first, second, 'p', 'a') & Pair(third, fourth, 's', 's')
            | Pair(first, second, 'p', 'r') & Pair(third, fourth, 'i', 'v')
            | Pair(first, second, 'p', 'l') & Pair(third, fourth, 'a', 'i')
            | Pair(first, second, 'a', 'u') & Pair(third, fourth, 't', 'h')
            | Pair(first, second, 's', 'i') & Pair(third, fourth, 'g', 'n')
            | Pair(first, second, 'c', 'r') & Pair(third, fourth, 'e', 'd')
            | Pair(first, second, 'c', 'o') & Pair(third, fourth, 'o', 'k')
            | Pair(first, second, 'f', 'i') & Pair(third, fourth, 'e', 'd')
            | Pair(first, second, EscapeInLowerCase, 'u') & Pair(third, fourth, '0', '0')
            | Pair(first, second, 'p', 'w') & Vector128.Equals(third, Vector128.Create((byte)'d'))
            | Pair(second, third, 'p', 'w') & Vector128.Equals(fourth, Vector128.Create((byte)'d'));
        return found != Vector128<byte>.Zero;
    }

    private static Vector128<byte> Pair(Vector128<byte> left, Vector128<byte> right, char one, char two) =>
        Vector128.Equals(left, Vector128.Create((byte)one)) & Vector128.Equals(right, Vector128.Create((byte)two));

    private static uint Word(ReadOnlySpan<byte> letters) => BinaryPrimitives.ReadUInt32LittleEndian(letters);
}
