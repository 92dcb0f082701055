using System.Globalization;

namespace LogAudit.Forwarding;

/// <summary>How messages are told apart on a stream. Source: RFC 6587, section 3.4.</summary>
public enum Framing
{
    /// <summary><c>octet-counting</c>: the number of bytes, a space, the message. Every byte of the message arrives as it is.</summary>
    OctetCounting,

    /// <summary><c>lf</c>: the message and a line feed. Line feeds in the message become spaces, so that it stays one.</summary>
    Lf,
}

/// <summary>Reads and writes framings.</summary>
internal static class Framings
{
    private const string OctetCounting = "octet-counting";
    private const string Lf = "lf";

    /// <summary>Reads option <c>framing</c>: <c>octet-counting</c> (default) or <c>lf</c>.</summary>
    public static Framing From(OptionReader options) =>
        options.Choice("framing", OctetCounting, Lf) ? Framing.Lf : Framing.OctetCounting;

    /// <summary>Appends a framed message.</summary>
    public static void Append(this Framing framing, ReadOnlySpan<byte> message, PooledBuffer to)
    {
        if (framing == Framing.OctetCounting)
        {
            message.Length.TryFormat(to.GetSpan(12), out var digits, default, CultureInfo.InvariantCulture);
            to.Advance(digits);
            to.Append((byte)' ');
            to.Append(message);
            return;
        }

        message.Replace(to.GetSpan(message.Length), (byte)'\n', (byte)' ');
        to.Advance(message.Length);
        to.Append((byte)'\n');
    }
}
