using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace LogAudit.LocalCloud.Kernel;

/// <summary>What the signature schemes share.</summary>
internal static class Signatures
{
    /// <summary>How far a request's time may be from the cloud's: 15 minutes.</summary>
    public static readonly TimeSpan AllowedSkew = TimeSpan.FromMinutes(15);

    public static string Sha256Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    public static string Sha256Hex(string text) => Sha256Hex(Encoding.UTF8.GetBytes(text));

    public static byte[] Hmac256(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    public static byte[] Hmac256(string key, string text) => Hmac256(Encoding.UTF8.GetBytes(key), text);

#pragma warning disable CA5350 // Three of the protocols sign with SHA-1.
    public static string Hmac1Base64(string key, string text) =>
        Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(text)));

#pragma warning restore CA5350

    /// <summary>Compares in constant time, as a service does.</summary>
    public static bool Same(string expected, string given) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(given));

    /// <summary>Key of the v4 schemes of SLS and OSS: four HMACs over date, region, service and a constant.</summary>
    public static byte[] DerivedKey(string secret, string date, string region, string service) =>
        Hmac256(Hmac256(Hmac256(Hmac256("aliyun_v4" + secret, date), region), service), "aliyun_v4_request");

    public static bool TryTime(string? text, string format, out DateTimeOffset time) =>
        DateTimeOffset.TryParseExact(
            text,
            format,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out time
        );

    /// <summary>RFC 1123 with any day name, as the <c>Date</c> header carries it.</summary>
    public static bool TryHttpDate(string? text, out DateTimeOffset time) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);

    public static bool IsSkewed(Cloud cloud, DateTimeOffset time)
    {
        var skewed = (cloud.Clock.GetUtcNow() + cloud.Faults.ClockSkew - time).Duration() > AllowedSkew;
        if (skewed)
        {
            cloud.Faults.NoteSkewed();
        }
        return skewed;
    }
}
