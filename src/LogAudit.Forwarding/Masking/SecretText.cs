using System.Buffers;

namespace LogAudit.Forwarding;

/// <summary>Masks secrets in free text: query strings, headers, broken JSON, SQL. <c>password=x</c>, <c>"Password": "x"</c>, <c>IDENTIFIED BY 'x'</c>.</summary>
internal static class SecretText
{
    private static readonly SearchValues<byte> LineEnds = SearchValues.Create("\r\n\"'"u8);
    private static readonly SearchValues<byte> ValueEnds = SearchValues.Create(" \t\r\n\"'&;,})\\#<>"u8);

    /// <summary>Appends the text with every secret value replaced by <c>***</c>.</summary>
    public static void Mask(ReadOnlySpan<byte> text, PooledBuffer to)
    {
        var copied = 0;
        var identified = false;
        for (var at = 0; at < text.Length; )
        {
            if (!IsNameByte(text[at]))
            {
                at++;
                continue;
            }

            var from = at;
            while (at < text.Length && IsNameByte(text[at]))
            {
                at++;
            }

            var name = text[from..at];
            identified |= Is(name, "identified"u8);
            var afterBy = identified && Is(name, "by"u8);
            if (!afterBy && !SecretNames.IsSecret(name))
            {
                continue;
            }

            var value = Value(text, at, needsQuote: afterBy, wholeLine: EndsIn(name, "authorization"u8));
            identified &= !afterBy;
            if (value.End > value.Start)
            {
                to.Append(text[copied..value.Start]);
                to.Append(SecretNames.Mask);
                copied = at = value.End;
            }
        }

        to.Append(text[copied..]);
    }

    // The value of a name that ends at a position: after a sign (= : or %3D), or directly in quotes as SQL writes it.
    private static (int Start, int End) Value(ReadOnlySpan<byte> text, int at, bool needsQuote, bool wholeLine)
    {
        at = Skip(text, at, "\\\"'`"u8);
        at = Skip(text, at, " \t("u8);
        var hasSign = false;
        if (at < text.Length && text[at] is (byte)'=' or (byte)':')
        {
            (hasSign, at) = (true, at + 1);
        }
        else if (
            text.Length - at >= 3
            && text[at] == (byte)'%'
            && text[at + 1] == (byte)'3'
            && (text[at + 2] | 0x20) is 'd' or 'a'
        )
        {
            (hasSign, at) = (true, at + 3);
        }

        at = Skip(text, at, " \t\\"u8);
        if (at < text.Length && text[at] is (byte)'"' or (byte)'\'')
        {
            var length = text[(at + 1)..].IndexOf(text[at]);
            var end = length < 0 ? text.Length : at + 1 + length;
            while (end > at + 1 && end < text.Length && text[end - 1] == (byte)'\\')
            {
                end--;
            }

            return (at + 1, end);
        }

        if (!hasSign || needsQuote)
        {
            return (at, at);
        }

        var stop = text[at..].IndexOfAny(wholeLine ? LineEnds : ValueEnds);
        return (at, stop < 0 ? text.Length : at + stop);
    }

    private static int Skip(ReadOnlySpan<byte> text, int at, ReadOnlySpan<byte> any)
    {
        var next = text[at..].IndexOfAnyExcept(any);
        return next < 0 ? text.Length : at + next;
    }

    private static bool IsNameByte(byte one) =>
        char.IsAsciiLetterOrDigit((char)one) || one is (byte)'_' or (byte)'-' or (byte)'.';

    private static bool Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> word) =>
        System.Text.Ascii.EqualsIgnoreCase(name, word);

    private static bool EndsIn(ReadOnlySpan<byte> name, ReadOnlySpan<byte> word) =>
        name.Length >= word.Length && Is(name[^word.Length..], word);
}
