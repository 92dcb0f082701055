namespace LogAudit.Forwarding;

/// <summary>A receiver that is reached by a socket, and how.</summary>
/// <param name="Address">Where it listens: <c>tls://soc.example.com:6514</c>, <c>tcp://10.0.0.9:514</c> or <c>udp://10.0.0.9:514</c>.</param>
public sealed record SocketTarget(Uri Address)
{
    /// <summary>Its host, as names are looked up and certificates carry them; an IPv6 address without brackets.</summary>
    public string Host { get; } = Address.IdnHost;

    /// <summary>Name that the receiver's certificate must carry. Default: <see cref="Host"/>.</summary>
    public string ServerName { get; init; } = Address.IdnHost;

    /// <summary>Trust of the TLS connection.</summary>
    public TlsTrust Trust { get; init; } = new(null, null, null);

    /// <summary>Time for one exchange: connect, send, and what the receiver must say. Default 30 s.</summary>
    /// <value>1–600 s.</value>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether the connection is TLS.</summary>
    public bool IsTls => string.Equals(Address.Scheme, "tls", StringComparison.Ordinal);

    /// <summary>Whether messages are datagrams.</summary>
    public bool IsUdp => string.Equals(Address.Scheme, "udp", StringComparison.Ordinal);

    /// <summary>Reads <c>address</c> and <c>timeout-seconds</c>; with a <c>tls://</c> address also <c>server-name</c>, <c>ca-file</c>, <c>client-certificate</c> and <c>client-key</c>.</summary>
    /// <param name="options">The options of a destination.</param>
    /// <param name="schemes">Schemes that the sink speaks.</param>
    /// <param name="port">A usual port, for the message.</param>
    public static SocketTarget From(OptionReader options, IReadOnlyList<string> schemes, int port)
    {
        var address = options.Address(
            "address",
            uri =>
                schemes.Contains(uri.Scheme, StringComparer.Ordinal)
                && uri.Port > 0
                && uri.Host.Length > 0
                && uri.UserInfo.Length == 0
                && uri.AbsolutePath is "" or "/",
            string.Join(" or ", schemes.Select(scheme => $"{scheme}://host:port")),
            $"tls://soc.example.com:{port}"
        );
        var target = new SocketTarget(address ?? new Uri($"tls://invalid:{port}"))
        {
            Timeout = TimeSpan.FromSeconds(options.Whole("timeout-seconds", 30, 1, 600)),
        };
        if (!target.IsTls)
        {
            // Left unread they would look as if they protected something.
            options.RefuseIdle(
                "with an address that is not tls://",
                "server-name",
                "ca-file",
                "client-certificate",
                "client-key"
            );
            return target;
        }

        return target with
        {
            Trust = TlsTrust.From(options),
            ServerName = options.Text(
                "server-name",
                target.ServerName,
                text => Uri.CheckHostName(text) != UriHostNameType.Unknown,
                "a host name",
                "soc.example.com"
            ),
        };
    }

    /// <summary>The outcome of messages that the receiver did not take.</summary>
    internal RecordOutcome Retry(int messages, string problem) =>
        new RecordOutcome.Retry(
            $"Sending {messages} messages to {Address.Host}:{Address.Port} failed: {problem}. Check that the receiver runs, its certificate and the network."
        );
}
