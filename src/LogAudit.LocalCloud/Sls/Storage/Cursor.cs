using System.Globalization;
using System.Text;

namespace LogAudit.LocalCloud.Sls.Storage;

/// <summary>The written form of a cursor: Base64 of a decimal int64. Source: SLS protocol 7.2.</summary>
internal static class Cursor
{
    /// <summary>Writes a cursor.</summary>
    public static string Write(long number) =>
        Convert.ToBase64String(Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture)));

    /// <summary>Reads a cursor; null when the text is not one.</summary>
    public static long? Read(string? text)
    {
        Span<byte> room = stackalloc byte[24];
        return
            text is { Length: > 0 and <= 32 }
            && Convert.TryFromBase64String(text, room, out var length)
            && long.TryParse(room[..length], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
    }
}
