using System.Buffers;
using System.Text;

namespace LogAudit.Forwarding;

/// <summary>Options of <see cref="Rfc3164"/>.</summary>
public sealed record Rfc3164Options
{
    /// <summary>TAG. Default <c>logaudit</c>.</summary>
    /// <value>1–32 ASCII letters and digits.</value>
    public string AppName { get; init; } = "logaudit";

    /// <summary>What stands as text: <see cref="Json"/> (the default) or <see cref="Raw"/>.</summary>
    public IFormat Message { get; init; } = new Json();

    /// <summary>Reads the options of a destination: <c>app-name</c>, <c>message</c>.</summary>
    public static Rfc3164Options From(OptionReader options) =>
        new()
        {
            AppName = options.Text(
                "app-name",
                "logaudit",
                text => text.Length is >= 1 and <= 32 && text.All(char.IsAsciiLetterOrDigit),
                "1 to 32 ASCII letters and digits",
                "logaudit"
            ),
            Message = SyslogText.From(options),
        };
}

/// <summary>Format <c>rfc3164</c>: the old BSD syslog line, with the ECS object of format <c>json</c> or the record as SLS holds it as its text; for receivers that take nothing newer.</summary>
/// <remarks>
/// <code>&lt;110&gt;Mar  2 03:04:05 cn-hangzhou logaudit: {…}</code>
/// Facility 13 (log audit), severity 6. The time is UTC and has neither year nor zone: receivers guess both, and the object in the text has the whole time.
/// HOSTNAME is the region. Source: RFC 3164, section 4.1.
/// </remarks>
public sealed class Rfc3164(Rfc3164Options options) : IFormat
{
    /// <summary>Room for the header.</summary>
    internal const int MostHeader = 384;

    private readonly byte[] tag = Encoding.ASCII.GetBytes($" {options.AppName}: ");

    /// <inheritdoc/>
    public string Name => "rfc3164";

    /// <inheritdoc/>
    public string ContentType => "text/plain";

    /// <inheritdoc/>
    public bool WantsFields => options.Message.WantsFields;

    /// <inheritdoc/>
    public void Write(in AuditRecord record, IBufferWriter<byte> to)
    {
        var text = new Utf8Text(to.GetSpan(MostHeader));
        WriteHeader(ref text, record);
        text.Raw(tag);
        to.Advance(text.Length);
        options.Message.Write(record, to);
    }

    /// <summary>Priority, time and host, without a space behind them.</summary>
    internal static void WriteHeader(ref Utf8Text text, in AuditRecord record)
    {
        var time = DateTime.UnixEpoch.AddTicks(record.TimeNanos / 100);
        text.Raw("<110>"u8);
        text.Raw("JanFebMarAprMayJunJulAugSepOctNovDec"u8.Slice((time.Month - 1) * 3, 3));
        text.Byte((byte)' ');
        text.Byte(time.Day < 10 ? (byte)' ' : (byte)('0' + (time.Day / 10)));
        text.Byte((byte)('0' + (time.Day % 10)));
        Two(ref text, (byte)' ', time.Hour);
        Two(ref text, (byte)':', time.Minute);
        Two(ref text, (byte)':', time.Second);
        text.Byte((byte)' ');
        var region = record.Region;
        text.Raw(IsHost(region) ? region : "-"u8);
    }

    private static void Two(ref Utf8Text text, byte before, int number)
    {
        text.Byte(before);
        text.Byte((byte)('0' + (number / 10)));
        text.Byte((byte)('0' + (number % 10)));
    }

    private static bool IsHost(ReadOnlySpan<byte> text) =>
        text.Length is >= 1 and <= 255 && text.IndexOfAnyExceptInRange((byte)'!', (byte)'~') < 0;
}
