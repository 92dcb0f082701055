using System.Text;
using Confluent.Kafka;
using LogAudit.Testing;

namespace LogAudit.Forwarding.Tests.Sinks;

public sealed class KafkaTests : SinkContract
{
    private const string Topic = "audit";

    protected override IFormat Format { get; } = new Json();

    [Fact]
    public async Task Message_carries_id_and_content_type_and_an_account_keeps_its_order_in_one_partition()
    {
        await using var cluster = Cluster(partitions: 4);
        using var sink = new Kafka(Options(cluster), TimeProvider.System);
        MarkedRecord[] records =
        [
            .. Enumerable.Range(0, 30).Select(index => new MarkedRecord($"100000000000000{index % 3}")),
        ];
        using var batch = SinkBatches.Of(Format, records);

        await sink.SendAsync(batch, CancellationToken.None);

        var read = cluster.Read(Topic, partitions: 4);
        Assert.Equal(30, read.Count);
        foreach (var account in read.GroupBy(one => one.Message.Key))
        {
            Assert.Single(account.Select(one => one.Partition.Value).Distinct());
            var own = Enumerable.Range(0, 30).Where(index => records[index].Account == account.Key).ToArray();
            Assert.Equal(
                own.Select(index => Encoding.UTF8.GetString(batch.Body(index).Span)),
                account.Select(one => one.Message.Value)
            );
            Assert.Equal(
                own.Select(index => Encoding.ASCII.GetString(batch.Id(index))),
                account.Select(one => Header(one.Message, "event-id"))
            );
        }

        Assert.All(read, one => Assert.Equal("application/json", Header(one.Message, "content-type")));
    }

    [Theory]
    [InlineData(CompressionType.None)]
    [InlineData(CompressionType.Gzip)]
    [InlineData(CompressionType.Snappy)]
    [InlineData(CompressionType.Zstd)]
    public async Task Every_compression_arrives(CompressionType compression)
    {
        await using var cluster = Cluster();
        using var sink = new Kafka(Options(cluster) with { Compression = compression }, TimeProvider.System);
        using var batch = SinkBatches.Of(Format, 50, padding: 500);

        await sink.SendAsync(batch, CancellationToken.None);

        Assert.Equal(50, Markers(Values(cluster)).Count());
    }

    [Fact]
    public async Task Record_that_is_too_large_is_rejected_and_the_others_are_accepted()
    {
        await using var cluster = Cluster();
        using var sink = new Kafka(Options(cluster) with { MaxMessageBytes = 5_000 }, TimeProvider.System);
        using var large = SinkBatches.Of(Format, 2, padding: 6_000);
        using var small = SinkBatches.Of(Format, 3);

        var report = await sink.SendAsync(large, CancellationToken.None);
        var others = await sink.SendAsync(small, CancellationToken.None);

        Assert.All(
            Outcomes(report),
            outcome =>
                Assert.Contains("5000", Assert.IsType<RecordOutcome.Reject>(outcome).Reason, StringComparison.Ordinal)
        );
        Assert.All(Outcomes(others), outcome => Assert.IsType<RecordOutcome.Accepted>(outcome));
        Assert.Equal(3, Values(cluster).Count());
    }

    [Fact]
    public async Task Batch_that_the_broker_refuses_for_its_size_goes_again_record_by_record()
    {
        await using var cluster = Cluster();
        using var sink = new Kafka(Options(cluster), TimeProvider.System);
        using var batch = SinkBatches.Of(Format, 30);
        cluster.Next(ErrorCode.MsgSizeTooLarge, ErrorCode.NoError, ErrorCode.MsgSizeTooLarge);

        var report = await sink.SendAsync(batch, CancellationToken.None);

        var rejected = Assert.Single(Outcomes(report).OfType<RecordOutcome.Reject>());
        Assert.Contains(Topic, rejected.Reason, StringComparison.Ordinal);
        Assert.Equal(29, Outcomes(report).Count(outcome => outcome is RecordOutcome.Accepted));
        Assert.Equal(29, Markers(Values(cluster)).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task Broken_connections_are_mended_without_repeating_or_reordering()
    {
        await using var cluster = Cluster();
        using var sink = new Kafka(Options(cluster), TimeProvider.System);
        using var batch = SinkBatches.Of(Format, 300, padding: 100);
        cluster.Next(ErrorCode.Local_Transport, ErrorCode.NotLeaderForPartition, ErrorCode.NotEnoughReplicas);

        var report = await sink.SendAsync(batch, CancellationToken.None);

        Assert.All(Outcomes(report), outcome => Assert.IsType<RecordOutcome.Accepted>(outcome));
        Assert.Equal(Enumerable.Range(0, 300).Select(SinkBatches.Marker), Markers(Values(cluster)));
    }

    [Theory]
    [InlineData(ErrorCode.TopicAuthorizationFailed)]
    [InlineData(ErrorCode.InvalidProducerEpoch)]
    [InlineData(ErrorCode.OutOfOrderSequenceNumber)]
    public async Task Error_about_us_rejects_nothing_and_the_next_call_is_accepted(ErrorCode error)
    {
        await using var cluster = Cluster();
        using var sink = new Kafka(Options(cluster) with { Timeout = TimeSpan.FromSeconds(3) }, TimeProvider.System);
        using var batch = SinkBatches.Of(Format, 3);
        cluster.Next(error);

        var first = await sink.SendAsync(batch, CancellationToken.None);
        var second = await sink.SendAsync(batch, CancellationToken.None);

        Assert.DoesNotContain(Outcomes(first), outcome => outcome is RecordOutcome.Reject);
        Assert.All(Outcomes(second), outcome => Assert.IsType<RecordOutcome.Accepted>(outcome));
    }

    [Fact]
    public async Task More_than_the_client_queues_is_sent_all_the_same()
    {
        await using var cluster = Cluster();
        using var sink = new Kafka(Options(cluster), TimeProvider.System);
        using var batch = SinkBatches.Of(Format, 45_000);

        var report = await sink.SendAsync(batch, CancellationToken.None);

        Assert.All(Outcomes(report), outcome => Assert.IsType<RecordOutcome.Accepted>(outcome));
        Assert.Equal(45_000, cluster.Read(Topic, partitions: 1).Count);
    }

    [Fact]
    public async Task Calls_at_the_same_time_share_a_producer_and_cancelling_one_harms_no_other()
    {
        await using var cluster = Cluster();
        using var sink = new Kafka(Options(cluster), TimeProvider.System);
        using var batch = SinkBatches.Of(Format, 100);
        using var other = SinkBatches.Of(Format, 100);
        using var cancel = new CancellationTokenSource();
        cluster.Delay(TimeSpan.FromMilliseconds(200));
        var cancelled = sink.SendAsync(other, cancel.Token);
        var sending = sink.SendAsync(batch, CancellationToken.None);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.All(Outcomes(await sending), outcome => Assert.IsType<RecordOutcome.Accepted>(outcome));
    }

    protected override Task<SinkUnderTest> StartAsync(SocMood mood, TimeSpan timeout)
    {
        var cluster = Cluster();
        // The client mends a cut connection itself, so a receiver that cuts once must go on until the time is up.
        var patience = mood == SocMood.Cuts ? TimeSpan.FromSeconds(3) : timeout;
        var sink = new Kafka(Options(cluster) with { Timeout = patience }, TimeProvider.System);
        if (mood == SocMood.Cuts)
        {
            cluster.Next([.. Enumerable.Repeat(ErrorCode.Local_Transport, 1_000)]);
        }
        else if (mood == SocMood.Hangs)
        {
            cluster.Delay(TimeSpan.FromMinutes(10));
        }

        return Task.FromResult(new SinkUnderTest(new HealedAfterFirstTry(sink, Heal), () => Values(cluster), cluster));

        void Heal()
        {
            cluster.Forgive();
            cluster.Delay(TimeSpan.Zero);
        }
    }

    private static KafkaCluster Cluster(int partitions = 1)
    {
        var cluster = new KafkaCluster();
        cluster.Create(Topic, partitions);
        return cluster;
    }

    private static KafkaOptions Options(KafkaCluster cluster) =>
        new()
        {
            Brokers = cluster.Brokers,
            Topic = Topic,
            IsTls = false,
        };

    private static IEnumerable<string> Values(KafkaCluster cluster) =>
        cluster.Read(Topic, partitions: 1).Select(one => one.Message.Value);

    private static string Header(Message<string?, string> message, string name) =>
        Encoding.ASCII.GetString(message.Headers.GetLastBytes(name));
}
