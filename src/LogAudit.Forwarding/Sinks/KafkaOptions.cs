using System.Globalization;
using Confluent.Kafka;

namespace LogAudit.Forwarding;

/// <summary>Options of sink <c>kafka</c>.</summary>
public sealed record KafkaOptions
{
    /// <summary>Brokers to begin with, <c>host:port</c> and comma; the others are learnt from them.</summary>
    public required string Brokers { get; init; }

    /// <summary>Topic that takes the records. It should exist: whether it is made on first use is the cluster's decision.</summary>
    /// <value>1–249 of A-Z, a-z, 0-9 and <c>._-</c>.</value>
    public required string Topic { get; init; }

    /// <summary>Whether the connection is TLS. Default true.</summary>
    public bool IsTls { get; init; } = true;

    /// <summary>Trust of the TLS connection; the broker's name is always checked.</summary>
    public TlsTrust Trust { get; init; } = new(null, null, null);

    /// <summary>How <see cref="User"/> proves itself; null for no SASL.</summary>
    public SaslMechanism? Sasl { get; init; }

    /// <summary>User of SASL.</summary>
    public string User { get; init; } = "";

    /// <summary>Password of <see cref="User"/>.</summary>
    public Secret? Password { get; init; }

    /// <summary>Compression of a record batch. Default lz4.</summary>
    public CompressionType Compression { get; init; } = CompressionType.Lz4;

    /// <summary>Time within which a record must be acknowledged, retries included. Default 30 s.</summary>
    /// <value>1–600 s.</value>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Largest record, and largest batch of records before compression. Default 1,000,000; a broker takes 1,048,588 unless configured otherwise.</summary>
    /// <value>1,000–100,000,000 bytes.</value>
    public int MaxMessageBytes { get; init; } = 1_000_000;

    private static readonly Dictionary<string, SaslMechanism> Mechanisms = new(StringComparer.Ordinal)
    {
        ["plain"] = SaslMechanism.Plain,
        ["scram-sha-256"] = SaslMechanism.ScramSha256,
        ["scram-sha-512"] = SaslMechanism.ScramSha512,
    };

    private static readonly Dictionary<string, CompressionType> Compressions = new(StringComparer.Ordinal)
    {
        ["none"] = CompressionType.None,
        ["gzip"] = CompressionType.Gzip,
        ["snappy"] = CompressionType.Snappy,
        ["lz4"] = CompressionType.Lz4,
        ["zstd"] = CompressionType.Zstd,
    };

    /// <summary>Reads the options of a destination.</summary>
    public static KafkaOptions From(OptionReader options)
    {
        var mechanism = Choice(options, "sasl", "none", ["none", .. Mechanisms.Keys]);
        var read = new KafkaOptions
        {
            Brokers = Required(
                options,
                "brokers",
                text => text.Split(',').All(IsBroker),
                "host:port, several with a comma",
                "kafka-1.example.com:9093,kafka-2.example.com:9093"
            ),
            Topic = Required(options, "topic", IsTopic, "1 to 249 of A-Z, a-z, 0-9 and ._-", "aliyun-audit"),
            IsTls = Choice(options, "security", "tls", ["tls", "plaintext"]) == "tls",
            Trust = TlsTrust.From(options),
            Sasl = Mechanisms.TryGetValue(mechanism, out var sasl) ? sasl : null,
            User = options.Text("user", "", text => text.Length <= 256, "at most 256 characters", "logaudit"),
            Password = options.Secret("password"),
            Compression = Compressions[Choice(options, "compression", "lz4", [.. Compressions.Keys])],
            Timeout = TimeSpan.FromSeconds(options.Whole("timeout-seconds", 30, 1, 600)),
            MaxMessageBytes = (int)options.Whole("max-message-bytes", 1_000_000, 1_000, 100_000_000),
        };
        read.Check(options);
        return read;
    }

    /// <summary>The client's configuration.</summary>
    /// <remarks>
    /// Idempotent and <c>acks=all</c>: within one producer a retry neither repeats nor reorders records. Source: librdkafka, CONFIGURATION.md.
    /// </remarks>
    /// <param name="alone">Whether every record travels in a batch of its own.</param>
    internal ProducerConfig Producer(bool alone) =>
        new()
        {
            BootstrapServers = Brokers,
            ClientId = "logaudit",
            Acks = Acks.All,
            EnableIdempotence = true,
            CompressionType = Compression,
            // As producers in Java do, so that a topic that both write to keeps one partition per key.
            Partitioner = Partitioner.Murmur2Random,
            LingerMs = alone ? 0 : 5,
            BatchNumMessages = alone ? 1 : 10_000,
            BatchSize = MaxMessageBytes,
            MessageMaxBytes = MaxMessageBytes,
            MessageTimeoutMs = (int)Timeout.TotalMilliseconds,
            QueueBufferingMaxMessages = 20_000,
            QueueBufferingMaxKbytes = Math.Max(32 * 1024, MaxMessageBytes / 1024 * 2),
            DeliveryReportFields = "status",
            // No figures about this client for the cluster's operator.
            EnableMetricsPush = false,
            SecurityProtocol = (IsTls, Sasl) switch
            {
                (true, null) => SecurityProtocol.Ssl,
                (true, _) => SecurityProtocol.SaslSsl,
                (false, null) => SecurityProtocol.Plaintext,
                (false, _) => SecurityProtocol.SaslPlaintext,
            },
            SslCaLocation = Trust.CaFile,
            SslCertificateLocation = Trust.ClientCertificate,
            SslKeyPem = Trust.ClientKey?.Reveal(),
            SslEndpointIdentificationAlgorithm = SslEndpointIdentificationAlgorithm.Https,
            EnableSslCertificateVerification = true,
            SaslMechanism = Sasl,
            SaslUsername = Sasl is null ? null : User,
            SaslPassword = Sasl is null ? null : Password?.Reveal(),
        };

    private void Check(OptionReader options)
    {
        var (proves, named, secret) = (Sasl is not null, User.Length > 0, Password is not null);
        if (proves != named || named != secret)
        {
            options.Refuse(
                "sasl",
                "needs user and password, and the other way round",
                "all three or none",
                "sasl: scram-sha-512, user: logaudit and password: env:KAFKA_PASSWORD"
            );
        }

        if (!IsTls && Sasl == SaslMechanism.Plain)
        {
            options.Refuse("security", "would send the password readable", "tls, or sasl: scram-sha-512", "tls");
        }

        if (!IsTls && (Trust.CaFile ?? Trust.ClientCertificate) is not null)
        {
            options.Refuse("security", "does not go with certificates", "tls", "tls");
        }
    }

    private static string Required(
        OptionReader options,
        string name,
        Func<string, bool> allows,
        string allowed,
        string example
    )
    {
        var missing = options.Errors.Count;
        var text = options.Text(name, "", allows, allowed, example);
        if (text.Length == 0 && options.Errors.Count == missing)
        {
            options.Refuse(name, "is missing", allowed, example);
        }

        return text;
    }

    private static string Choice(OptionReader options, string name, string usual, string[] allowed) =>
        options.Text(
            name,
            usual,
            text => allowed.Contains(text, StringComparer.Ordinal),
            string.Join(", ", allowed),
            usual
        );

    private static bool IsTopic(string text) =>
        text.Length is >= 1 and <= 249
        && text is not ("." or "..")
        && text.All(one => char.IsAsciiLetterOrDigit(one) || one is '.' or '_' or '-');

    private static bool IsBroker(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon > 0
            && Uri.CheckHostName(text[..colon]) != UriHostNameType.Unknown
            && ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port > 0;
    }
}
