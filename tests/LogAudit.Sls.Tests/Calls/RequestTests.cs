using System.Text.Json.Nodes;
using Google.Protobuf;
using LogAudit.Sls.Tests.Reading;
using LogAudit.Wire;

namespace LogAudit.Sls.Tests.Calls;

/// <summary>What goes on the wire, call by call, and what is made of the documented answers.</summary>
public sealed class RequestTests
{
    private static readonly ProjectName Project = new("audit-central");
    private static readonly LogstoreName Logstore = new("slb_log");
    private const string Host = "audit-central.cn-hangzhou.log.aliyuncs.com";

    [Fact]
    public async Task Every_request_carries_the_common_headers_and_is_signed()
    {
        using var sls = new ScriptedSls().Answer("""{"projectName":"audit-central","region":"cn-hangzhou"}""");

        var project = await sls.Client.GetProjectAsync(Project, default);

        var asked = Assert.Single(sls.Requests);
        Assert.Equal($"GET {Host}/", asked.ToString());
        Assert.Equal("0.6.0", asked.Headers["x-log-apiversion"]);
        Assert.Equal("0", asked.Headers["x-log-bodyrawsize"]);
        Assert.Equal(ScriptedSls.Token, asked.Headers["x-acs-security-token"]);
        Assert.StartsWith(
            "SLS4-HMAC-SHA256 Credential=LTAI5tEXAMPLEKEYID0001/20260115/cn-hangzhou/sls/aliyun_v4_request,Signature=",
            asked.Headers["authorization"],
            StringComparison.Ordinal
        );
        Assert.Equal("cn-hangzhou", project!.Region);
    }

    [Fact]
    public async Task Update_logstore_writes_back_the_whole_object()
    {
        using var sls = new ScriptedSls()
            .Answer("""{"logstoreName":"slb_log","ttl":7,"shardCount":3,"enable_tracking":true,"autoSplit":false}""")
            .Answer("");

        await sls.Client.UpdateLogstoreAsync(
            Project,
            new()
            {
                Name = Logstore,
                TtlDays = 180,
                ShardCount = 2,
            },
            default
        );

        var written = JsonNode.Parse(sls.Requests[1].Text)!;
        Assert.Equal($"PUT {Host}/logstores/slb_log", sls.Requests[1].ToString());
        Assert.Equal(180, (int)written["ttl"]!);
        Assert.Equal(3, (int)written["shardCount"]!);
        Assert.True((bool)written["enable_tracking"]!);
        Assert.True((bool)written["autoSplit"]!);
        Assert.Equal(64, (int)written["maxSplitShard"]!);
    }

    [Fact]
    public async Task Lists_go_on_until_the_total()
    {
        using var sls = new ScriptedSls()
            .Answer("""{"total":3,"count":2,"logstores":["aaa","bbb"]}""")
            .Answer("""{"total":3,"count":1,"logstores":["ccc"]}""");

        List<string> names = [];
        await foreach (var name in sls.Client.ListLogstoresAsync(Project, default))
        {
            names.Add(name.Value);
        }

        Assert.Equal(["aaa", "bbb", "ccc"], names);
        Assert.Equal(
            [$"GET {Host}/logstores?offset=0&size=100", $"GET {Host}/logstores?offset=2&size=100"],
            sls.Requests.Select(request => request.ToString())
        );
    }

    [Fact]
    public async Task An_index_reads_back_as_it_was_written()
    {
        IndexConfig index = new()
        {
            FullText = new(),
            Keys = new Dictionary<string, IndexKey>(StringComparer.Ordinal)
            {
                ["status"] = new() { Type = "long" },
                ["host"] = new() { Type = "text", Alias = "h" },
                ["event"] = new()
                {
                    Type = "json",
                    JsonKeys = new Dictionary<string, IndexKey>(StringComparer.Ordinal)
                    {
                        ["userIdentity.userName"] = new() { Type = "text" },
                    },
                },
            },
        };
        using var sls = new ScriptedSls().Answer("");
        await sls.Client.CreateIndexAsync(Project, Logstore, index, default);
        sls.Answer(sls.Requests[0].Text);

        Assert.Equal(index, await sls.Client.GetIndexAsync(Project, Logstore, default));
        Assert.Equal($"POST {Host}/logstores/slb_log/index", sls.Requests[0].ToString());
    }

    [Fact]
    public async Task Collection_policies_go_to_the_endpoint_that_answers_for_them()
    {
        CollectionPolicy policy = new()
        {
            Name = "logaudit-oss-access",
            ProductCode = "oss",
            DataCode = "access_log",
            Rule = new() { Mode = "attributeMode", Regions = ["cn-*"] },
            Central = new(new RegionId("cn-shanghai"), Project, new LogstoreName("oss_log"), 180),
            Directory = new([new AccountId("1098765432101234")]),
        };
        using var sls = new ScriptedSls().Answer("");
        await sls.Client.UpsertCollectionPolicyAsync(policy, default);
        sls.Answer($$"""{"collectionPolicy":{{sls.Requests[0].Text}}}""");

        Assert.Equal(policy, await sls.Client.GetCollectionPolicyAsync("logaudit-oss-access", default));
        Assert.Equal("POST cn-shanghai.log.aliyuncs.com/collectionpolicy", sls.Requests[0].ToString());
        Assert.Contains("/cn-shanghai/sls/", sls.Requests[0].Headers["authorization"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_policy_with_an_empty_directory_object_has_none()
    {
        using var sls = new ScriptedSls().Answer(
            """
            {"totalCount":1,"currentCount":1,"data":[{"policyName":"internal_cloudlens_sls_audit_log","internalPolicy":true,
            "productCode":"sls","dataCode":"audit_log","enabled":true,"policyConfig":{"resourceMode":"all","regions":[],"instanceIds":[],"resourceTags":{}},
            "centralizeEnabled":false,"centralizeConfig":{},"dataConfig":{"dataRegion":"cn-hangzhou","dataProject":""},
            "resourceDirectory":{"accountGroupType":"","members":[]}}]}
            """
        );

        List<CollectionPolicy> policies = [];
        await foreach (var policy in sls.Client.ListCollectionPoliciesAsync("sls", "audit_log", default))
        {
            policies.Add(policy);
        }

        var one = Assert.Single(policies);
        Assert.True(one.Internal);
        Assert.Null(one.Directory);
        Assert.Null(one.Central);
        Assert.Equal("cn-hangzhou", one.DataRegion);
    }

    [Fact]
    public async Task An_etl_job_reads_back_as_it_was_written()
    {
        EtlJob job = new()
        {
            Name = "logaudit-slb-log",
            DisplayName = "slb_log to the centre",
            Source = Logstore,
            RoleArn = "acs:ram::1:role/logaudit-etl",
            Sinks = [new("central", "cn-shanghai-intranet.log.aliyuncs.com", Project, Logstore, "acs:ram::2:role/x")],
        };
        using var sls = new ScriptedSls().Answer("");
        await sls.Client.CreateEtlJobAsync(Project, job, default);
        sls.Answer(sls.Requests[0].Text);

        Assert.Equal(job, await sls.Client.GetEtlJobAsync(Project, job.Name, default));
        Assert.Equal($"POST {Host}/etls", sls.Requests[0].ToString());
    }

    [Fact]
    public async Task Consumer_groups_speak_as_documented()
    {
        using var sls = new ScriptedSls()
            .Answer("")
            .Answer("""[{"name":"soc","timeout":60,"order":true}]""")
            .Answer("[0,1,2]")
            .Answer("")
            .Answer("")
            .Answer(
                """[{"shard":0,"checkpoint":"MTIz","updateTime":1524224984800922,"consumer":"fc-1"},{"shard":1,"checkpoint":"","updateTime":0,"consumer":""}]"""
            );
        ConsumerGroup group = new("soc", TimeSpan.FromSeconds(60), Ordered: true);
        var client = sls.Client;

        await client.CreateConsumerGroupAsync(Project, Logstore, group, default);
        Assert.Equal([group], await client.ListConsumerGroupsAsync(Project, Logstore, default));
        Assert.Equal([0, 1, 2], await client.HeartbeatAsync(Project, Logstore, "soc", "fc-1", [0, 1], default));
        await client.SaveCheckpointAsync(Project, Logstore, "soc", 0, Cursor.Of(123), consumer: null, default);
        await client.SaveCheckpointAsync(Project, Logstore, "soc", 0, Cursor.Of(123), "fc-1", default);
        var checkpoints = await client.GetCheckpointsAsync(Project, Logstore, "soc", default);

        const string path = $"{Host}/logstores/slb_log/consumergroups";
        Assert.Equal(
            [
                $"POST {path}",
                $"GET {path}",
                $"POST {path}/soc?consumer=fc-1&type=heartbeat",
                $"POST {path}/soc?forceSuccess=true&type=checkpoint",
                $"POST {path}/soc?consumer=fc-1&forceSuccess=false&type=checkpoint",
                $"GET {path}/soc",
            ],
            sls.Requests.Select(request => request.ToString())
        );
        Assert.Equal("[0,1]", sls.Requests[2].Text);
        Assert.Equal("""{"shard":0,"checkpoint":"MTIz"}""", sls.Requests[3].Text);
        Assert.Equal(123, checkpoints[0].Cursor!.Value.Number);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1524224984).AddTicks(8009220), checkpoints[0].Updated);
        Assert.Null(checkpoints[1].Cursor);
        Assert.Null(checkpoints[1].Updated);
    }

    [Theory]
    [InlineData("ConsumerNotExsit", true)]
    [InlineData("ConsumerNotMatch", true)]
    [InlineData("ShardNotExist", true)]
    [InlineData("InvalidShardCheckPoint", false)]
    public async Task A_lost_shard_is_told_in_either_spelling(string code, bool lost)
    {
        using var sls = new ScriptedSls().Refuse(400, code);

        var failure = await Assert.ThrowsAsync<SlsException>(() =>
            sls.Client.SaveCheckpointAsync(Project, Logstore, "soc", 0, Cursor.Of(1), "one", default)
        );

        Assert.Equal(lost, failure.IsShardLost);
    }

    [Fact]
    public void Options_that_cannot_work_are_told_together()
    {
        var services = new Microsoft.Extensions.DependencyInjection.ServiceCollection();

        var fault = Assert.Throws<ArgumentException>(() =>
            services.AddLogAuditSls(
                new()
                {
                    PolicyRegion = new RegionId("cn-hangzhou"),
                    RequestTimeout = TimeSpan.Zero,
                    MaxPullBytes = 0,
                }
            )
        );

        Assert.Contains("PolicyRegion is 'cn-hangzhou'", fault.Message, StringComparison.Ordinal);
        Assert.Contains("RequestTimeout is 00:00:00", fault.Message, StringComparison.Ordinal);
        Assert.Contains("MaxPullBytes is 0", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_query_that_stays_incomplete_says_so()
    {
        using var sls = new ScriptedSls();
        for (var i = 0; i < 6; i++)
        {
            sls.Answer("""{"meta":{"progress":"Incomplete"},"data":[]}""");
        }

        var result = await sls.Client.GetLogsAsync(
            Project,
            Logstore,
            new() { From = DateTimeOffset.UnixEpoch, To = DateTimeOffset.UnixEpoch.AddDays(1) },
            default
        );

        Assert.False(result.Complete);
        Assert.Equal(6, sls.Requests.Count);
    }

    [Fact]
    public async Task Shards_tell_which_follow_which()
    {
        using var sls = new ScriptedSls().Answer(
            """
            [{"shardID":0,"status":"readonly","inclusiveBeginKey":"00","exclusiveEndKey":"80","createTime":1453949705},
             {"shardID":1,"status":"readwrite","inclusiveBeginKey":"80","exclusiveEndKey":"ff","createTime":1453949705},
             {"shardID":2,"status":"readwrite","inclusiveBeginKey":"00","exclusiveEndKey":"40","createTime":1453949805}]
            """
        );

        var shards = await sls.Client.ListShardsAsync(Project, Logstore, default);

        Assert.True(shards[2].Follows(shards[0]));
        Assert.False(shards[2].Follows(shards[1]));
        Assert.False(shards[1].Follows(shards[0]));
        Assert.False(shards[0].Writable);
    }
}
