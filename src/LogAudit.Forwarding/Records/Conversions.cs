using System.Buffers.Text;
using System.Net;

namespace LogAudit.Forwarding;

/// <summary>Whether a value fits a conversion, and what it becomes.</summary>
internal static class Conversions
{
    /// <summary>Whether the conversion keeps what the value said; otherwise the value also stays under its source name.</summary>
    public static bool Keeps(FieldConversion convert) =>
        convert
            is not (
                FieldConversion.HttpOutcome
                or FieldConversion.ErrorOutcome
                or FieldConversion.AcceptOutcome
                or FieldConversion.VerdictOutcome
                or FieldConversion.Scheme
                or FieldConversion.Direction
                or FieldConversion.Transport
                or FieldConversion.FirstIp
            );

    /// <summary>Whether a text says "nothing": empty, or the dash of access logs.</summary>
    public static bool IsNothing(ReadOnlySpan<byte> text) =>
        text.Length == 0 || (text.Length == 1 && text[0] == (byte)'-');

    /// <summary>Whether an error code says that nothing failed: nothing, or zeros only.</summary>
    public static bool SaysNoError(ReadOnlySpan<byte> code) => IsNothing(code) || code.IndexOfAnyExcept((byte)'0') < 0;

    /// <summary>Whether a text converts.</summary>
    public static bool Fits(FieldConversion convert, ReadOnlySpan<byte> text) =>
        convert switch
        {
            FieldConversion.Text => true,
            FieldConversion.Integer => IsInteger(text),
            FieldConversion.Decimal => IsNumber(text),
            // An address that is not an IP goes to the sibling ".address"; the mapping says whether there is one.
            FieldConversion.Ip => IsIp(text),
            FieldConversion.IsoTime
            or FieldConversion.UnixSeconds
            or FieldConversion.UnixMillis
            or FieldConversion.UnixMicros => TryTime(convert, text, out _),
            FieldConversion.SecondsToNanos or FieldConversion.MillisToNanos or FieldConversion.MicrosToNanos =>
                TryDuration(convert, text, out _),
            FieldConversion.Json => false,
            _ => Word(convert, text).Length > 0,
        };

    /// <summary>The instant that a text names.</summary>
    public static bool TryTime(FieldConversion convert, ReadOnlySpan<byte> text, out long nanos)
    {
        nanos = 0;
        return convert switch
        {
            FieldConversion.IsoTime => Timestamps.TryParseIso(text, out nanos),
            FieldConversion.UnixSeconds => Timestamps.TryParseUnix(text, Timestamps.NanosPerSecond, out nanos),
            FieldConversion.UnixMillis => Timestamps.TryParseUnix(text, 1_000_000, out nanos),
            FieldConversion.UnixMicros => Timestamps.TryParseUnix(text, 1_000, out nanos),
            _ => false,
        };
    }

    /// <summary>A duration in nanoseconds from a decimal number of seconds, milliseconds or microseconds; digits below a nanosecond are cut off.</summary>
    public static bool TryDuration(FieldConversion convert, ReadOnlySpan<byte> text, out long nanos)
    {
        nanos = 0;
        var unit = convert switch
        {
            FieldConversion.SecondsToNanos => Timestamps.NanosPerSecond,
            FieldConversion.MillisToNanos => 1_000_000,
            _ => 1_000L,
        };
        var at = 0;
        long whole = 0;
        for (; at < text.Length && char.IsAsciiDigit((char)text[at]); at++)
        {
            whole = (whole * 10) + text[at] - '0';
            if (whole > long.MaxValue / unit / 16)
            {
                return false;
            }
        }

        if (at == 0)
        {
            return false;
        }

        nanos = whole * unit;
        if (at == text.Length)
        {
            return true;
        }

        if (text[at++] != (byte)'.' || at == text.Length)
        {
            return false;
        }

        for (; at < text.Length; at++)
        {
            if (!char.IsAsciiDigit((char)text[at]))
            {
                return false;
            }

            unit /= 10;
            nanos += (text[at] - '0') * unit;
        }

        return true;
    }

    /// <summary>The word that a value stands for in a closed vocabulary, or the one that is picked from a list; empty when there is none.</summary>
    public static ReadOnlySpan<byte> Word(FieldConversion convert, ReadOnlySpan<byte> text) =>
        convert switch
        {
            FieldConversion.HttpOutcome => text.Length == 3
            && Utf8Parser.TryParse(text, out int status, out var used)
            && used == 3
                ? Outcome(status < 400)
                : [],
            FieldConversion.ErrorOutcome => Outcome(SaysNoError(text)),
            FieldConversion.AcceptOutcome => text.SequenceEqual("ACCEPT"u8) ? Outcome(good: true)
            : text.SequenceEqual("REJECT"u8) ? Outcome(good: false)
            : [],
            FieldConversion.VerdictOutcome => IsOneOf(text, "block"u8, "drop"u8, "1"u8)
            || IsOneOf(text, "failed"u8, "failure"u8, "fail"u8)
                ? Outcome(good: false)
            : IsOneOf(text, "pass"u8, "alert"u8, "success"u8) ? Outcome(good: true)
            : [],
            FieldConversion.Scheme => IsOneOf(text, "true"u8, "on"u8) ? "https"u8
            : IsOneOf(text, "false"u8, "off"u8) ? "http"u8
            : [],
            FieldConversion.Direction => text.SequenceEqual("in"u8) ? "inbound"u8
            : text.SequenceEqual("out"u8) ? "outbound"u8
            : [],
            FieldConversion.Transport => Utf8Parser.TryParse(text, out int number, out var length)
            && length == text.Length
                ? TransportName(number)
                : [],
            FieldConversion.FirstIp => FirstIp(text),
            _ => [],
        };

    /// <summary>Whether a text is an IPv4 address in four decimal parts or an IPv6 address without a zone.</summary>
    public static bool IsIp(ReadOnlySpan<byte> text)
    {
        if (text.Length is < 2 or > 45)
        {
            return false;
        }

        return text.Contains((byte)':')
            ? !text.ContainsAny((byte)'%', (byte)'[') && IPAddress.IsValidUtf8(text)
            : IsIpv4(text);
    }

    private static bool IsOneOf(
        ReadOnlySpan<byte> text,
        ReadOnlySpan<byte> one,
        ReadOnlySpan<byte> two,
        ReadOnlySpan<byte> three = default
    ) => text.Length > 0 && (text.SequenceEqual(one) || text.SequenceEqual(two) || text.SequenceEqual(three));

    // An address needs no escape in JSON, so it stands between the first two quotes as it is.
    private static ReadOnlySpan<byte> FirstIp(ReadOnlySpan<byte> list)
    {
        if (list.TrimStart(" \t\r\n"u8) is not [(byte)'[', .. var items])
        {
            return [];
        }

        var first = items.TrimStart(" \t\r\n"u8);
        if (first is not [(byte)'"', .. var inside] || inside.IndexOf((byte)'"') is not (> 0 and var length))
        {
            return [];
        }

        return IsIp(inside[..length]) ? inside[..length] : [];
    }

    private static ReadOnlySpan<byte> Outcome(bool good) => good ? "success"u8 : "failure"u8;

    private static ReadOnlySpan<byte> TransportName(int number) =>
        // IANA protocol numbers that flow logs show; another number stays under its source name.
        number switch
        {
            1 => "icmp"u8,
            6 => "tcp"u8,
            17 => "udp"u8,
            47 => "gre"u8,
            50 => "esp"u8,
            58 => "ipv6-icmp"u8,
            132 => "sctp"u8,
            _ => [],
        };

    private static bool IsIpv4(ReadOnlySpan<byte> text)
    {
        var (parts, digits, value) = (1, 0, 0);
        foreach (var one in text)
        {
            if (one == (byte)'.')
            {
                if (digits == 0 || ++parts > 4)
                {
                    return false;
                }

                (digits, value) = (0, 0);
                continue;
            }

            value = (value * 10) + one - '0';
            if (one is < (byte)'0' or > (byte)'9' || ++digits > 3 || value > 255)
            {
                return false;
            }
        }

        return parts == 4 && digits > 0;
    }

    // JSON's own grammar: no leading zeros, no plus sign; at most 18 digits, so that every reader holds the number.
    private static bool IsInteger(ReadOnlySpan<byte> text)
    {
        var digits = text.Length > 0 && text[0] == (byte)'-' ? text[1..] : text;
        return digits.Length is > 0 and <= 18
            && (digits[0] != (byte)'0' || text.Length == 1)
            && digits.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;
    }

    private static bool IsNumber(ReadOnlySpan<byte> text)
    {
        var dot = text.IndexOf((byte)'.');
        if (dot < 0)
        {
            return IsInteger(text);
        }

        var whole = text[..dot];
        var fraction = text[(dot + 1)..];
        return (IsInteger(whole) || whole.SequenceEqual("-0"u8))
            && fraction.Length is > 0 and <= 18
            && fraction.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;
    }
}
