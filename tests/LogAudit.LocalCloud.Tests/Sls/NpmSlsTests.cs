using System.Globalization;
using LogAudit.LocalCloud.Tests.Npm;
using LogAudit.Testing;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Tests.Sls;

/// <summary>What the typed npm client calls of SLS besides the tour in <see cref="SlsClientTests"/>; the project is there already.</summary>
public sealed class NpmSlsTests
{
    private const string Project = "conformance-data";
    private const string Store = "audit";

    [PeerFact("npm")]
    public async Task Index_and_queries_in_both_signatures()
    {
        await using var clients = await StartAsync();
        var index = Model(
            "Index",
            (
                "line",
                new JObject
                {
                    ["token"] = new JArray(" ", ","),
                    ["caseSensitive"] = false,
                    ["chn"] = false,
                }
            ),
            (
                "keys",
                new JObject
                {
                    ["status"] = new JObject { ["type"] = "long", ["doc_value"] = true },
                }
            )
        );
        var store = clients.Cloud.Services.Get<LogAudit.LocalCloud.Sls.Storage.SlsStore>().Logstore(Project, Store)!;
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

        var made = await clients.RunAsync(
            Call("createIndex", "v4", Project, Store, Model("CreateIndexRequest", ("body", index))),
            Call("createIndex", "v4", Project, Store, Model("CreateIndexRequest", ("body", index))),
            Call("updateIndex", "v1", Project, Store, Model("UpdateIndexRequest", ("body", index))),
            Call("getIndex", "v4", Project, Store)
        );
        store.Append([SlsCloud.Item((uint)now, ("status", "404"), ("text", "login failed"))], "topic", "source");
        (string, object)[] question = [("from", now - 60), ("to", now + 60), ("query", "status > 400 and login")];
        var found = await clients.RunAsync(
            Call("getLogs", "v1", Project, Store, Model("GetLogsRequest", question)),
            Call("getLogs", "v4", Project, Store, Model("GetLogsRequest", question)),
            Call("getLogsV2", "v4", Project, Store, Model("GetLogsV2Request", question)),
            Call("getHistograms", "v4", Project, Store, Model("GetHistogramsRequest", question)),
            Call("deleteIndex", "v4", Project, Store)
        );

        made[1].Refused("IndexAlreadyExist");
        Assert.Equal("long", (string?)made[3].Succeeded().SelectToken("body.keys.status.type"));
        Assert.Equal("404", (string?)found[0].Succeeded().SelectToken("body[0].status"));
        Assert.Equal("404", (string?)found[1].Succeeded().SelectToken("body[0].status"));
        Assert.Equal("Complete", (string?)found[2].Succeeded().SelectToken("body.meta.progress"));
        Assert.Equal("login failed", (string?)found[2].Value.SelectToken("body.data[0].text"));
        Assert.Equal(1, found[3].Succeeded()["body"]!.Sum(bar => (int)bar["count"]!));
        found[4].Succeeded();
    }

    [PeerFact("npm")]
    public async Task Shards_cursors_and_checkpoints()
    {
        await using var clients = await StartAsync();
        const string Group = "soc-sync";

        var first = await clients.RunAsync(
            Call("getCursor", "v4", Project, Store, "0", Model("GetCursorRequest", ("from", "end"))),
            Call(
                "splitShard",
                "v4",
                Project,
                Store,
                "0",
                Model("SplitShardRequest", ("key", "80000000000000000000000000000000"))
            ),
            Call("mergeShard", "v4", Project, Store, "1"),
            Call("listShards", "v1", Project, Store),
            Call(
                "createConsumerGroup",
                "v4",
                Project,
                Store,
                Model("CreateConsumerGroupRequest", ("consumerGroup", Group), ("timeout", 60), ("order", true))
            ),
            Call(
                "updateConsumerGroup",
                "v4",
                Project,
                Store,
                Group,
                Model("UpdateConsumerGroupRequest", ("timeout", 90), ("order", true))
            )
        );
        var cursor = (string)first[0].Succeeded().SelectToken("body.cursor")!;
        var second = await clients.RunAsync(
            Call("getCursorTime", "v4", Project, Store, "0", Model("GetCursorTimeRequest", ("cursor", cursor))),
            Call(
                "consumerGroupHeartBeat",
                "v4",
                Project,
                Store,
                Group,
                Model("ConsumerGroupHeartBeatRequest", ("consumer", "fc-1"), ("body", new JArray()))
            ),
            Call(
                "consumerGroupUpdateCheckPoint",
                "v4",
                Project,
                Store,
                Group,
                Checkpoint("fc-1", cursor, force: false)
            ),
            Call(
                "consumerGroupUpdateCheckPoint",
                "v4",
                Project,
                Store,
                Group,
                Checkpoint("fc-2", cursor, force: false)
            ),
            Call("getCheckPoint", "v4", Project, Store, Group, Model("GetCheckPointRequest", ("shard", 0)))
        );

        Assert.Equal(3, first[1].Succeeded()["body"]!.Count());
        Assert.Equal(
            ["readonly", "readonly", "readonly", "readwrite"],
            first[3].Succeeded()["body"]!.Select(shard => (string)shard["status"]!)
        );
        first[5].Succeeded();
        Assert.True(
            long.Parse((string)second[0].Succeeded().SelectToken("body.cursorTime")!, CultureInfo.InvariantCulture)
                > 1_700_000_000
        );
        Assert.Contains(0, second[1].Succeeded()["body"]!.Select(id => (int)id));
        second[2].Succeeded();
        second[3].Refused("ConsumerNotExsit");
        Assert.Equal(cursor, (string?)second[4].Succeeded().SelectToken("body[0].checkpoint"));
    }

    [PeerFact("npm")]
    public async Task Metricstores_dashboards_and_transformation_jobs()
    {
        await using var clients = await StartAsync();
        var sink = new JObject
        {
            ["name"] = "target0",
            ["project"] = Project,
            ["logstore"] = "target",
            ["endpoint"] = "cn-hangzhou-intranet.log.aliyuncs.com",
            ["roleArn"] = "acs:ram::1000000000000001:role/sink",
            ["datasets"] = new JArray("__UNNAMED__"),
        };
        var job = Model(
            "ETLConfiguration",
            ("lang", "SPL"),
            ("logstore", Store),
            ("script", "*"),
            ("parameters", new JObject()),
            ("roleArn", "acs:ram::1000000000000001:role/source"),
            ("fromTime", 0),
            ("toTime", 0),
            ("sinks", new JArray(sink))
        );
        var dashboard = Model(
            "Dashboard",
            ("dashboardName", "overview"),
            ("displayName", "Overview"),
            ("description", ""),
            ("attribute", new JObject { ["type"] = "grid" }),
            ("charts", new JArray())
        );

        var results = await clients.RunAsync(
            Call(
                "createMetricStore",
                "v4",
                Project,
                Model("CreateMetricStoreRequest", ("name", "metrics"), ("ttl", 30), ("shardCount", 1))
            ),
            Call("getMetricStore", "v4", Project, "metrics"),
            Call("createDashboard", "v4", Project, Model("CreateDashboardRequest", ("body", dashboard))),
            Call("getDashboard", "v4", Project, "overview"),
            Call(
                "createETL",
                "v4",
                Project,
                Model(
                    "CreateETLRequest",
                    ("name", "to-center"),
                    ("displayName", "To the centre"),
                    ("configuration", job)
                )
            ),
            Call("stopETL", "v4", Project, "to-center"),
            Call("getETL", "v4", Project, "to-center"),
            Call("startETL", "v4", Project, "to-center"),
            Call("listETLs", "v4", Project, Model("ListETLsRequest", ("offset", 0), ("size", 10), ("logstore", Store))),
            Call("deleteETL", "v4", Project, "to-center"),
            Call("getETL", "v4", Project, "to-center")
        );

        results[10].Refused("JobNotExist");
        foreach (var result in results.Take(10))
            result.Succeeded();
        Assert.Equal(30, (int)results[1].Value.SelectToken("body.ttl")!);
        Assert.Equal("Overview", (string?)results[3].Value.SelectToken("body.displayName"));
        Assert.Equal("STOPPED", (string?)results[6].Value.SelectToken("body.status"));
        Assert.Equal(1, (int)results[8].Value.SelectToken("body.total")!);
    }

    private static async Task<NpmClients> StartAsync()
    {
        var clients = await NpmClients.StartAsync();
        clients
            .Cloud.Services.Get<LogAudit.LocalCloud.Sls.Storage.SlsStore>()
            .EnsureProject(Project, NpmClients.Uid, NpmClients.Region)
            .EnsureLogstore(Store, 30, 1);
        return clients;
    }

    private static JObject Checkpoint(string consumer, string cursor, bool force) =>
        Model(
            "ConsumerGroupUpdateCheckPointRequest",
            ("consumer", consumer),
            ("forceSuccess", force),
            ("shard", 0),
            ("checkpoint", cursor)
        );

    private static JObject Call(string method, string signature, params object[] arguments) =>
        new()
        {
            ["client"] = "sls",
            ["host"] = "cn-hangzhou.log.aliyuncs.com",
            ["region"] = NpmClients.Region,
            ["signature"] = signature,
            ["method"] = method,
            ["args"] = new JArray(arguments),
        };

    private static JObject Model(string name, params (string Name, object Value)[] fields) =>
        new()
        {
            ["$model"] = name,
            ["fields"] = new JObject(fields.Select(field => new JProperty(field.Name, field.Value))),
        };
}
