using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LogAudit.Benchmarks;

/// <summary>The conversions of the mappings on strings.</summary>
internal static class PlainConversions
{
    /// <summary>The value that a text becomes; null when it does not convert.</summary>
    public static JToken? Convert(FieldConversion convert, string text) =>
        convert switch
        {
            FieldConversion.Text or FieldConversion.Ip => text,
            FieldConversion.Integer => IsInteger(text) ? long.Parse(text, CultureInfo.InvariantCulture) : null,
            FieldConversion.Decimal => decimal.TryParse(
                text,
                NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture,
                out var number
            )
                ? number
                : null,
            FieldConversion.FirstIp => FirstIp(text),
            FieldConversion.IsoTime
            or FieldConversion.UnixSeconds
            or FieldConversion.UnixMillis
            or FieldConversion.UnixMicros => Nanos(convert, text) is { } nanos ? Time(nanos) : null,
            FieldConversion.SecondsToNanos => Duration(text, 1_000_000_000m),
            FieldConversion.MillisToNanos => Duration(text, 1_000_000m),
            FieldConversion.MicrosToNanos => Duration(text, 1_000m),
            FieldConversion.HttpOutcome => text.Length == 3
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var status)
                ? Outcome(status < 400)
                : null,
            FieldConversion.ErrorOutcome => Outcome(text is "" or "-" || text.All(one => one == '0')),
            FieldConversion.AcceptOutcome => text is "ACCEPT" or "REJECT" ? Outcome(text is "ACCEPT") : null,
            FieldConversion.VerdictOutcome => text switch
            {
                "block" or "drop" or "1" or "failed" or "failure" or "fail" => "failure",
                "pass" or "alert" or "success" => "success",
                _ => null,
            },
            FieldConversion.Scheme => text switch
            {
                "true" or "on" => "https",
                "false" or "off" => "http",
                _ => null,
            },
            FieldConversion.Direction => text switch
            {
                "in" => "inbound",
                "out" => "outbound",
                _ => null,
            },
            FieldConversion.Transport => text switch
            {
                "1" => "icmp",
                "6" => "tcp",
                "17" => "udp",
                "47" => "gre",
                "50" => "esp",
                "58" => "ipv6-icmp",
                "132" => "sctp",
                _ => null,
            },
            _ => null,
        };

    /// <summary>The instant that a text names, in nanoseconds since 1970; null when it names none.</summary>
    public static long? Nanos(FieldConversion convert, string text) =>
        convert switch
        {
            FieldConversion.IsoTime => text.Length >= 20
            && (text[^1] == 'Z' || text[^6] is '+' or '-' || text[^5] is '+' or '-')
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var when)
                ? (when.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) * 100
                : null,
            FieldConversion.UnixSeconds => Unix(text, 1_000_000_000),
            FieldConversion.UnixMillis => Unix(text, 1_000_000),
            FieldConversion.UnixMicros => Unix(text, 1_000),
            _ => null,
        };

    /// <summary>An instant as text with three, six or nine digits.</summary>
    public static string Time(long nanos)
    {
        var text =
            DateTimeOffset
                .UnixEpoch.AddTicks(nanos / 100)
                .ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff", CultureInfo.InvariantCulture) + "00";
        while (text[^4] != '.' && text.EndsWith("000", StringComparison.Ordinal))
        {
            text = text[..^3];
        }

        return text + "Z";
    }

    public static bool IsIp(string text) =>
        IPAddress.TryParse(text, out var address)
        && (address.AddressFamily == AddressFamily.InterNetworkV6 || text.Count(one => one == '.') == 3);

    /// <summary>Whether the value also stays under its source name.</summary>
    public static bool Loses(FieldConversion convert) =>
        convert
            is FieldConversion.HttpOutcome
                or FieldConversion.ErrorOutcome
                or FieldConversion.AcceptOutcome
                or FieldConversion.VerdictOutcome
                or FieldConversion.Scheme
                or FieldConversion.Direction
                or FieldConversion.Transport
                or FieldConversion.FirstIp;

    private static bool IsInteger(string text) =>
        text.Length <= 18
        && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
        && text == number.ToString(CultureInfo.InvariantCulture);

    private static long? Unix(string text, long unit) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value * unit : null;

    private static JToken? Duration(string text, decimal unit) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            ? (long)(value * unit)
            : null;

    private static string Outcome(bool good) => good ? "success" : "failure";

    private static string? FirstIp(string text)
    {
        try
        {
            return JArray.Parse(text).First is { Type: JTokenType.String } first && IsIp((string)first!)
                ? (string)first!
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
