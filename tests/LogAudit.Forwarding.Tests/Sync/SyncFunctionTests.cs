using System.Text;
using LogAudit.Forwarding.Tests.Records;
using LogAudit.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace LogAudit.Forwarding.Tests.Sync;

public sealed class SyncFunctionTests : IDisposable
{
    private static readonly LogTarget Target = Normalised.Target("test_log");

    private readonly FakeCloud cloud = new();
    private readonly RuledSink sink = new();

    public void Dispose() => sink.Dispose();

    [Theory]
    [InlineData(
        """{"parameter":{},"source":{"endpoint":"http://cn-shanghai-intranet.log.aliyuncs.com","projectName":"logaudit-center-1000000000000001-cn-shanghai","logstoreName":"test_log","shardId":0,"beginCursor":"MTc2","endCursor":"MTc3"},"jobName":"j","taskId":"t","cursorTime":1764000025}"""
    )]
    [InlineData(
        """{"source":{"projectName":"logaudit-center-1000000000000001-cn-shanghai","logstoreName":"test_log","shardId":"0"}}"""
    )]
    [InlineData("""{"triggerTime":"2026-01-05T04:00:00Z","triggerName":"sweep","payload":"{\"job\":\"sweep\"}"}""")]
    public async Task RunAsync_forwards_on_a_doorbell_and_on_the_timer(string payload)
    {
        cloud.Shards![0].Add("a", 2, 2);

        var report = await Function().RunAsync(Encoding.UTF8.GetBytes(payload), Deadline.None, CancellationToken.None);

        Assert.True(report.Succeeded);
        Assert.Equal(4, sink.Accepted.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData(
        """{"source":{"projectName":"logaudit-center-1000000000000001-cn-shanghai","logstoreName":"test_log"}}"""
    )]
    [InlineData(
        """{"source":{"projectName":"logaudit-center-1000000000000001-cn-shanghai","logstoreName":"A B","shardId":0}}"""
    )]
    [InlineData("""{"source":{"projectName":"another-project","logstoreName":"test_log","shardId":0}}""")]
    public async Task RunAsync_says_what_is_wrong_with_an_event_and_touches_nothing(string payload)
    {
        cloud.Shards![0].Add("a", 2, 2);

        var refused = await Assert.ThrowsAsync<SyncEventException>(() =>
            Function().RunAsync(Encoding.UTF8.GetBytes(payload), Deadline.None, CancellationToken.None)
        );

        Assert.Contains("trigger", refused.Message, StringComparison.Ordinal);
        Assert.Empty(cloud.Calls);
    }

    private SyncFunction Function()
    {
        var time = new InstantTime();
        var engine = new SyncEngine(
            cloud,
            new Ledger(cloud, time),
            new DeadLetters(cloud, TimeProvider.System),
            new MappingCatalogue([]),
            [new Destination("d0", sink, new Json(), [])],
            new SyncOptions(),
            time,
            NullLogger<SyncEngine>.Instance
        );
        return new SyncFunction(
            engine,
            new CentralSettings
            {
                Account = Target.Account,
                Region = Target.Region,
                Project = Target.Project,
            },
            [Target.Logstore],
            canaries: null
        );
    }
}
