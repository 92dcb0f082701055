using LogAudit.Forwarding;

namespace LogAudit.EndToEnd.Tests.Forwarding;

/// <summary>What can no longer be read is told: a ledger row, an error in the function's log and in <c>status</c>. Reading goes on at the first record that there is, never at the end.</summary>
public sealed class LossTests : IAsyncLifetime
{
    private const string Group = "logaudit-soc-slb_log";

    private ForwardedToSoc forwarded = null!;
    private FunctionCloud cloud = null!;
    private MarkedRecords records = null!;

    public async Task InitializeAsync()
    {
        forwarded = await ForwardedToSoc.StartAsync(seed: 5);
        (cloud, records) = (forwarded.Cloud, forwarded.Records);
        await cloud.DeployAsync("sync", forwarded.Settings);
    }

    public Task DisposeAsync() => forwarded.DisposeAsync().AsTask();

    [Fact]
    public async Task Checkpoint_before_the_first_cursor_is_told_and_reading_goes_on_at_the_begin()
    {
        await ForwardAsync(records.Append("slb_log", 4, 25));
        var lost = records.Append("slb_log", 4, 25);
        cloud.Store.Logstore(FunctionCloud.Project, "slb_log")!.ExpireAll();
        var kept = records.Append("slb_log", 4, 25);

        var (ok, answer) = await cloud.SweepAsync();

        Assert.True(ok, answer);
        await AssertToldAsync(answer, "its data expired before it was read", shards: 2);
        var received = Received.Of(forwarded.Soc.Messages);
        Assert.All(kept, marker => Assert.Contains(marker, received.Ids));
        Assert.All(lost, marker => Assert.DoesNotContain(marker, received.Ids));
        Assert.Equal(0, received.Duplicates);
    }

    [Fact]
    public async Task Deleted_consumer_group_is_told_and_everything_is_read_again_under_the_same_ids()
    {
        var before = records.Append("slb_log", 4, 25);
        await ForwardAsync(before);
        cloud.Store.Logstore(FunctionCloud.Project, "slb_log")!.Consumers.Delete(Group);
        var after = records.Append("slb_log", 4, 25);
        // A new process knows of the group only from the ledger.
        cloud.Find("sync").Pool.Crash();

        var (ok, answer) = await cloud.SweepAsync();

        Assert.True(ok, answer);
        await AssertToldAsync(answer, "the consumer group or the Logstore was deleted", shards: 2);
        var received = Received.Of(forwarded.Soc.Messages);
        Assert.All(after, marker => Assert.Contains(marker, received.Ids));
        Assert.All(before, marker => Assert.Equal(2, received.Ids[marker].Count));
        Assert.All(before, marker => Assert.Single(received.Ids[marker].Distinct(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Recreated_Logstore_is_told_and_read_from_its_begin(bool byNewProcess)
    {
        await ForwardAsync(records.Append("slb_log", 4, 25));
        var project = cloud.Store.Project(FunctionCloud.Project)!;
        project.DeleteLogstore("slb_log");
        project.EnsureLogstore("slb_log");
        var after = records.Append("slb_log", 4, 25);
        if (byNewProcess)
        {
            cloud.Find("sync").Pool.Crash();
        }

        var (ok, answer) = await cloud.SweepAsync();

        Assert.True(ok, answer);
        await AssertToldAsync(answer, "the consumer group or the Logstore was deleted", shards: 2);
        var received = Received.Of(forwarded.Soc.Messages);
        Assert.All(after, marker => Assert.Contains(marker, received.Ids));
    }

    private async Task ForwardAsync(IReadOnlyList<string> written)
    {
        var (ok, answer) = await cloud.SweepAsync();
        Assert.True(ok, answer);
        var received = Received.Of(forwarded.Soc.Messages);
        Assert.All(written, marker => Assert.Contains(marker, received.Ids));
    }

    private async Task AssertToldAsync(string answer, string why, int shards)
    {
        Assert.Contains(why, answer, StringComparison.Ordinal);

        var rows = new List<StateRow>();
        var state = new SlsStateStore(cloud.Clients, FunctionCloud.CentralSide, TimeProvider.System);
        await foreach (var row in state.ReadAsync(Ledger.Logstore, CancellationToken.None))
        {
            rows.Add(row);
        }

        var expired = rows.Where(row => row["kind"] == "expired").ToList();
        Assert.Equal(shards, expired.Count);
        Assert.All(expired, row => Assert.Contains(why, row["why"], StringComparison.Ordinal));
        Assert.All(expired, row => Assert.NotEqual(row["from"], row["to"]));

        // Output of a process arrives a little after its answer.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        bool Told() =>
            cloud
                .Output("sync")
                .Split('\n')
                .Count(line =>
                    line.Contains("\"level\":\"Error\",\"event\":6002", StringComparison.Ordinal)
                    && line.Contains(why, StringComparison.Ordinal)
                ) == shards;
        while (!Told())
        {
            Assert.False(patience.IsCancellationRequested, cloud.Output("sync"));
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, CancellationToken.None);
        }

        var status = await cloud.StatusAsync(forwarded.Settings);
        Assert.Equal(shards, status.Count(shard => shard.ExpiredRanges == 1));
        Assert.All(
            status.Where(shard => shard.ExpiredRanges == 1),
            shard => Assert.Contains(why, shard.LastError, StringComparison.Ordinal)
        );
    }
}
