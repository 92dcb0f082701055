using System.Buffers;
using System.Text;

namespace LogAudit.Forwarding;

/// <summary>Options of <see cref="Rfc5424"/>.</summary>
public sealed record Rfc5424Options
{
    /// <summary>IANA private enterprise number behind the SD-ID. Default 32473, the number reserved for documentation.</summary>
    /// <value>1–4294967295.</value>
    public uint EnterpriseNumber { get; init; } = 32473;

    /// <summary>APP-NAME. Default <c>logaudit</c>.</summary>
    /// <value>1–48 printable ASCII characters.</value>
    public string AppName { get; init; } = "logaudit";

    /// <summary>What stands as text: <see cref="Json"/> (the default) or <see cref="Raw"/>.</summary>
    public IFormat Message { get; init; } = new Json();

    /// <summary>Reads the options of a destination: <c>enterprise-number</c>, <c>app-name</c>, <c>message</c>.</summary>
    public static Rfc5424Options From(OptionReader options) =>
        new()
        {
            EnterpriseNumber = (uint)options.Whole("enterprise-number", 32473, 1, uint.MaxValue),
            AppName = options.Text(
                "app-name",
                "logaudit",
                text => text.Length is >= 1 and <= 48 && text.All(one => one is > ' ' and <= '~'),
                "1 to 48 printable ASCII characters",
                "logaudit"
            ),
            Message = SyslogText.From(options),
        };
}

/// <summary>Format <c>rfc5424</c>: a syslog message whose MSG is the ECS object of format <c>json</c>, or the record as SLS holds it.</summary>
/// <remarks>
/// <code>&lt;110&gt;1 2026-03-02T03:04:05.000Z cn-hangzhou logaudit - slb_access [logaudit@32473 event_id="…" account="…" region="…" product="slb" kind="access" project="…" logstore="…" shard="3" cursor="…" index="0" ingested="…"] {…}</code>
/// Facility 13 (log audit), severity 6. No byte-order mark: common receivers keep it in front of the JSON. Names of the
/// structured data are lower case, because some receivers make them so and others do not. HOSTNAME is the region, <c>-</c> when unknown.
/// Source: RFC 5424, section 6.
/// </remarks>
public sealed class Rfc5424(Rfc5424Options options) : IFormat
{
    private const int MostHeader = 2560;

    private static readonly SearchValues<byte> Plain = SearchValues.Create(
        "0123456789-ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"u8
    );

    private readonly byte[] appName = Encoding.ASCII.GetBytes($" {options.AppName} - ");
    private readonly byte[] structuredData = Encoding.ASCII.GetBytes(
        string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $" [logaudit@{options.EnterpriseNumber} event_id=\""
        )
    );

    /// <inheritdoc/>
    public string Name => "rfc5424";

    /// <inheritdoc/>
    public string ContentType => "text/plain";

    /// <inheritdoc/>
    public bool WantsFields => options.Message.WantsFields;

    /// <inheritdoc/>
    public void Write(in AuditRecord record, IBufferWriter<byte> to)
    {
        WriteHeader(record, to);
        options.Message.Write(record, to);
    }

    private void WriteHeader(in AuditRecord record, IBufferWriter<byte> to)
    {
        var account = record.Account;
        var region = record.Region;
        var text = new Utf8Text(to.GetSpan(MostHeader));
        text.Raw("<110>1 "u8);
        text.Instant(record.TimeNanos, mostDigits: 6);
        text.Byte((byte)' ');
        text.Raw(IsName(region, 255) ? region : "-"u8);
        text.Raw(appName);
        text.Raw(record.Mapping.MessageId);
        text.Raw(structuredData);
        text.Raw(record.Id);
        Parameter(ref text, "\" account=\""u8, account);
        Parameter(ref text, "\" region=\""u8, region);
        text.Raw("\" product=\""u8);
        text.Raw(record.Mapping.ProductName);
        text.Raw("\" kind=\""u8);
        text.Raw(record.Mapping.KindName);
        text.Raw("\" "u8);
        text.Raw(record.Place.Parameters);
        text.Number(record.Index);
        if (record.IngestedNanos != 0)
        {
            text.Raw("\" ingested=\""u8);
            text.Instant(record.IngestedNanos, mostDigits: 6);
        }

        text.Raw("\"] "u8);
        to.Advance(text.Length);
    }

    // PARAM-VALUE: quote, backslash and bracket are escaped, nothing else. A value of unusual length is cut; MSG has it whole.
    private static void Parameter(ref Utf8Text text, ReadOnlySpan<byte> opening, ReadOnlySpan<byte> value)
    {
        text.Raw(opening);
        if (value.Length <= 255 && value.IndexOfAnyExcept(Plain) < 0)
        {
            text.Raw(value);
            return;
        }

        foreach (var one in value.Length > 255 ? value[..255] : value)
        {
            if (one is (byte)'"' or (byte)'\\' or (byte)']')
            {
                text.Byte((byte)'\\');
            }

            // Accounts and regions are ASCII; anything else would have to be proved valid UTF-8 without control characters.
            text.Byte(one is >= 0x20 and < 0x7F ? one : (byte)'?');
        }
    }

    private static bool IsName(ReadOnlySpan<byte> text, int most) =>
        text.Length >= 1 && text.Length <= most && text.IndexOfAnyExceptInRange((byte)'!', (byte)'~') < 0;
}
