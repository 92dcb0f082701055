using LogAudit.LocalCloud.Products;
using LogAudit.Sls;
using Microsoft.Extensions.DependencyInjection;

namespace LogAudit.Collection.Tests.LocalCloud;

/// <summary>Security Center, Cloud Config and Bastionhost from the switch to the central Logstore, with the rights of the generated roles only.</summary>
public sealed class SecurityProductsTests
{
    [Theory]
    [InlineData(AccountsMode.List)]
    [InlineData(AccountsMode.Directory)]
    public async Task Security_Center_is_opened_switched_and_carried_and_a_kind_that_ended_is_left(AccountsMode mode)
    {
        await using var cloud = await StartAsync(
            mode,
            "sas_login_enabled",
            "sas_security_alert_enabled",
            "sas_http_enabled"
        );
        cloud.Seed("sas", CloudEstate.Member, "cn-hangzhou", "sas-1");
        await OnLocalCloudTests.BootstrapAsync(cloud);
        await using var function = cloud.AsFunction();

        var (first, second) = (await RunAsync(function), await RunAsync(function));
        var written = cloud.WriteAndCarry("sas", 60);

        Assert.Equal("", string.Join('\n', first.Errors));
        Assert.Equal(0, second.Writes);
        Assert.Equal([(1, 1)], Covered(second));
        Assert.Equal(
            ["login", "alert"],
            cloud.Logging("sas").Where(state => state.Places.Count > 0).Select(state => state.Kind)
        );
        Assert.Equal(written, cloud.Stored("sas_log", "aegis-log-login") + cloud.Stored("sas_log", "sas-security-log"));
        Assert.Equal(cloud.Stored("sas_log", "aegis-log-login"), await FoundAsync(function, "aegis-log-login"));
        Assert.Equal([CloudEstate.Member], cloud.Values("sas_log", "owner_id"));
        Assert.Equal(["cn-hangzhou"], cloud.Values("sas_log", "region"));
    }

    [Theory]
    [InlineData(AccountsMode.List)]
    [InlineData(AccountsMode.Directory)]
    public async Task Cloud_Config_is_started_and_both_kinds_reach_the_centre_by_one_channel(AccountsMode mode)
    {
        await using var cloud = await StartAsync(mode, "cloudconfig_change_enabled", "cloudconfig_noncom_enabled");
        cloud.Seed("cloudconfig", CloudEstate.Member, "cn-hangzhou", CloudEstate.Member, ("recorder", "off"));
        await OnLocalCloudTests.BootstrapAsync(cloud);
        await using var function = cloud.AsFunction();

        var (first, second) = (await RunAsync(function), await RunAsync(function));
        var written = cloud.WriteAndCarry("cloudconfig", 60);

        Assert.Equal("", string.Join('\n', first.Errors));
        Assert.Equal(0, second.Writes);
        Assert.Equal([(1, 1), (1, 1)], Covered(second));
        Assert.Equal(written, cloud.Stored("cloudconfig_log", "staging"));
        Assert.Equal(
            ["ConfigurationItemChangeNotification", "NonCompliantNotification"],
            cloud.Values("cloudconfig_log", "dataType").Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task A_bastion_host_turns_green_by_its_own_records_once_a_person_let_them_arrive()
    {
        await using var cloud = await StartAsync(AccountsMode.Directory, "bastion_enabled");
        var done = cloud.Seed("bastionhost", CloudEstate.Member, "cn-hangzhou", "bastionhost-cn-done");
        cloud.Seed("bastionhost", CloudEstate.Member, "cn-hangzhou", "bastionhost-cn-open");
        await OnLocalCloudTests.BootstrapAsync(cloud);
        await using var function = cloud.AsFunction();

        var before = await RunAsync(function);
        lock (cloud.Cloud.Gate)
        {
            var hosts = cloud.Cloud.Services.Get<LocalProducts>().Of("bastionhost");
            hosts.SwitchOn(done, new LogPlace(CloudEstate.Project.Value, "baston_log"));
        }

        cloud.WriteAndCarry("bastionhost", 10);
        var after = await RunAsync(function);

        Assert.Equal("", string.Join('\n', before.Unknown));
        Assert.Equal([(2, 0)], Covered(before));
        Assert.Equal(2, before.Findings.Count(finding => finding.StartsWith("by hand: ", StringComparison.Ordinal)));
        Assert.Equal([(2, 1)], Covered(after));
        Assert.Contains(
            "bastionhost-cn-open",
            Assert.Single(after.Findings, finding => finding.StartsWith("by hand: ", StringComparison.Ordinal))
        );
    }

    private static Task<CloudEstate> StartAsync(AccountsMode mode, params string[] switches) =>
        CloudEstate.StartAsync(mode, switches.ToDictionary(name => name, _ => "true"));

    private static Task<RunReport> RunAsync(IServiceProvider function) =>
        function.GetRequiredService<IReconciler>().RunAsync("timer", Deadline.None, CancellationToken.None);

    /// <summary>Records that the search of the central Logstore finds for a topic, asked as the dashboards ask.</summary>
    private static async Task<int> FoundAsync(IServiceProvider function, string topic)
    {
        var now = TimeProvider.System.GetUtcNow();
        var found = await function
            .GetRequiredService<SlsAccess>()
            .For(new AccountId(CloudEstate.Central), new RegionId("cn-hangzhou"))
            .GetLogsAsync(
                CloudEstate.Project,
                new LogstoreName("sas_log"),
                new LogQuery
                {
                    From = now.AddHours(-1),
                    To = now.AddMinutes(1),
                    Query = $"__topic__: \"{topic}\"",
                    Lines = 100,
                },
                CancellationToken.None
            );
        return found.Rows.Count;
    }

    private static IEnumerable<(int Resources, int Collecting)> Covered(RunReport report) =>
        report.Coverage.Where(row => row.Resources > 0).Select(row => (row.Resources, row.Collecting));
}
