using LogAudit.LocalCloud.Kernel;
using LogAudit.Testing;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Tests.Npm;

/// <summary>SLS through @alicloud/log (v1, SHA-1) and @alicloud/sls20201230 (v4, and v1 with SHA-256).</summary>
public sealed class SlsClientTests
{
    private const string Host = "cn-hangzhou.log.aliyuncs.com";
    private const string Project = "conformance-project";

    [PeerFact("npm")]
    public async Task The_log_client_makes_a_project_writes_and_queries()
    {
        await using var clients = await NpmClients.StartAsync();
        var now = DateTimeOffset.FromUnixTimeSeconds(clients.Cloud.Clock.GetUtcNow().ToUnixTimeSeconds());

        var results = await clients.RunAsync(
            Log("createProject", Project, new JObject { ["description"] = "conformance" }),
            Log("getProject", Project),
            Log("createLogStore", Project, "audit", new JObject { ["ttl"] = 30, ["shardCount"] = 2 }),
            Log("getLogStore", Project, "audit"),
            Log("updateLogStore", Project, "audit", new JObject { ["ttl"] = 60, ["shardCount"] = 2 }),
            Log("listLogStore", Project, new JObject()),
            Log(
                "createIndex",
                Project,
                "audit",
                new JObject
                {
                    ["keys"] = new JObject
                    {
                        ["user"] = new JObject
                        {
                            ["type"] = "text",
                            ["token"] = new JArray(",", " "),
                            ["doc_value"] = true,
                        },
                    },
                    ["line"] = new JObject { ["token"] = new JArray(",", " ") },
                }
            ),
            Log("getIndexConfig", Project, "audit"),
            Log(
                "postLogStoreLogs",
                Project,
                "audit",
                new JObject
                {
                    ["logs"] = new JArray(
                        new JObject
                        {
                            ["timestamp"] = now.ToUnixTimeSeconds(),
                            ["content"] = new JObject { ["user"] = "审计", ["event"] = "CreateTrail" },
                        },
                        new JObject
                        {
                            ["timestamp"] = now.ToUnixTimeSeconds(),
                            ["content"] = new JObject { ["user"] = "root", ["event"] = "StopLogging" },
                        }
                    ),
                    ["topic"] = "conformance",
                    ["source"] = "192.0.2.10",
                }
            ),
            Log(
                "getLogs",
                Project,
                "audit",
                Date(now.AddMinutes(-5)),
                Date(now.AddMinutes(5)),
                new JObject { ["query"] = "*", ["line"] = 10 }
            ),
            Log("deleteIndex", Project, "audit"),
            Log("deleteLogStore", Project, "audit"),
            Log("getLogStore", Project, "audit"),
            Log("deleteProject", Project)
        );

        var query = results[9];
        results[12].Refused("LogStoreNotExist");
        foreach (var index in (int[])[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13])
        {
            Assert.True(results[index].Ok, $"step {index}: {results[index]}");
        }
        Assert.Equal(2, query.Value.Count());
        Assert.Contains(
            query.Value,
            row => (string?)row["user"] == "审计" && (string?)row["__topic__"] == "conformance"
        );
    }

    [PeerFact("npm")]
    public async Task The_typed_client_runs_the_control_plane_in_v4()
    {
        await using var clients = await NpmClients.StartAsync();

        var results = await clients.RunAsync(
            Sls(
                "createProject",
                Model("CreateProjectRequest", ("projectName", Project), ("description", "conformance"))
            ),
            Sls("getProject", Project),
            Sls("listProject", Model("ListProjectRequest", ("size", 100))),
            Sls(
                "createLogStore",
                Project,
                Model(
                    "CreateLogStoreRequest",
                    ("logstoreName", "audit"),
                    ("ttl", 30),
                    ("shardCount", 2),
                    ("autoSplit", true),
                    ("maxSplitShard", 64)
                )
            ),
            Sls("getLogStore", Project, "audit"),
            Sls("listLogStores", Project, Model("ListLogStoresRequest", ("offset", 0), ("size", 100))),
            Sls("listShards", Project, "audit"),
            Sls("getCursor", Project, "audit", "0", Model("GetCursorRequest", ("from", "begin"))),
            Sls(
                "createConsumerGroup",
                Project,
                "audit",
                Model("CreateConsumerGroupRequest", ("consumerGroup", "soc"), ("timeout", 60), ("order", false))
            ),
            Sls("listConsumerGroup", Project, "audit"),
            Sls(
                "consumerGroupHeartBeat",
                Project,
                "audit",
                "soc",
                Model("ConsumerGroupHeartBeatRequest", ("consumer", "worker-1"), ("body", new JArray()))
            ),
            Sls("deleteConsumerGroup", Project, "audit", "soc"),
            Sls("getLogStore", Project, "absent"),
            Sls(
                "createLogStore",
                Project,
                Model("CreateLogStoreRequest", ("logstoreName", "audit"), ("ttl", 30), ("shardCount", 2))
            ),
            Sls("deleteLogStore", Project, "audit"),
            Sls("deleteProject", Project, Model("DeleteProjectRequest"))
        );

        results[12].Refused("LogStoreNotExist");
        results[13].Refused("LogStoreAlreadyExist");
        foreach (var index in Enumerable.Range(0, results.Count).Except([12, 13]))
        {
            Assert.True(results[index].Ok, $"step {index}: {results[index]}");
        }
        Assert.Equal(30, (int)results[4].Value["body"]!["ttl"]!);
        Assert.Equal(2, results[6].Value["body"]!.Count());
        Assert.Equal("soc", (string?)results[9].Value["body"]![0]!["name"]);
    }

    [PeerFact("npm")]
    public async Task What_one_client_writes_the_other_finds_by_query_cursor_and_checkpoint()
    {
        await using var clients = await NpmClients.StartAsync();
        var now = clients.Cloud.Clock.GetUtcNow().ToUnixTimeSeconds();
        var token = new JArray(
            ",",
            " ",
            "'",
            "\"",
            ";",
            "=",
            "(",
            ")",
            "[",
            "]",
            "{",
            "}",
            "?",
            "@",
            "&",
            "<",
            ">",
            "/",
            ":"
        );
        var record = new JObject
        {
            ["timestamp"] = now,
            ["content"] = new JObject { ["event"] = "Create Trail", ["user"] = "it's (me) ~ 100% + *!" },
        };

        var results = await clients.RunAsync(
            Sls(
                "createProject",
                Model("CreateProjectRequest", ("projectName", Project), ("description", "conformance"))
            ),
            Sls(
                "createLogStore",
                Project,
                Model("CreateLogStoreRequest", ("logstoreName", "audit"), ("ttl", 30), ("shardCount", 1))
            ),
            Sls(
                "createIndex",
                Project,
                "audit",
                Model(
                    "CreateIndexRequest",
                    ("body", Model("Index", ("line", Model("IndexLine", ("token", token), ("caseSensitive", false)))))
                )
            ),
            Sls("getIndex", Project, "audit"),
            Log(
                "postLogStoreLogs",
                Project,
                "audit",
                new JObject
                {
                    ["logs"] = new JArray(record),
                    ["topic"] = "",
                    ["source"] = "192.0.2.10",
                }
            ),
            Sls(
                "getLogsV2",
                Project,
                "audit",
                Model(
                    "GetLogsV2Request",
                    ("from", now - 300),
                    ("to", now + 300),
                    ("query", "Create"),
                    ("line", 10),
                    ("offset", 0),
                    ("reverse", false)
                )
            ),
            Sls(
                "getLogs",
                Project,
                "audit",
                Model(
                    "GetLogsRequest",
                    ("from", now - 300),
                    ("to", now + 300),
                    ("query", "Create and (me)"),
                    ("line", 10)
                )
            ),
            Sls("getCursor", Project, "audit", "0", Model("GetCursorRequest", ("from", "end"))),
            Sls(
                "splitShard",
                Project,
                "audit",
                "0",
                Model("SplitShardRequest", ("key", "80000000000000000000000000000000"))
            ),
            Sls("listShards", Project, "audit"),
            Sls(
                "createConsumerGroup",
                Project,
                "audit",
                Model("CreateConsumerGroupRequest", ("consumerGroup", "soc"), ("timeout", 60), ("order", true))
            ),
            Sls(
                "consumerGroupHeartBeat",
                Project,
                "audit",
                "soc",
                Model("ConsumerGroupHeartBeatRequest", ("consumer", "worker-1"), ("body", new JArray()))
            )
        );

        for (var index = 0; index < results.Count; index++)
        {
            Assert.True(results[index].Ok, $"step {index}: {results[index]}");
        }
        var found = results[5].Value["body"]!["data"]![0]!;
        Assert.Equal("it's (me) ~ 100% + *!", (string?)found["user"]);
        Assert.Single(results[6].Value["body"]!);
        var cursor = (string)results[7].Value["body"]!["cursor"]!;
        var statuses = results[9].Value["body"]!.Select(shard => (string?)shard["status"]);
        Assert.Equal(["readonly", "readwrite", "readwrite"], statuses);

        var after = await clients.RunAsync(
            Sls("getCursorTime", Project, "audit", "0", Model("GetCursorTimeRequest", ("cursor", cursor))),
            Sls(
                "consumerGroupUpdateCheckPoint",
                Project,
                "audit",
                "soc",
                Model(
                    "ConsumerGroupUpdateCheckPointRequest",
                    ("checkpoint", cursor),
                    ("shard", 0),
                    ("consumer", "worker-1"),
                    ("forceSuccess", true)
                )
            )
        );
        Assert.All(after, result => result.Succeeded());
    }

    [PeerFact("npm")]
    public async Task The_typed_client_keeps_collection_policies()
    {
        await using var clients = await NpmClients.StartAsync();
        var policy = Model(
            "UpsertCollectionPolicyRequest",
            ("policyName", "logaudit-oss"),
            ("productCode", "oss"),
            ("dataCode", "access_log"),
            ("enabled", true),
            ("policyConfig", Model("UpsertCollectionPolicyRequestPolicyConfig", ("resourceMode", "all"))),
            ("centralizeEnabled", false)
        );

        var results = await clients.RunAsync(
            Central("upsertCollectionPolicy", policy),
            Central("getCollectionPolicy", "logaudit-oss", Model("GetCollectionPolicyRequest")),
            Central("listCollectionPolicies", Model("ListCollectionPoliciesRequest", ("offset", 0), ("size", 50))),
            Central("deleteCollectionPolicy", "logaudit-oss", Model("DeleteCollectionPolicyRequest"))
        );

        foreach (var result in results)
        {
            result.Succeeded();
        }
        Assert.Equal("oss", (string?)results[1].Value.SelectToken("$.body.collectionPolicy.productCode"));
    }

    [PeerFact("npm")]
    public async Task Both_clients_are_refused_with_wrong_keys_tokens_and_clocks()
    {
        await using var clients = await NpmClients.StartAsync();
        var wrong = NpmClients.Credentials(clients.Key);
        wrong["secret"] = "WrongSecret";
        var unknown = NpmClients.Credentials(clients.Key);
        unknown["id"] = "LTAI5tUnknownKey";
        var role = clients.Account.AddRole("worker", TrustPolicies.Ram(clients.Account.RootArn));
        var expired = NpmClients.Credentials(clients.Cloud.Keys.OpenSession(role, "gone", TimeSpan.FromSeconds(-1)));
        JObject[] Reads(JObject key) =>
            [
                With(Log("getProject", Project), key),
                With(Sls("getProject", Project), key),
                With(Sls("getProject", Project), key, "v1"),
            ];

        var refused = await clients.RunAsync([.. Reads(wrong), .. Reads(unknown), .. Reads(expired)]);
        var late = await clients.RunAsync(16, Reads(NpmClients.Credentials(clients.Key)));

        Assert.All(refused.Take(3), result => result.Refused("SignatureNotMatch"));
        Assert.All(refused.Skip(3).Take(3), result => result.Refused("InvalidAccessKeyId"));
        Assert.All(refused.Skip(6), result => result.Refused("Unauthorized"));
        Assert.All(late, result => result.Refused("RequestTimeExpired"));
    }

    private static JObject Log(string method, params object[] arguments) =>
        new()
        {
            ["client"] = "log",
            ["host"] = Host,
            ["method"] = method,
            ["args"] = new JArray(arguments),
        };

    private static JObject Sls(string method, params object[] arguments) =>
        new()
        {
            ["client"] = "sls",
            ["host"] = Host,
            ["region"] = NpmClients.Region,
            ["signature"] = "v4",
            ["method"] = method,
            ["args"] = new JArray(arguments),
        };

    /// <summary>Collection policies answer on one endpoint of the site only.</summary>
    private static JObject Central(string method, params object[] arguments)
    {
        var step = Sls(method, arguments);
        step["host"] = "cn-shanghai.log.aliyuncs.com";
        step["region"] = "cn-shanghai";
        return step;
    }

    private static JObject With(JObject step, JObject key, string? signature = null)
    {
        step["key"] = key.DeepClone();
        step["signature"] = signature ?? step["signature"];
        return step;
    }

    private static JObject Model(string name, params (string Name, object Value)[] fields) =>
        new()
        {
            ["$model"] = name,
            ["fields"] = new JObject(fields.Select(field => new JProperty(field.Name, field.Value))),
        };

    private static JObject Date(DateTimeOffset time) => new() { ["$date"] = time.ToUnixTimeMilliseconds() };
}
