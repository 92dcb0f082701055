using Confluent.Kafka;
using LogAudit.Testing;

namespace LogAudit.Forwarding.Tests.Sinks;

/// <summary>TLS through a front before the mock cluster, which takes plaintext only; SASL by the configuration that the client is given.</summary>
public sealed class KafkaSecurityTests : IDisposable
{
    private const string Planted = "PLANTED5ecret0000000000000001";
    private readonly TestCertificates certificates = new();
    private readonly Json format = new();

    public void Dispose() => certificates.Dispose();

    [Fact]
    public async Task Records_travel_over_tls_with_the_clients_certificate()
    {
        await using var cluster = new KafkaCluster();
        cluster.Create("audit", 1);
        await using var front = new TlsFront(certificates.Server, asksForCertificate: true, cluster.Port);
        cluster.StandBehind(front.Port);
        using var sink = new Kafka(Tls(front.Port) with { Trust = Own() }, TimeProvider.System);
        using var batch = SinkBatches.Of(format, 10);

        var report = await sink.SendAsync(batch, CancellationToken.None);

        Assert.All(Enumerable.Range(0, 10), index => Assert.IsType<RecordOutcome.Accepted>(report[index]));
        Assert.Contains("CN=logaudit", front.Shown);
    }

    [Theory]
    [InlineData("authority")]
    [InlineData("name")]
    [InlineData("client certificate")]
    public async Task Receiver_with_a_wrong_certificate_and_client_without_one_get_nothing(string wrong)
    {
        using var others = new TestCertificates(wrong == "name" ? "soc.example.com" : "localhost");
        await using var cluster = new KafkaCluster();
        cluster.Create("audit", 1);
        var shown = wrong == "client certificate" ? certificates.Server : others.Server;
        await using var front = new TlsFront(shown, asksForCertificate: true, cluster.Port);
        var trust = wrong switch
        {
            "name" => Own() with { CaFile = others.CaFile },
            "client certificate" => new TlsTrust(certificates.CaFile, null, null),
            _ => Own(),
        };
        using var sink = new Kafka(Tls(front.Port) with { Trust = trust }, TimeProvider.System);
        using var batch = SinkBatches.Of(format, 1);
        using var cancel = new CancellationTokenSource();

        var sending = sink.SendAsync(batch, cancel.Token);
        await Task.WhenAny(front.Refused, sending);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        Assert.Empty(cluster.Read("audit", partitions: 1));
    }

    [Theory]
    [InlineData("plain", "PLAIN")]
    [InlineData("scram-sha-256", "SCRAM-SHA-256")]
    [InlineData("scram-sha-512", "SCRAM-SHA-512")]
    public void Sasl_and_tls_reach_the_client(string sasl, string mechanism)
    {
        var reader = Reader(
            ("brokers", "kafka-1.example.com:9093,kafka-2.example.com:9093"),
            ("topic", "audit"),
            ("ca-file", certificates.CaFile),
            ("sasl", sasl),
            ("user", "logaudit"),
            ("password", "env:KAFKA_PASSWORD")
        );

        var options = KafkaOptions.From(reader);

        Assert.Empty(reader.Errors);
        var set = options.Producer(alone: false).ToDictionary(one => one.Key, one => one.Value, StringComparer.Ordinal);
        Assert.Equal(mechanism, set["sasl.mechanism"]);
        Assert.Equal("logaudit", set["sasl.username"]);
        Assert.Equal(Planted, set["sasl.password"]);
        Assert.Equal("sasl_ssl", set["security.protocol"]);
        Assert.Equal(certificates.CaFile, set["ssl.ca.location"]);
        Assert.Equal("https", set["ssl.endpoint.identification.algorithm"]);
        Assert.Equal("True", set["enable.ssl.certificate.verification"], ignoreCase: true);
        Assert.Equal("-1", set["acks"]);
        Assert.Equal("True", set["enable.idempotence"], ignoreCase: true);
        Assert.DoesNotContain(Planted, options.ToString(), StringComparison.Ordinal);
        // librdkafka itself takes it.
        new ProducerBuilder<Null, Null>(options.Producer(alone: true))
            .SetLogHandler((_, _) => { })
            .Build()
            .Dispose();
    }

    [Fact]
    public void Mistakes_are_found_before_anything_is_sent()
    {
        AssertRefused("brokers", ("brokers", "kafka-1"), ("topic", "audit"));
        AssertRefused("brokers", ("topic", "audit"));
        AssertRefused("topic", ("brokers", "k:9093"), ("topic", "all logs"));
        AssertRefused("sasl", ("brokers", "k:9093"), ("topic", "audit"), ("sasl", "plain"));
        AssertRefused("sasl", ("brokers", "k:9093"), ("topic", "audit"), ("user", "ops"));
        AssertRefused(
            "security",
            ("brokers", "k:9092"),
            ("topic", "audit"),
            ("security", "plaintext"),
            ("sasl", "plain"),
            ("user", "ops"),
            ("password", "env:KAFKA_PASSWORD")
        );
        AssertRefused(
            "security",
            ("brokers", "k:9092"),
            ("topic", "audit"),
            ("security", "plaintext"),
            ("ca-file", certificates.CaFile)
        );
    }

    private static void AssertRefused(string option, params (string Key, string Value)[] given)
    {
        var reader = Reader(given);
        KafkaOptions.From(reader);
        Assert.Equal($"destinations[0].options.{option}", Assert.Single(reader.Errors).Key);
    }

    private static OptionReader Reader(params (string Key, string Value)[] given) =>
        new(
            new DestinationSettings
            {
                Name = "soc",
                Sink = "kafka",
                Format = "json",
                Options = given.ToDictionary(one => one.Key, one => one.Value, StringComparer.Ordinal),
            },
            "destinations[0]",
            new SecretReferences(name => name == "KAFKA_PASSWORD" ? Planted : null)
        );

    private static KafkaOptions Tls(int port) => new() { Brokers = $"localhost:{port}", Topic = "audit" };

    private TlsTrust Own() =>
        new(certificates.CaFile, certificates.ClientFile, new Secret(File.ReadAllText(certificates.ClientKeyFile)));
}
