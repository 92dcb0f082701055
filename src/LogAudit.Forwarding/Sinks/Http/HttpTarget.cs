namespace LogAudit.Forwarding;

/// <summary>Where, how and within which limits a sink posts.</summary>
/// <param name="Address">The receiver. <c>https://</c>; <c>http://</c> only for a loopback address.</param>
public sealed record HttpTarget(Uri Address)
{
    /// <summary>Trust of the TLS connection.</summary>
    public TlsTrust Trust { get; init; } = new(null, null, null);

    /// <summary>Time for one request.</summary>
    /// <value>1–600 s. Default 30 s.</value>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Most records of one request.</summary>
    /// <value>1–50,000. Default 500.</value>
    public int MaxRecords { get; init; } = 500;

    /// <summary>Most bytes of one request, before it is packed. A single larger record is still tried, alone.</summary>
    /// <value>1,000–100,000,000. Default 1,000,000.</value>
    public int MaxBytes { get; init; } = 1_000_000;

    /// <summary>Whether bodies are packed with gzip.</summary>
    public bool Gzip { get; init; }

    /// <summary>Whether cookies of the receiver are sent back to it: how a load balancer keeps a client at one node.</summary>
    internal bool Cookies { get; init; }

    /// <summary>Most that <see cref="MaxBytes"/> may be.</summary>
    internal int MostBytes { get; init; } = 100_000_000;

    /// <summary>Most bytes of a record; a larger one is refused without being sent.</summary>
    internal int MaxRecordBytes { get; init; } = int.MaxValue;

    /// <summary>Bytes that a record of so many bytes takes in a body.</summary>
    internal Func<int, int> SizeOf { get; init; } = bytes => bytes;

    /// <summary>Bytes that a dialect adds to a body.</summary>
    internal int BytesBesideRecords { get; init; } = 2;

    /// <summary>Bytes that a dialect adds to each record.</summary>
    internal int BytesBesideRecord { get; init; } = 1;

    /// <summary>Reads <c>address</c> and what <see cref="LimitsFrom"/> reads.</summary>
    /// <param name="options">The options of a destination.</param>
    /// <param name="otherwise">The defaults; its address is the example of the message.</param>
    public static HttpTarget From(OptionReader options, HttpTarget otherwise) =>
        LimitsFrom(
            options,
            otherwise with
            {
                Address =
                    options.Address("address", IsAllowed, AllowedAddress, otherwise.Address.AbsoluteUri)
                    ?? otherwise.Address,
            }
        );

    /// <summary>Reads <c>ca-file</c>, <c>client-certificate</c>, <c>client-key</c>, <c>timeout-seconds</c>, <c>max-records</c>, <c>max-bytes</c> and <c>compression</c>.</summary>
    public static HttpTarget LimitsFrom(OptionReader options, HttpTarget otherwise) =>
        otherwise with
        {
            Trust = TlsTrust.From(options),
            Timeout = TimeSpan.FromSeconds(
                options.Whole("timeout-seconds", (long)otherwise.Timeout.TotalSeconds, 1, 600)
            ),
            MaxRecords = (int)options.Whole("max-records", otherwise.MaxRecords, 1, 50_000),
            MaxBytes = (int)options.Whole("max-bytes", otherwise.MaxBytes, 1_000, otherwise.MostBytes),
            Gzip = otherwise.Gzip
                ? !options.Choice("compression", "gzip", "none")
                : options.Choice("compression", "none", "gzip"),
        };

    /// <summary>What <see cref="IsAllowed"/> allows, for a message.</summary>
    internal const string AllowedAddress = "an https:// address without user name (http:// only on a loopback address)";

    /// <summary>Whether records and secrets may be posted to an address: never in the clear to another machine, and never to the address at which machines get their credentials.</summary>
    internal static bool IsAllowed(Uri address) =>
        (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback))
        && address.UserInfo.Length == 0
        && !string.Equals(address.Host, "100.100.100.200", StringComparison.Ordinal);
}
