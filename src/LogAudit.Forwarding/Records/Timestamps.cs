using System.Buffers.Binary;
using System.Buffers.Text;

namespace LogAudit.Forwarding;

/// <summary>Instants as nanoseconds since 1970 (UTC): parsed from and written to UTF-8 without allocation.</summary>
/// <remarks>Covers 1678–2262; a text outside does not parse.</remarks>
internal static class Timestamps
{
    /// <summary>Nanoseconds in a second.</summary>
    public const long NanosPerSecond = 1_000_000_000;

    private static ReadOnlySpan<byte> Pairs =>
        "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748495051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899"u8;

    private const long NanosPerDay = 86_400 * NanosPerSecond;

    /// <summary>The longest text that <see cref="Write"/> makes.</summary>
    public const int MostLength = 30;

    /// <summary>Reads ISO 8601 with a zone: <c>2026-03-02T11:04:05.123+08:00</c>, <c>…Z</c>, <c>…+0800</c>.</summary>
    public static bool TryParseIso(ReadOnlySpan<byte> text, out long nanos)
    {
        nanos = 0;
        if (
            text.Length < 20
            || !Digits(text, 0, 4, out var year)
            || text[4] != (byte)'-'
            || !Digits(text, 5, 2, out var month)
            || text[7] != (byte)'-'
            || !Digits(text, 8, 2, out var day)
            || text[10] is not ((byte)'T' or (byte)'t' or (byte)' ')
            || !Digits(text, 11, 2, out var hour)
            || text[13] != (byte)':'
            || !Digits(text, 14, 2, out var minute)
            || text[16] != (byte)':'
            || !Digits(text, 17, 2, out var second)
            || !Exists(year, month, day, hour, minute, second)
        )
        {
            return false;
        }

        var at = 19;
        long fraction = 0;
        if (text[at] is (byte)'.' or (byte)',')
        {
            var from = ++at;
            for (var unit = NanosPerSecond / 10; at < text.Length && char.IsAsciiDigit((char)text[at]); at++)
            {
                fraction += (text[at] - '0') * unit;
                unit /= 10;
            }

            if (at == from)
            {
                return false;
            }
        }

        if (!Zone(text[at..], out var zoneMinutes))
        {
            return false;
        }

        var days = DaysFromCivil(year, month, day);
        nanos =
            (days * NanosPerDay) + ((((hour * 60L) + minute - zoneMinutes) * 60) + second) * NanosPerSecond + fraction;
        return true;
    }

    /// <summary>Writes <c>yyyy-MM-ddTHH:mm:ss.fffZ</c> with 3, 6 or 9 digits, as many as are needed and allowed.</summary>
    /// <param name="nanos">The instant.</param>
    /// <param name="to">Room for <see cref="MostLength"/> bytes.</param>
    /// <param name="mostDigits">3, 6 or 9; what does not fit is cut off.</param>
    /// <returns>Bytes written.</returns>
    public static int Write(long nanos, Span<byte> to, int mostDigits = 9)
    {
        var days = Math.DivRem(nanos, NanosPerDay, out var rest);
        if (rest < 0)
        {
            (days, rest) = (days - 1, rest + NanosPerDay);
        }

        CivilFromDays(days, out var year, out var month, out var day);
        var seconds = (int)(rest / NanosPerSecond);
        var fraction = (int)(rest % NanosPerSecond);
        Pair(to, 0, year / 100);
        Pair(to, 2, year % 100);
        to[4] = (byte)'-';
        Pair(to, 5, month);
        to[7] = (byte)'-';
        Pair(to, 8, day);
        to[10] = (byte)'T';
        Pair(to, 11, seconds / 3600);
        to[13] = (byte)':';
        Pair(to, 14, seconds / 60 % 60);
        to[16] = (byte)':';
        Pair(to, 17, seconds % 60);
        to[19] = (byte)'.';
        var digits =
            fraction % 1_000_000 == 0 ? 3
            : fraction % 1_000 == 0 ? 6
            : 9;
        digits = Math.Min(digits, mostDigits);
        Three(to, 20, fraction / 1_000_000);
        if (digits > 3)
        {
            Three(to, 23, fraction / 1_000 % 1_000);
        }

        if (digits > 6)
        {
            Three(to, 26, fraction % 1_000);
        }

        to[20 + digits] = (byte)'Z';
        return 21 + digits;
    }

    /// <summary>Reads whole Unix seconds, milliseconds or microseconds.</summary>
    /// <param name="text">Digits.</param>
    /// <param name="unit">Nanoseconds of one unit.</param>
    /// <param name="nanos">The instant.</param>
    public static bool TryParseUnix(ReadOnlySpan<byte> text, long unit, out long nanos)
    {
        nanos = 0;
        if (
            !Utf8Parser.TryParse(text, out long value, out var used)
            || used != text.Length
            || value < 0
            || value > long.MaxValue / unit
        )
        {
            return false;
        }

        nanos = value * unit;
        return true;
    }

    private static bool Exists(int year, int month, int day, int hour, int minute, int second) =>
        year is >= 1700 and < 2262
        && month is >= 1 and <= 12
        && day >= 1
        && day <= DateTime.DaysInMonth(year, month)
        && hour < 24
        && minute < 60
        && second < 60;

    private static bool Zone(ReadOnlySpan<byte> zone, out int minutes)
    {
        minutes = 0;
        if (zone.Length == 1)
        {
            return zone[0] is (byte)'Z' or (byte)'z';
        }

        if (zone.Length is not (5 or 6) || zone[0] is not ((byte)'+' or (byte)'-'))
        {
            return false;
        }

        if (
            !Digits(zone, 1, 2, out var hours)
            || (zone.Length == 6 && zone[3] != (byte)':')
            || !Digits(zone, zone.Length - 2, 2, out var rest)
            || hours > 14
            || rest > 59
        )
        {
            return false;
        }

        minutes = (hours * 60) + rest;
        minutes = zone[0] == (byte)'-' ? -minutes : minutes;
        return true;
    }

    private static bool Digits(ReadOnlySpan<byte> text, int at, int count, out int value)
    {
        value = 0;
        foreach (var one in text.Slice(at, count))
        {
            if (!char.IsAsciiDigit((char)one))
            {
                return false;
            }

            value = (value * 10) + one - '0';
        }

        return true;
    }

    private static void Three(Span<byte> to, int at, int value)
    {
        to[at] = (byte)('0' + (value / 100));
        Pair(to, at + 1, value % 100);
    }

    private static void Pair(Span<byte> to, int at, int value) =>
        // Two bytes at once: times are a good part of what a short record costs.
        BinaryPrimitives.WriteUInt16LittleEndian(
            to[at..],
            BinaryPrimitives.ReadUInt16LittleEndian(Pairs.Slice(value * 2, 2))
        );

    // Howard Hinnant's day-number algorithms for the proleptic Gregorian calendar.
    private static long DaysFromCivil(int year, int month, int day)
    {
        year -= month <= 2 ? 1 : 0;
        var era = year / 400;
        var yearOfEra = year - (era * 400);
        var dayOfYear = (((153 * (month + (month > 2 ? -3 : 9))) + 2) / 5) + day - 1;
        var dayOfEra = (yearOfEra * 365) + (yearOfEra / 4) - (yearOfEra / 100) + dayOfYear;
        return (era * 146_097L) + dayOfEra - 719_468;
    }

    private static void CivilFromDays(long days, out int year, out int month, out int day)
    {
        var shifted = (int)(days + 719_468);
        var era = shifted / 146_097;
        var dayOfEra = shifted - (era * 146_097);
        var yearOfEra = (dayOfEra - (dayOfEra / 1460) + (dayOfEra / 36_524) - (dayOfEra / 146_096)) / 365;
        var dayOfYear = dayOfEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        var shiftedMonth = ((5 * dayOfYear) + 2) / 153;
        day = dayOfYear - (((153 * shiftedMonth) + 2) / 5) + 1;
        month = shiftedMonth + (shiftedMonth < 10 ? 3 : -9);
        year = yearOfEra + (era * 400) + (month <= 2 ? 1 : 0);
    }
}
