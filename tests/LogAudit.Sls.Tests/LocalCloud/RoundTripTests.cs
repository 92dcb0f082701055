using System.Text;
using System.Text.Json.Nodes;
using LogAudit.LocalCloud.Kernel;

namespace LogAudit.Sls.Tests.LocalCloud;

/// <summary>Every call, end to end, against a service that was not written from this client.</summary>
public sealed class RoundTripTests
{
    private static readonly ProjectName Project = new("logaudit-center-test");
    private static readonly LogstoreName Store = new("slb_log");

    [Fact]
    public async Task Projects_and_logstores_live_through_their_calls()
    {
        await using var cloud = await OnLocalCloud.StartAsync();
        var sls = cloud.Client;

        Assert.Null(await sls.GetProjectAsync(Project, default));
        await sls.CreateProjectAsync(Project, "test", default);
        Assert.Equal("cn-hangzhou", (await sls.GetProjectAsync(Project, default))!.Region);
        Assert.Equal([Project], await ListAsync(sls.ListProjectsAsync("", default), project => project.Name));

        LogstoreConfig config = new() { Name = Store, TtlDays = 7 };
        Assert.Null(await sls.GetLogstoreAsync(Project, Store, default));
        await sls.CreateLogstoreAsync(Project, config, default);
        await sls.UpdateLogstoreAsync(Project, config with { TtlDays = 180, AutoSplit = false }, default);
        var read = await sls.GetLogstoreAsync(Project, Store, default);
        Assert.Equal((180, false, 2), (read!.TtlDays, read.AutoSplit, read.ShardCount));
        Assert.NotNull(read.Created);
        Assert.Equal([Store], await ListAsync(sls.ListLogstoresAsync(Project, default), name => name));
        var twice = await Assert.ThrowsAsync<SlsException>(() => sls.CreateLogstoreAsync(Project, config, default));
        Assert.Equal("LogStoreAlreadyExist", twice.ErrorCode);

        await sls.DeleteLogstoreAsync(Project, Store, default);
        await sls.DeleteLogstoreAsync(Project, Store, default);
        Assert.Null(await sls.GetLogstoreAsync(Project, Store, default));
        await sls.DeleteProjectAsync(Project, default);
        Assert.Null(await sls.GetProjectAsync(Project, default));
    }

    [Theory]
    [InlineData(LogCompression.Lz4, SlsSignature.V4)]
    [InlineData(LogCompression.Zstd, SlsSignature.V4)]
    [InlineData(LogCompression.Deflate, SlsSignature.V1Sha256)]
    [InlineData(LogCompression.None, SlsSignature.V1Sha1)]
    public async Task Logs_come_back_as_they_were_put(LogCompression compression, SlsSignature signature)
    {
        await using var cloud = await WithStoreAsync(
            shards: 1,
            new SlsOptions { PullCompression = compression, Signature = signature }
        );
        var sls = cloud.Client;
        using var logs = new LogGroupWriter("topic", "192.0.2.10", [new("origin", "test")]);
        for (var i = 0; i < 5000; i++)
        {
            logs.BeginLog(DateTimeOffset.UnixEpoch.AddSeconds(1_768_465_845).AddTicks(i));
            logs.Field("n", Numbers.Text(i));
            logs.Field("text", "审计");
            logs.EndLog();
        }

        await sls.PutLogsAsync(Project, Store, logs, compression, default);

        var seen = await PullAllAsync(sls, shard: 0);
        Assert.Equal(Enumerable.Range(0, 5000).Select(i => Numbers.Text(i)), seen.Select(log => log.N));
        Assert.All(seen, log => Assert.Equal(("topic", "192.0.2.10", "test", "审计"), log.Rest));
        Assert.Equal(499_900u, seen[4999].Nanos);
        Assert.Equal(2, seen.Select(log => log.Group).Distinct().Count());
    }

    [Fact]
    public async Task Cursors_number_the_groups_alike_however_they_are_pulled()
    {
        await using var cloud = await WithStoreAsync(shards: 1);
        var sls = cloud.Client;
        for (var i = 0; i < 9; i++)
        {
            await PutAsync(sls, Numbers.Text(i));
        }

        var atOnce = await PullAllAsync(sls, 0, count: 1000);
        var oneByOne = await PullAllAsync(sls, 0, count: 1);
        var inThrees = await PullAllAsync(sls, 0, count: 3);

        Assert.Equal(atOnce.Select(log => (log.N, log.Group)), oneByOne.Select(log => (log.N, log.Group)));
        Assert.Equal(atOnce.Select(log => (log.N, log.Group)), inThrees.Select(log => (log.N, log.Group)));
        var begin = await sls.GetCursorAsync(Project, Store, 0, CursorFrom.Begin, default);
        var time = await sls.GetCursorTimeAsync(Project, Store, 0, begin, default);
        Assert.InRange(time, DateTimeOffset.UnixEpoch.AddYears(50), DateTimeOffset.MaxValue);
    }

    [Fact]
    public async Task Shards_split_and_merge()
    {
        await using var cloud = await WithStoreAsync(shards: 1);
        var sls = cloud.Client;

        await sls.SplitShardAsync(Project, Store, 0, "", default);
        var split = await sls.ListShardsAsync(Project, Store, default);
        await sls.MergeShardsAsync(Project, Store, 1, default);
        var merged = await sls.ListShardsAsync(Project, Store, default);

        Assert.Equal([false, true, true], split.Select(shard => shard.Writable));
        Assert.True(split[1].Follows(split[0]) && split[2].Follows(split[0]));
        Assert.Equal([false, false, false, true], merged.Select(shard => shard.Writable));
        Assert.True(merged[3].Follows(merged[1]) && merged[3].Follows(merged[2]));
    }

    [Fact]
    public async Task Consumer_groups_keep_checkpoints()
    {
        await using var cloud = await WithStoreAsync(shards: 2);
        var sls = cloud.Client;
        ConsumerGroup group = new("logaudit-soc-slb_log", TimeSpan.FromSeconds(60), Ordered: true);
        var missing = await Assert.ThrowsAsync<SlsException>(() =>
            sls.GetCheckpointsAsync(Project, Store, group.Name, default)
        );
        Assert.True(missing.IsNotFound);

        await sls.CreateConsumerGroupAsync(Project, Store, group, default);
        await sls.UpdateConsumerGroupAsync(Project, Store, group with { Ordered = false }, default);
        Assert.Equal([group with { Ordered = false }], await sls.ListConsumerGroupsAsync(Project, Store, default));
        var end = await sls.GetCursorAsync(Project, Store, 1, CursorFrom.End, default);
        await sls.SaveCheckpointAsync(Project, Store, group.Name, 1, end, consumer: null, default);
        Assert.Equal([0, 1], await sls.HeartbeatAsync(Project, Store, group.Name, "one", [], default));
        await sls.SaveCheckpointAsync(Project, Store, group.Name, 1, end, "one", default);

        var checkpoints = await sls.GetCheckpointsAsync(Project, Store, group.Name, default);
        Assert.Equal(end, checkpoints.Single(one => one.Shard == 1).Cursor);
        await sls.DeleteConsumerGroupAsync(Project, Store, group.Name, default);
        Assert.Empty(await sls.ListConsumerGroupsAsync(Project, Store, default));
    }

    [Fact]
    public async Task An_index_makes_logs_searchable()
    {
        await using var cloud = await WithStoreAsync(shards: 1);
        var sls = cloud.Client;
        IndexConfig index = new()
        {
            FullText = new(),
            Keys = new Dictionary<string, IndexKey>(StringComparer.Ordinal) { ["n"] = new() { Type = "long" } },
        };

        Assert.Null(await sls.GetIndexAsync(Project, Store, default));
        await sls.CreateIndexAsync(Project, Store, index, default);
        Assert.Equal(index, await sls.GetIndexAsync(Project, Store, default));
        await sls.UpdateIndexAsync(Project, Store, index with { MaxTextLength = 4096 }, default);
        await PutAsync(sls, "1");
        await PutAsync(sls, "2");
        var now = TimeProvider.System.GetUtcNow();
        var found = await sls.GetLogsAsync(
            Project,
            Store,
            new()
            {
                From = now.AddHours(-1),
                To = now.AddHours(1),
                Query = "n: 2",
            },
            default
        );

        Assert.True(found.Complete);
        Assert.Equal("2", Assert.Single(found.Rows)["n"]);
    }

    [Fact]
    public async Task Dashboards_metricstores_and_policies_live_through_their_calls()
    {
        await using var cloud = await WithStoreAsync(shards: 1);
        var sls = cloud.Client;

        JsonObject dashboard = new()
        {
            ["dashboardName"] = "slb_audit_center",
            ["displayName"] = "SLB",
            ["attribute"] = new JsonObject { ["type"] = "grid" },
            ["charts"] = new JsonArray(),
        };
        await sls.CreateDashboardAsync(Project, dashboard, default);
        dashboard["displayName"] = "SLB audit";
        await sls.UpdateDashboardAsync(Project, dashboard, default);
        var read = await sls.GetDashboardAsync(Project, "slb_audit_center", default);
        Assert.Equal("SLB audit", (string?)read!["displayName"]);
        Assert.Equal(["slb_audit_center"], await ListAsync(sls.ListDashboardsAsync(Project, default), name => name));
        await sls.DeleteDashboardAsync(Project, "slb_audit_center", default);
        Assert.Null(await sls.GetDashboardAsync(Project, "slb_audit_center", default));

        MetricstoreConfig metrics = new() { Name = new LogstoreName("audit_metrics"), TtlDays = 30 };
        await sls.CreateMetricstoreAsync(Project, metrics, default);
        await sls.UpdateMetricstoreAsync(Project, metrics with { TtlDays = 90 }, default);
        Assert.Equal(90, (await sls.GetMetricstoreAsync(Project, metrics.Name, default))!.TtlDays);
        await sls.DeleteMetricstoreAsync(Project, metrics.Name, default);
        Assert.Null(await sls.GetMetricstoreAsync(Project, metrics.Name, default));

        CollectionPolicy policy = new()
        {
            Name = "logaudit-oss-access",
            ProductCode = "oss",
            DataCode = "access_log",
            Central = new(new RegionId("cn-hangzhou"), Project, Store, 30),
        };
        await sls.UpsertCollectionPolicyAsync(policy, default);
        Assert.Equal(policy, await sls.GetCollectionPolicyAsync(policy.Name, default));
        Assert.Equal([policy], await ListAsync(sls.ListCollectionPoliciesAsync("oss", "", default), one => one));
        await sls.DeleteCollectionPolicyAsync(policy.Name, default);
        await sls.DeleteCollectionPolicyAsync(policy.Name, default);
        Assert.Null(await sls.GetCollectionPolicyAsync(policy.Name, default));
    }

    [Fact]
    public async Task Etl_jobs_live_through_their_calls()
    {
        await using var cloud = await WithStoreAsync(shards: 1);
        var sls = cloud.Client;
        EtlJob job = new()
        {
            Name = "logaudit-slb-log",
            DisplayName = "slb_log to the centre",
            Source = Store,
            RoleArn = $"acs:ram::{OnLocalCloud.Uid}:role/logaudit-etl",
            Sinks =
            [
                new(
                    "central",
                    "cn-hangzhou-intranet.log.aliyuncs.com",
                    Project,
                    new LogstoreName("other_log"),
                    $"acs:ram::{OnLocalCloud.Uid}:role/logaudit-etl-sink"
                ),
            ],
        };

        await sls.CreateEtlJobAsync(Project, job, default);
        await sls.UpdateEtlJobAsync(Project, job with { Description = "changed" }, default);
        var read = await sls.GetEtlJobAsync(Project, job.Name, default);
        Assert.Equal(job with { Description = "changed", Status = read!.Status }, read);
        Assert.Equal([job.Name], await ListAsync(sls.ListEtlJobsAsync(Project, default), one => one.Name));
        await sls.DeleteEtlJobAsync(Project, job.Name, default);
        Assert.Null(await sls.GetEtlJobAsync(Project, job.Name, default));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Broken_calls_lose_nothing(int seed)
    {
        await using var cloud = await OnLocalCloud.StartAsync(seed);
        cloud.Break(FaultKind.ServerError, 0.1);
        cloud.Break(FaultKind.Throttle, 0.1);
        cloud.Break(FaultKind.CutBefore, 0.05);
        cloud.Break(FaultKind.LostAnswer, 0.1);
        var sls = cloud.Client;

        await sls.CreateProjectAsync(Project, "test", default);
        await sls.CreateLogstoreAsync(
            Project,
            new()
            {
                Name = Store,
                TtlDays = 7,
                ShardCount = 1,
            },
            default
        );
        for (var i = 0; i < 60; i++)
        {
            await PutAsync(sls, Numbers.Text(i));
        }

        var seen = await PullAllAsync(sls, 0, count: 5);
        Assert.Equal(Enumerable.Range(0, 60).Select(i => Numbers.Text(i)), seen.Select(log => log.N).Distinct());
    }

    private static async Task<OnLocalCloud> WithStoreAsync(int shards, SlsOptions? options = null)
    {
        var cloud = await OnLocalCloud.StartAsync(options: options);
        await cloud.Client.CreateProjectAsync(Project, "test", default);
        foreach (var name in (LogstoreName[])[Store, new("other_log")])
        {
            await cloud.Client.CreateLogstoreAsync(
                Project,
                new()
                {
                    Name = name,
                    TtlDays = 3650,
                    ShardCount = shards,
                },
                default
            );
        }

        return cloud;
    }

    private static async Task PutAsync(SlsClient sls, string n)
    {
        using var logs = new LogGroupWriter("topic", "192.0.2.10", [new("origin", "test")]);
        logs.BeginLog(TimeProvider.System.GetUtcNow());
        logs.Field("n", n);
        logs.Field("text", "审计");
        logs.EndLog();
        await sls.PutLogsAsync(Project, Store, logs, LogCompression.Lz4, default);
    }

    private static async Task<List<SeenLog>> PullAllAsync(SlsClient sls, int shard, int count = 1000)
    {
        List<SeenLog> seen = [];
        var cursor = await sls.GetCursorAsync(Project, Store, shard, CursorFrom.Begin, default);
        while (true)
        {
            using var pulled = await sls.PullLogsAsync(Project, Store, shard, cursor, null, count, default);
            if (pulled.AtEnd)
            {
                return seen;
            }

            See(pulled, seen);
            cursor = pulled.NextCursor;
        }
    }

    private static void See(PulledLogs pulled, List<SeenLog> seen)
    {
        for (var groups = pulled.Groups(); groups.Next(); )
        {
            var origin = "";
            for (var tags = groups.Tags(); tags.Next(); )
            {
                origin = tags.Key.SequenceEqual("origin"u8) ? Encoding.UTF8.GetString(tags.Value) : origin;
            }

            for (var logs = groups.Logs(); logs.Next(); )
            {
                Dictionary<string, string> fields = new(StringComparer.Ordinal);
                for (var one = logs.Fields(); one.Next(); )
                {
                    fields[Encoding.UTF8.GetString(one.Key)] = Encoding.UTF8.GetString(one.Value);
                }

                seen.Add(
                    new(
                        fields["n"],
                        logs.TimeNs,
                        pulled.GroupCursor(groups.Index).Number,
                        (
                            Encoding.UTF8.GetString(groups.Topic),
                            Encoding.UTF8.GetString(groups.Source),
                            origin,
                            fields["text"]
                        )
                    )
                );
            }
        }
    }

    private static async Task<List<TTo>> ListAsync<TFrom, TTo>(IAsyncEnumerable<TFrom> rows, Func<TFrom, TTo> pick)
    {
        List<TTo> list = [];
        await foreach (var row in rows)
        {
            list.Add(pick(row));
        }

        return list;
    }

    private sealed record SeenLog(
        string N,
        uint Nanos,
        long Group,
        (string Topic, string Source, string Origin, string Text) Rest
    );
}
