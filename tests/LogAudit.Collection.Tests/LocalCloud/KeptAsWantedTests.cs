using LogAudit.LocalCloud.Sls.Storage;
using Microsoft.Extensions.DependencyInjection;
using Newtonsoft.Json.Linq;

namespace LogAudit.Collection.Tests.LocalCloud;

/// <summary>What others change on the way of the logs, and what the next run makes of it.</summary>
public sealed class KeptAsWantedTests
{
    [Fact]
    public async Task The_7_days_that_the_console_of_VPC_sets_are_put_back_where_flow_logs_land_and_in_the_centre()
    {
        await using var cloud = await StartAsync(("vpc_flow_ttl", "30"), ("vpc_sync_ttl", "200"));
        await using var function = cloud.AsFunction();
        await RunAsync(function);
        var (landing, centre) = (
            Logstore(cloud, $"logaudit-region-{CloudEstate.Member}-cn-shanghai"),
            Logstore(cloud, CloudEstate.Project.Value)
        );
        var wanted = (landing.Settings.TtlDays, centre.Settings.TtlDays);
        landing.Settings = landing.Settings with { TtlDays = 7 };
        centre.Settings = centre.Settings with { TtlDays = 7 };

        var mending = await RunAsync(function);

        Assert.Equal((30, 200), wanted);
        Assert.Equal(wanted, (landing.Settings.TtlDays, centre.Settings.TtlDays));
        Assert.Equal(2, mending.Writes);
    }

    [Fact]
    public async Task A_dashboard_that_a_person_edited_is_told_and_left_as_it_is()
    {
        await using var cloud = await StartAsync();
        await using var function = cloud.AsFunction();
        await RunAsync(function);
        var boards = cloud.Cloud.Services.Get<SlsStore>().Project(CloudEstate.Project.Value)!.Dashboards;
        var edited = (JObject)boards["vpc_flow_overview"].DeepClone();
        edited["charts"]![0]!["title"] = "Ours";
        boards["vpc_flow_overview"] = edited;

        var plan = (await function.GetRequiredService<IReconciler>().PlanAsync(CancellationToken.None)).Plan;
        var report = await RunAsync(function);

        Assert.Contains(
            plan.Findings,
            finding =>
                finding.Contains("vpc_flow_overview", StringComparison.Ordinal)
                && finding.Contains("edited by hand", StringComparison.Ordinal)
        );
        Assert.Empty(plan.Changes);
        Assert.Equal(0, report.Writes);
        Assert.True(JToken.DeepEquals(edited, boards["vpc_flow_overview"]));
    }

    private static async Task<CloudEstate> StartAsync(params (string Variable, string Value)[] more)
    {
        var cloud = await CloudEstate.StartAsync(
            AccountsMode.Directory,
            more.Append(("vpc_flow_enabled", "true")).ToDictionary(pair => pair.Item1, pair => pair.Item2)
        );
        cloud.Seed("vpc", CloudEstate.Member, "cn-shanghai", "vpc-1");
        await OnLocalCloudTests.BootstrapAsync(cloud);
        return cloud;
    }

    private static Task<RunReport> RunAsync(ServiceProvider function) =>
        function.GetRequiredService<IReconciler>().RunAsync("timer", Deadline.None, CancellationToken.None);

    private static SlsLogstore Logstore(CloudEstate cloud, string project) =>
        cloud.Cloud.Services.Get<SlsStore>().Logstore(project, "vpc_log")!;
}
