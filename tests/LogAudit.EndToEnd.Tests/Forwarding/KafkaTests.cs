using LogAudit.Testing;
using Xunit.Abstractions;

namespace LogAudit.EndToEnd.Tests.Forwarding;

/// <summary>The published function, with Native AOT in CI, and its native client before a mock cluster.</summary>
public sealed class KafkaTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Sync_as_published_produces_to_kafka()
    {
        output.WriteLine($"package: {FunctionPackage.Of("sync").Mode}");
        await using var cluster = new KafkaCluster();
        cluster.Create("audit", 1);
        await using var cloud = await FunctionCloud.StartAsync(seed: 1);
        var settings = FunctionCloud.Central + Destination(cluster.Brokers);
        await cloud.DeployAsync("sync", settings);
        var records = new MarkedRecords(cloud, seed: 1);
        records.Append("rds_log", groups: 3, perGroup: 20);

        var (ok, answer) = await cloud.SweepAsync();

        Assert.True(ok, answer + cloud.Output("sync"));
        var received = Received.Of(cluster.Read("audit", partitions: 1).Select(one => one.Message.Value));
        Assert.Equal(records.Written.Order(StringComparer.Ordinal), received.Ids.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(60, (await cloud.StatusAsync(settings)).Sum(shard => shard.Counts.Delivered));
    }

    private static string Destination(string brokers) =>
        $"""
            destinations:
              - name: soc
                sink: kafka
                format: json
                options:
                  brokers: {brokers}
                  topic: audit
                  security: plaintext

            """;
}
