using LogAudit.Collection;
using LogAudit.EndToEnd.Tests.Forwarding;
using LogAudit.LocalCloud.Fc;
using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Products;
using LogAudit.LocalCloud.Products.Logs;
using LogAudit.LocalCloud.Scenario;
using LogAudit.LocalCloud.Sls.Storage;
using LogAudit.LocalCloud.Sls.Wire;
using Newtonsoft.Json.Linq;
using Xunit.Abstractions;

namespace LogAudit.EndToEnd.Tests.Polling;

/// <summary>The function <c>Poll</c> as its own process, over two accounts, through faults and kills.</summary>
public sealed class PollingTests(ITestOutputHelper output)
{
    private const int Seed = 20260115;
    private const string Member = "1000000000000002";

    private static readonly string[] Accounts = [FunctionCloud.Uid, Member];
    private static readonly string[] Stores = ["rds_log", "polardb_log"];

    private static readonly FaultRule[] Faults =
    [
        new("500", FaultKind.ServerError) { Probability = 0.02 },
        new("throttled", FaultKind.Throttle) { Probability = 0.01 },
        new("lost answer", FaultKind.LostAnswer) { Probability = 0.02 },
        new("cut", FaultKind.CutBefore) { Probability = 0.01 },
    ];

    [Fact]
    public async Task Every_record_that_the_products_show_is_in_the_store_and_copies_carry_the_id_of_the_first()
    {
        await using var cloud = await StartAsync();
        var poll = await cloud.DeployAsync("poll", Settings, timeoutSeconds: 60);
        var kills = KillBetweenWriteAndCursor(cloud, poll);
        foreach (var fault in Faults)
        {
            cloud.Cloud.Faults.Add(fault);
        }

        var begun = TimeProvider.System.GetUtcNow();
        var runs = await PollUntilReadAsync(cloud, kills);
        var ended = TimeProvider.System.GetUtcNow();

        // The first window reaches 15 minutes back and leaves the last two or three; a record that is shown late is for later windows.
        var (from, to) = (ended.AddMinutes(-15), begun.AddMinutes(-4));
        var stored = Stored(cloud).ToLookup(record => record.Marker);
        var wanted = Wanted(cloud, from, to);
        output.WriteLine(
            $"{wanted.Count} records wanted, {stored.Sum(copies => copies.Count())} stored, {kills.Count} kills, {runs} runs, "
                + $"{cloud.Cloud.Faults.All().Sum(rule => rule.Struck)} faults"
        );
        Assert.True(wanted.Count > 5000, $"only {wanted.Count} records");
        Assert.Empty(
            wanted
                .GroupBy(marker => marker)
                .Where(twins => stored[twins.Key].Select(record => record.Id).Distinct().Count() != twins.Count())
                .Take(5)
                .Select(twins => $"{twins.Key}: {twins.Count()} wanted, {stored[twins.Key].Count()} stored")
        );
        var copies = stored.SelectMany(records => records).GroupBy(record => record.Id).ToList();
        Assert.All(copies, same => Assert.Single(same.Select(record => record.Text).Distinct()));
        Assert.True(kills.Count > 0, "no kill");
        Assert.Contains(copies, same => same.Count() > 1);
    }

    private static string Settings =>
        FunctionCloud.Central
        + $"""
            accounts:
              mode: list
              members: ["{Member}"]
            regions: [{FunctionCloud.Region}]
            collect:
              rds_slow_enabled: true
              rds_error_enabled: true
              polardb_slow_enabled: true
              polardb_error_enabled: true

            """;

    private static async Task<FunctionCloud> StartAsync()
    {
        var collect = new[] { "rds_slow", "rds_error", "polardb_slow", "polardb_error" };
        var cloud = await FunctionCloud.StartAsync(
            Seed,
            change: settings =>
                settings with
                {
                    Accounts = new AccountsSettings { Mode = AccountsMode.List, Members = [new AccountId(Member)] },
                    Collect = collect.ToDictionary(name => $"{name}_enabled", _ => "true"),
                }
        );
        cloud.Store.Project(FunctionCloud.Project)!.EnsureLogstore("polardb_log");
        PoliciesWereRefused(cloud);
        cloud.Cloud.Services.Get<ReadableLogs>().MostAMinute = 240;
        lock (cloud.Cloud.Gate)
        {
            foreach (var account in Accounts)
            {
                Put("rds", account, $"rm-{account}");
                Put("polardb", account, $"pc-{account}");
            }
        }

        return cloud;

        void Put(string product, string account, string id) =>
            cloud
                .Cloud.Services.Get<LocalProducts>()
                .Of(product)
                .Seed(
                    new ScenarioResource
                    {
                        Product = product,
                        Account = account,
                        Region = FunctionCloud.Region,
                        Id = id,
                        Name = id,
                        Tags = new Dictionary<string, string>(),
                        Properties = new Dictionary<string, string>(),
                    }
                );
    }

    /// <summary>The last full run could make none of the collection policies, so that the logs must be read.</summary>
    private static void PoliciesWereRefused(FunctionCloud cloud)
    {
        var now = TimeProvider.System.GetUtcNow();
        var policies =
            from account in Accounts
            from product in new[] { "rds", "polardb" }
            from log in new[] { "slow_log", "error_log" }
            select new SettingRef(
                SettingKinds.CollectionPolicy,
                new AccountId(account),
                new RegionId(FunctionCloud.Region),
                $"logaudit-{product}-{log}"
            );
        var report = new RunReport
        {
            Run = "r1",
            Road = "timer",
            Full = true,
            Started = now,
            Ended = now,
            Coverage = [],
            Writes = 8,
            Unknown = [],
            Errors = [.. policies.Select(policy => $"{policy}: Failed: the product code is not known")],
            Findings = [],
        };
        cloud
            .Store.Logstore(FunctionCloud.Project, "logaudit_run")!
            .Append(
                [
                    new LogItem(
                        (uint)now.ToUnixTimeSeconds(),
                        [new("row", $$"""{"type":"report","digest":"","report":{{RunJson.Write(report)}}}""")]
                    ),
                ],
                ""
            );
    }

    private static Killer KillBetweenWriteAndCursor(FunctionCloud cloud, DeployedFunction poll)
    {
        var killer = new Killer(poll);
        cloud.Store.OnAppend((logstore, _) => killer.Saw(logstore.Name));
        return killer;
    }

    /// <summary>Ticks until a run finds nothing left to do; the second half without kills and faults.</summary>
    private static async Task<int> PollUntilReadAsync(FunctionCloud cloud, Killer kills)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(4));
        for (var runs = 1; ; runs++)
        {
            var (ok, answer) = await cloud.InvokeAsync("poll", """{"triggerName":"poll"}""");
            if (kills.Count >= Killer.Most)
            {
                cloud.Cloud.Faults.Clear();
            }

            if (ok && kills.Count >= Killer.Most)
            {
                var report = JObject.Parse(answer);
                if (!(bool)report["more"]! && !report["unknown"]!.Any() && (int)report["logs"]! == 8)
                {
                    return runs;
                }
            }

            Assert.False(patience.IsCancellationRequested, $"never up to date after {runs} runs: {answer}");
        }
    }

    private static List<string> Wanted(FunctionCloud cloud, DateTimeOffset from, DateTimeOffset to)
    {
        var logs = cloud.Cloud.Services.Get<ReadableLogs>();
        return
        [
            .. from account in Accounts
            from id in new[] { $"rm-{account}", $"pc-{account}" }
            from log in new[] { "slow", "error" }
            from row in logs.All(id, log, @from, to)
            where row.Late == TimeSpan.Zero
            select row.Marker,
        ];
    }

    private static IEnumerable<(string Marker, string Id, string Text)> Stored(FunctionCloud cloud)
    {
        foreach (var shard in Stores.SelectMany(name => cloud.Store.Logstore(FunctionCloud.Project, name)!.Shards))
        {
            foreach (var stored in shard.Groups(shard.BeginCursor, int.MaxValue))
            {
                foreach (var log in LogGroup.Parser.ParseFrom(stored.Bytes.Span).Logs)
                {
                    var fields = log.Contents.ToDictionary(field => field.Key, field => field.Value.ToStringUtf8());
                    var text = fields.GetValueOrDefault("query_sql") ?? fields["content"];
                    yield return (
                        text.Split("/* ")[^1].Split(' ')[0],
                        fields["logaudit_id"],
                        string.Join('|', fields.OrderBy(field => field.Key).Select(field => field.Value))
                    );
                }
            }
        }
    }

    /// <summary>Kills the process when it has written records and not yet the cursor that says so.</summary>
    private sealed class Killer(DeployedFunction function)
    {
        public const int Most = 4;

        private readonly Lock gate = new();
        private int writes;

        public int Count { get; private set; }

        public void Saw(string logstore)
        {
            lock (gate)
            {
                if (Stores.Contains(logstore) && ++writes % 5 == 0 && Count < Most)
                {
                    Count++;
                    function.Pool.Crash();
                }
            }
        }
    }
}
