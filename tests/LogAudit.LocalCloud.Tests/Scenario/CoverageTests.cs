using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Products;
using LogAudit.LocalCloud.Products.Logs;
using LogAudit.LocalCloud.Scenario;
using LogAudit.LocalCloud.Sls.Storage;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Tests.Scenario;

public sealed class CoverageTests
{
    private const string Hub = "1000000000000001";
    private const string Centre = $"logaudit-center-{Hub}-cn-shanghai";

    [Fact]
    public async Task What_only_a_person_can_do_leads_the_log_to_the_centre()
    {
        await using var estate = await Estate.StartAsync(
            """
              - { product: bastionhost, account: hub, region: cn-shanghai, name: door }
              - { product: dns, account: hub, region: cn-shanghai, name: net, properties: { kind: intranet } }
            timeline:
              - { at: 1ms, do: switchOn, product: bastionhost, account: hub, region: cn-shanghai, name: door }
              - { at: 1ms, do: switchOn, product: dns, account: hub, region: cn-shanghai, name: net, properties: { kind: intranet } }
              - { at: 1ms, do: create, product: actiontrail, account: hub, region: cn-shanghai, name: logaudit, properties: { platform: "true", project: logaudit-center-1000000000000001-cn-shanghai } }
            """
        );
        (string, string)[] logs = [("actiontrail", "platform"), ("bastionhost", "operation"), ("dns", "intranet")];
        Assert.All(logs, log => Assert.Equal(CoverageState.NotCollecting, estate.StateOf(log)));

        await estate.Runner.PlayAsync(CancellationToken.None);

        Assert.All(logs, log => Assert.Equal(CoverageState.Collecting, estate.StateOf(log)));
        Assert.All(
            estate.Runner.Changes,
            change => Assert.True(change is { Change.IsByHand: true, NeedsRepair: false })
        );
        Assert.True(estate.Runner.WriteLogs(30) > 0);
        Assert.Equal(logs, estate.Runner.Written().Select(record => (record.Product, record.Kind)).Distinct().Order());
    }

    [Fact]
    public async Task A_log_that_only_an_API_shows_is_gathered_once_a_record_of_it_is_in_the_centre()
    {
        await using var estate = await Estate.StartAsync(
            """
              - { product: dns, account: hub, region: cn-hangzhou, name: www.example.com, properties: { analysis: "on" } }
            """
        );
        var row = Row("00000000000000000000000A", second: 10);
        estate.Shown.Rows(new("dns", Hub, "cn-hangzhou", "www.example.com"), "public", [row], row.Time.AddSeconds(1));

        Assert.Equal(CoverageState.NotCollecting, estate.StateOf(("dns", "public")));

        estate.Store("dns_log", ("query_name", $"{row.Marker}.www.example.com."));
        Assert.Equal(CoverageState.Collecting, estate.StateOf(("dns", "public")));
    }

    [Fact]
    public async Task A_shown_row_is_one_record_however_often_it_is_shown_and_the_end_of_a_window_is_not_in_it()
    {
        await using var estate = await Estate.StartAsync("");
        var (first, last) = (Row("00000000000000000000000A", second: 10), Row("00000000000000000000000B", second: 20));

        for (var i = 0; i < 2; i++)
        {
            estate.Shown.Rows(new("rds", Hub, "cn-shanghai", "rm-1"), "slow", [first, last], last.Time);
        }

        var record = Assert.Single(estate.Runner.Written());
        Assert.Equal(("rds", "slow", first.Marker, ""), (record.Product, record.Kind, record.Marker, record.Logstore));
    }

    [Fact]
    public async Task Metrics_are_stored_when_a_central_Metricstore_has_their_minute_and_value()
    {
        await using var estate = await Estate.StartAsync("");
        var minute = DateTimeOffset.UnixEpoch.AddMinutes(1000);
        estate.Shown.Points("rds", "rm-1", "QPS", [(minute, "41.5"), (minute.AddMinutes(1), "42")], minute.AddHours(1));
        estate.Project.Create(
            LogstoreSettings.ForMetrics(JObject.Parse("""{"name":"rds_metrics","ttl":7,"shardCount":1}"""))
        );

        estate.Store("rds_metrics", Sample("rm-1", minute, "41.5"));
        estate.Store("rds_metrics", Sample("rm-1", minute.AddMinutes(1), "43"));

        Assert.Equal((2, 1), estate.Runner.Points()["rds"]);
    }

    [Fact]
    public async Task What_a_product_keeps_before_a_policy_carries_it_is_marked()
    {
        await using var estate = await Estate.StartAsync(
            """
              - { product: ddos, account: hub, region: cn-hangzhou, name: origin, properties: { form: origin }, collecting: true }
            """
        );

        Assert.Equal(5, estate.Runner.WriteLogs(5, "ddos"));

        Assert.Equal(CoverageState.NotCollecting, estate.StateOf(("ddos", "origin")));
        Assert.All(estate.Runner.Written(), record => Assert.True(record.StaysWithProduct));
    }

    private static ReadableRow Row(string marker, int second) =>
        new(DateTimeOffset.UnixEpoch.AddSeconds(second), marker, TimeSpan.Zero, new Dice(new Random(1)));

    private static (string, string)[] Sample(string id, DateTimeOffset at, string value) =>
        [
            ("__name__", "qps"),
            ("__labels__", $"instance_id#$#{id}|region#$#cn-shanghai"),
            ("__time_nano__", $"{at.ToUnixTimeSeconds()}000000000"),
            ("__value__", value),
        ];

    /// <summary>A cloud with one account and its central project, in which delays take no time.</summary>
    private sealed class Estate(LocalCloudHost host, ScenarioRunner runner) : IAsyncDisposable
    {
        public ScenarioRunner Runner => runner;
        public ShownLogs Shown => host.Cloud.Services.Get<ShownLogs>();
        public SlsProject Project => host.Cloud.Services.Get<SlsStore>().Project(Centre)!;

        public static async Task<Estate> StartAsync(string resources)
        {
            var host = await LocalCloudHost.StartAsync(
                new LocalCloudOptions { Seed = 7, DelayScale = 1_000_000 },
                CancellationToken.None
            );
            var script = ScenarioFile.Parse(
                $$"""
                version: 1
                central: { account: hub, region: cn-shanghai, earlierRollout: true }
                accounts:
                  - { uid: "{{Hub}}", name: hub }
                resources:
                  - { product: oss, account: hub, region: cn-shanghai, name: a-bucket }

                """ + resources,
                "test.yaml"
            );
            var estate = new Estate(host, ScenarioRunner.Prepare(host.Cloud, script));
            estate.Project.EnsureLogstore("baston_log");
            estate.Project.EnsureLogstore("dns_log");
            return estate;
        }

        public CoverageState StateOf((string Product, string Kind) log) =>
            runner.Rows().Single(row => (row.Product, row.Kind) == log).State;

        public void Store(string logstore, params (string Name, string Value)[] fields) =>
            Project
                .Logstore(logstore)!
                .Append([new LogItem(1, [.. fields.Select(field => KeyValuePair.Create(field.Name, field.Value))])]);

        public ValueTask DisposeAsync() => host.DisposeAsync();
    }
}
