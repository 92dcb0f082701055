using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Confluent.Kafka;

namespace LogAudit.Testing;

/// <summary>A Kafka cluster of one broker on loopback: the mock cluster of librdkafka. Plaintext only.</summary>
/// <remarks>Source: librdkafka, <c>src/rdkafka_mock.h</c>.</remarks>
public sealed partial class KafkaCluster : IAsyncDisposable
{
    private const int ProducerType = 0;
    private const short ProduceRequest = 0;

    // The build without Cyrus SASL: Debian has another version of it than "librdkafka" asks for, so this is also what Confluent.Kafka loads.
    private const string Library = "centos8-librdkafka";

    private readonly nint client;
    private readonly nint cluster;

    public KafkaCluster()
    {
        var error = new byte[512];
        // Its own log would say that it knows no brokers, which is so until the cluster is there.
        var configuration = ConfigurationNew();
        ConfigurationSet(configuration, "log_level", "0", error, error.Length);
        client = New(ProducerType, configuration, error, error.Length);
        if (client == 0)
        {
            throw new InvalidOperationException(Encoding.UTF8.GetString(error).TrimEnd('\0'));
        }

        cluster = ClusterNew(client, 1);
        Brokers = Marshal.PtrToStringUTF8(Bootstraps(cluster))!;
    }

    /// <summary><c>127.0.0.1:port</c>.</summary>
    public string Brokers { get; }

    /// <summary>Where the broker listens.</summary>
    public int Port =>
        int.Parse(Brokers.AsSpan(Brokers.IndexOf(':') + 1), NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>Makes a topic.</summary>
    public void Create(string topic, int partitions) => Check(TopicCreate(cluster, topic, partitions, 1));

    /// <summary>Answers the next produce requests with these errors; <see cref="ErrorCode.Local_Transport"/> cuts the connection.</summary>
    public void Next(params ReadOnlySpan<ErrorCode> errors)
    {
        int[] codes = [.. errors.ToArray().Select(error => (int)error)];
        PushErrors(cluster, ProduceRequest, codes.Length, codes);
    }

    /// <summary>Forgets the errors that were not used.</summary>
    public void Forgive() => ClearErrors(cluster, ProduceRequest);

    /// <summary>How long the broker takes for every answer.</summary>
    public void Delay(TimeSpan time) => Check(SetRtt(cluster, 1, (int)time.TotalMilliseconds));

    /// <summary>Names another port to the clients, on which something passes bytes on to this broker; they then find <see cref="Port"/> only by configuration.</summary>
    public void StandBehind(int port) => SetHostPort(cluster, 1, "127.0.0.1", port);

    /// <summary>What a topic holds, by partition and in its order.</summary>
    public IReadOnlyList<ConsumeResult<string?, string>> Read(string topic, int partitions)
    {
        using var consumer = new ConsumerBuilder<string?, string>(
            new ConsumerConfig
            {
                BootstrapServers = Brokers,
                GroupId = "tests",
                EnableAutoCommit = false,
                EnablePartitionEof = true,
            }
        ).SetLogHandler((_, _) => { }).Build();
        consumer.Assign(
            Enumerable.Range(0, partitions).Select(one => new TopicPartitionOffset(topic, one, Offset.Beginning))
        );
        var read = new List<ConsumeResult<string?, string>>();
        for (var ended = 0; ended < partitions; )
        {
            var next =
                consumer.Consume(TimeSpan.FromSeconds(30))
                ?? throw new TimeoutException($"Topic {topic} was not read to its end.");
            if (next.IsPartitionEOF)
            {
                ended++;
            }
            else
            {
                read.Add(next);
            }
        }

        return read;
    }

    public ValueTask DisposeAsync()
    {
        ClusterDestroy(cluster);
        Destroy(client);
        return ValueTask.CompletedTask;
    }

    private static void Check(int error)
    {
        if (error != 0)
        {
            throw new InvalidOperationException(
                string.Create(CultureInfo.InvariantCulture, $"The mock cluster refused with {(ErrorCode)error}.")
            );
        }
    }

    [LibraryImport(Library, EntryPoint = "rd_kafka_conf_new")]
    private static partial nint ConfigurationNew();

    [LibraryImport(Library, EntryPoint = "rd_kafka_conf_set", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ConfigurationSet(
        nint configuration,
        string name,
        string value,
        byte[] error,
        nint errorSize
    );

    [LibraryImport(Library, EntryPoint = "rd_kafka_new")]
    private static partial nint New(int type, nint configuration, byte[] error, nint errorSize);

    [LibraryImport(Library, EntryPoint = "rd_kafka_destroy")]
    private static partial void Destroy(nint client);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_cluster_new")]
    private static partial nint ClusterNew(nint client, int brokers);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_cluster_destroy")]
    private static partial void ClusterDestroy(nint cluster);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_cluster_bootstraps")]
    private static partial nint Bootstraps(nint cluster);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_topic_create", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int TopicCreate(nint cluster, string topic, int partitions, int replicas);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_broker_set_rtt")]
    private static partial int SetRtt(nint cluster, int broker, int milliseconds);

    [LibraryImport(
        Library,
        EntryPoint = "rd_kafka_mock_broker_set_host_port",
        StringMarshalling = StringMarshalling.Utf8
    )]
    private static partial void SetHostPort(nint cluster, int broker, string host, int port);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_clear_request_errors")]
    private static partial void ClearErrors(nint cluster, short request);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_push_request_errors_array")]
    private static partial void PushErrors(nint cluster, short request, nint count, int[] errors);
}
