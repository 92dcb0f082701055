using LogAudit.Cli;
using LogAudit.Collection;
using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Products;
using LogAudit.LocalCloud.Products.Logs;
using LogAudit.LocalCloud.Scenario;
using LogAudit.LocalCloud.Sls;
using LogAudit.LocalCloud.Sls.Storage;
using LogAudit.Products;

namespace LogAudit.Benchmarks;

/// <summary>A LocalCloud with one account in it, and the published functions beside it.</summary>
internal sealed class BenchCloud : IAsyncDisposable
{
    public const string Uid = "1000000000000001";
    public const string Region = "cn-hangzhou";
    public const string Project = $"logaudit-center-{Uid}-{Region}";

    private static readonly Dictionary<string, string> Collect = new(StringComparer.Ordinal)
    {
        ["slb_access_enabled"] = "true",
        ["rds_enabled"] = "true",
        ["vpc_flow_enabled"] = "true",
        ["oss_access_enabled"] = "true",
    };

    private static readonly Settings Central = new()
    {
        Central = new CentralSettings
        {
            Account = new AccountId(Uid),
            Region = new RegionId(Region),
            Project = new ProjectName(Project),
        },
        Accounts = new AccountsSettings { Mode = AccountsMode.CentralOnly },
        Collect = Collect,
    };

    private readonly LocalCloudHost host;
    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false })
    {
        Timeout = TimeSpan.FromMinutes(12),
    };
    private readonly string folder = Directory.CreateTempSubdirectory("logaudit-bench-").FullName;
    private readonly Dice dice;
    private readonly Markers markers;

    private BenchCloud(LocalCloudHost host, int seed)
    {
        this.host = host;
        (dice, markers) = (new Dice(new Random(seed)), new Markers(seed));
        var account = host.Cloud.AddAccount(Uid, "central");
        var role = Roles.Function(new ProductCatalogue(), Central);
        Key = host.Cloud.Keys.OpenSession(
            account.AddRole(role.Name, role.Trust, role.Policies.Values),
            "bench",
            TimeSpan.FromHours(1)
        );
        var project = host.Cloud.Services.Get<SlsStore>().EnsureProject(Project, Uid, Region);
        foreach (var state in (string[])["logaudit_journal", "logaudit_ledger", "logaudit_dead_letter", "logaudit_run"])
        {
            // One shard, as bootstrap makes them.
            project.EnsureLogstore(state, ttlDays: 400, shardCount: 1);
        }
    }

    public RequestLog Requests => host.Cloud.Requests;

    /// <summary>What the functions sign with.</summary>
    public AccessKey Key { get; }

    public static async Task<BenchCloud> StartAsync(int seed) =>
        new(
            await LocalCloudHost.StartAsync(
                // Waiting for the cloud is no work of the function.
                new LocalCloudOptions { Seed = seed, DelayScale = 1_000_000 },
                CancellationToken.None
            ),
            seed
        );

    /// <summary>Starts a function.</summary>
    /// <param name="program">Path of its binary.</param>
    /// <param name="receiverPort">Where <c>Sync</c> sends to.</param>
    public FunctionProcess Start(string program, int receiverPort) =>
        FunctionProcess.Start(
            http,
            program,
            new Dictionary<string, string>
            {
                ["LOGAUDIT_SETTINGS"] = WriteSettings(receiverPort),
                ["LOGAUDIT_ENDPOINT"] = host.Address.ToString(),
                // The limit of the real products, which LocalCloud does not need.
                ["LOGAUDIT_CALLS_PER_SECOND"] = "100",
            }
        );

    /// <summary>What the log trigger of a shard sends.</summary>
    public static string Doorbell(int shard) =>
        $$"""{"source":{"projectName":"{{Project}}","logstoreName":"rds_log","shardId":{{shard}},"beginCursor":"MTQ=","endCursor":"MTU="},"jobName":"log","taskId":"t","cursorTime":1768465845}""";

    /// <summary>A Logstore of the central project, made with so many shards where it is not there yet.</summary>
    public SlsLogstore EnsureLogstore(string name, int shards) =>
        host.Cloud.Services.Get<SlsStore>().Project(Project)!.EnsureLogstore(name, shardCount: shards);

    /// <summary>Puts a load balancer there that collects nothing yet.</summary>
    public void AddLoadBalancer(string id)
    {
        lock (host.Cloud.Gate)
        {
            host.Cloud.Services.Get<LocalProducts>()
                .Of("slb")
                .Seed(
                    new ScenarioResource
                    {
                        Product = "slb",
                        Account = Uid,
                        Region = Region,
                        Id = id,
                        Name = id,
                        Tags = new Dictionary<string, string>(),
                        Properties = new Dictionary<string, string>(),
                    }
                );
        }
    }

    /// <summary>Appends copies of groups of database statements.</summary>
    /// <param name="groups">Groups to append.</param>
    /// <param name="perGroup">Records in each.</param>
    /// <param name="hashKey">Chooses the shard; null takes them in turn.</param>
    public void AddRecords(int groups, int perGroup, UInt128? hashKey)
    {
        var logstore = host.Cloud.Services.Get<SlsStore>().Project(Project)!.EnsureLogstore("rds_log");
        var different = Enumerable.Range(0, Math.Min(groups, 50)).Select(_ => Group(perGroup)).ToList();
        for (var group = 0; group < groups; group++)
        {
            logstore.Append(different[group % different.Count], hashKey, clientIp: null);
        }
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await host.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>What <c>logaudit forward</c> runs with: a key of an identity that has its rights and no other.</summary>
    public IReadOnlyDictionary<string, string> ForwarderEnvironment()
    {
        var account = host.Cloud.FindAccount(Uid)!;
        var key = account.AddKey(account.AddUser("forwarder", Roles.Forwarder(Central).Policies.Values));
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ALIBABA_CLOUD_ACCESS_KEY_ID"] = key.Id,
            ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] = key.Secret,
            ["LOGAUDIT_ENDPOINT"] = host.Address.GetLeftPart(UriPartial.Authority),
        };
    }

    /// <summary>Writes the settings file, and gives its path.</summary>
    /// <param name="receiverPort">Where records are sent to.</param>
    public string WriteSettings(int receiverPort)
    {
        var settings = Path.Combine(folder, "logaudit.yaml");
        File.WriteAllText(
            settings,
            $"""
            central:
              account: "{Uid}"
              region: {Region}
            regions: [{Region}]
            collect:
              {string.Join("\n  ", Collect.Select(variable => $"{variable.Key}: {variable.Value}"))}
            destinations:
              - name: soc
                sink: syslog
                format: rfc5424
                options:
                  address: tcp://127.0.0.1:{receiverPort}

            """
        );
        return settings;
    }

    private CheckedGroup Group(int records)
    {
        var now = TimeProvider.System.GetUtcNow();
        var lines = Enumerable
            .Range(0, records)
            .Select(_ => RdsRecords.Audit(Uid, Region, "rm-1", "orders", "MySQL", "8.0", now, markers.Next(), dice));
        return CheckedGroup.Of(
            [.. lines.Select(line => new LogItem((uint)line.Time.ToUnixTimeSeconds(), line.Fields))],
            RdsRecords.AuditTopic,
            "",
            []
        );
    }
}
