using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Products;
using LogAudit.LocalCloud.Scenario;

namespace LogAudit.LocalCloud.Tests.Scenario;

public sealed class ScenarioRunnerTests
{
    [Fact]
    public async Task The_demo_begins_with_mixed_states()
    {
        await using var host = await StartAsync();

        var runner = ScenarioRunner.Prepare(host.Cloud, ScenarioFile.Demo());
        var rows = runner.Resources();

        Assert.True(rows.Count >= 60, $"{rows.Count} resources");
        Assert.Equal(ScenarioWords.Products.Keys.Order(), rows.Select(row => row.Product).Distinct().Order());
        Assert.Equal(4, rows.Count(row => row.State is CoverageState.Collecting));
        Assert.Contains(
            rows,
            row =>
                row.Id is "vpc-shop-old"
                && row.State is CoverageState.NotCollectable
                && row.Why.Contains("ecs.sn1", StringComparison.Ordinal)
        );
        Assert.Contains(rows, row => row.Id is "rm-shop-paused" && row.Why is "the instance is not running");
        Assert.Contains(rows, row => row.Id is "lb-sec-vpn" && row.State is CoverageState.NotCollectable);
        Assert.Contains(
            rows,
            row =>
                row.Id is "lb-shop-web-1"
                && row.Why.Contains("logaudit-region-1000000000000002-cn-shanghai/slb_log", StringComparison.Ordinal)
        );
        Assert.All(
            rows.Where(row => row.Account is "1000000000000005"),
            row => Assert.Equal(CoverageState.Unknown, row.State)
        );
        Assert.Single(rows, row => row.Product is "actiontrail");
    }

    [Fact]
    public async Task Only_what_collects_writes_and_every_line_has_a_marker_of_its_own()
    {
        await using var host = await StartAsync();
        var runner = ScenarioRunner.Prepare(host.Cloud, ScenarioFile.Demo());

        var none = runner.WriteLogs(100, "rds");
        var written = runner.WriteLogs(20_000, "oss");

        var lines = runner.Written();
        Assert.Equal(0, none);
        Assert.Equal(20_000, written);
        Assert.Equal(20_000, lines.Select(line => line.Marker).Distinct().Count());
        Assert.Equal(
            ["sec-evidence-1", "sec-evidence-2", "shop-static-1", "shop-static-2"],
            lines.Select(line => line.Resource).Distinct().Order()
        );
    }

    [Fact]
    public async Task A_switch_off_is_noted_until_the_resource_collects_again()
    {
        await using var host = await StartAsync();
        var script = ScenarioFile.Parse(
            """
            version: 1
            central: { account: hub, region: cn-shanghai, project: logaudit-region-1000000000000001-cn-shanghai }
            accounts:
              - { uid: "1000000000000001", name: hub }
            resources:
              - { product: slb, account: hub, region: cn-shanghai, name: web, collecting: true }
              - { product: vpc, account: hub, region: cn-shanghai, name: net, collecting: true }
            timeline:
              - { at: 10ms, do: switchOff, by: console, product: slb, account: hub, region: cn-shanghai, name: web }
              - { at: 20ms, do: delete, product: vpc, account: hub, region: cn-shanghai, name: net }
            """,
            "test.yaml"
        );
        var runner = ScenarioRunner.Prepare(host.Cloud, script);
        var before = runner.Resources();

        await runner.PlayAsync(CancellationToken.None);
        var open = await runner.SettleAsync(TimeSpan.FromMilliseconds(300), CancellationToken.None);
        lock (host.Cloud.Gate)
        {
            host.Cloud.Services.Get<LocalProducts>()
                .Of("slb")
                .SwitchOn(script.Resources[0], new LogPlace("logaudit-region-1000000000000001-cn-shanghai", "slb_log"));
        }
        var settled = await runner.SettleAsync(TimeSpan.FromSeconds(20), CancellationToken.None);

        Assert.Equal(2, before.Count(row => row.State is CoverageState.Collecting));
        Assert.False(open);
        Assert.True(settled);
        Assert.Collection(
            runner.Changes,
            off => Assert.True(off.NeedsRepair && off.CollectingAt > off.At && off.EventIds.Count == 1),
            gone => Assert.False(gone.NeedsRepair)
        );
    }

    [Fact]
    public async Task Every_change_of_the_demo_can_be_made()
    {
        await using var host = await StartAsync();
        var demo = ScenarioFile.Demo();
        // What reconcile switched on before the timeline begins is switched on by hand here.
        var runner = ScenarioRunner.Prepare(
            host.Cloud,
            demo with
            {
                Timeline = [.. demo.Timeline.Select(c => c with { At = TimeSpan.Zero })],
            }
        );
        lock (host.Cloud.Gate)
        {
            host.Cloud.Services.Get<LocalProducts>()
                .Of("vpc")
                .SwitchOn(demo.Resources.Single(r => r.Id is "vpc-sec-tools"), new LogPlace("p", "l"));
        }

        await runner.PlayAsync(CancellationToken.None);

        Assert.Equal(demo.Timeline.Count, runner.Changes.Count);
        Assert.All(
            runner.Changes.Where(c =>
                c.Change is { IsByHand: false, Do: "create" or "switchOff" or "releaseInstances" }
            ),
            c => Assert.True(c.NeedsRepair)
        );
    }

    [Fact]
    public async Task Faults_of_the_file_are_switched_on()
    {
        await using var host = await StartAsync();

        _ = ScenarioRunner.Prepare(
            host.Cloud,
            ScenarioFile.Parse(
                """
                version: 1
                central: { account: hub, region: cn-shanghai }
                accounts:
                  - { uid: "1000000000000001", name: hub }
                faults:
                  - { kind: Throttle, product: Slb, action: "Describe*", account: hub, probability: 0.05, count: 3 }
                  - { kind: DuplicateEvent, probability: 0.2 }
                """,
                "test.yaml"
            )
        );

        var (rule, _) = Assert.Single(host.Cloud.Faults.All());
        Assert.Equal((FaultKind.Throttle, "Slb", 3), (rule.Kind, rule.Product, rule.Count));
        Assert.Equal(0.2, host.Cloud.Services.Get<LogAudit.LocalCloud.Events.EventBuses>().DuplicateProbability);
    }

    private static Task<LocalCloudHost> StartAsync() =>
        LocalCloudHost.StartAsync(new LocalCloudOptions { Seed = 7, DelayScale = 1_000_000 }, CancellationToken.None);
}
