using LogAudit.LocalCloud.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace LogAudit.Collection.Tests.LocalCloud;

/// <summary>Products of two sites with a project of their own, from the switch to the central Logstore, with the rights of the generated roles only.</summary>
public sealed class SiteProductsTests
{
    [Theory]
    [InlineData(AccountsMode.List)]
    [InlineData(AccountsMode.Directory)]
    public async Task Both_generations_of_WAF_reach_the_centre_one_by_the_policy_and_one_by_a_job(AccountsMode mode)
    {
        await using var cloud = await StartAsync(mode, "waf_enabled");
        cloud.Seed("waf", CloudEstate.Member, "cn-hangzhou", "www.example.com-waf");
        cloud.Seed("waf", CloudEstate.Member, "cn-hangzhou", "old.example.com", ("generation", "2.0"));
        await OnLocalCloudTests.BootstrapAsync(cloud);
        await using var function = cloud.AsFunction();

        var (first, second) = (await RunAsync(function), await RunAsync(function));
        var written = cloud.WriteAndCarry("waf", 60);

        Assert.Equal("", string.Join('\n', first.Errors));
        Assert.Equal(0, second.Writes);
        Assert.Equal([(2, 2)], Covered(second));
        Assert.Equal(written, cloud.Stored("waf_log", "waf_access_log"));
        Assert.Equal(
            ["old.example.com", "www.example.com"],
            cloud.Values("waf_log", "host").Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData(AccountsMode.List)]
    [InlineData(AccountsMode.Directory)]
    public async Task Both_kinds_of_Cloud_Firewall_share_a_policy_and_reach_the_centre(AccountsMode mode)
    {
        await using var cloud = await StartAsync(mode, "cloudfirewall_enabled", "cloudfirewall_vpc_enabled");
        cloud.Seed("cloudfirewall", CloudEstate.Member, "cn-hangzhou", "vipcloudfw-1", ("opened", "false"));
        await OnLocalCloudTests.BootstrapAsync(cloud);
        await using var function = cloud.AsFunction();

        // The pause between two changes of delivery may leave the second to the next run.
        var first = await RunAsync(function);
        await RunAsync(function);
        var last = await RunAsync(function);
        var written = cloud.WriteAndCarry("cloudfirewall", 60);

        Assert.Equal("", string.Join('\n', first.Errors));
        Assert.Equal(0, last.Writes);
        Assert.Equal([(1, 1)], Covered(last));
        Assert.Equal(written, cloud.Stored("cloudfirewall_log", "cloudfirewall_access_log"));
        Assert.Equal(
            ["internet_log", "vpc_firewall_log"],
            cloud.Values("cloudfirewall_log", "log_type").Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task Domains_of_Anti_DDoS_are_switched_and_an_instance_of_Origin_is_told_to_a_person()
    {
        await using var cloud = await StartAsync(
            AccountsMode.Directory,
            "ddos_coo_access_enabled",
            "ddos_bgp_access_enabled"
        );
        cloud.Seed("ddos", CloudEstate.Member, "cn-hangzhou", "www.example.com");
        cloud.Seed("ddos", CloudEstate.Member, "cn-hangzhou", "ddosbgp-cn-1", ("form", "origin"));
        await OnLocalCloudTests.BootstrapAsync(cloud);
        await using var function = cloud.AsFunction();

        var (first, second) = (await RunAsync(function), await RunAsync(function));
        var written = cloud.WriteAndCarry("ddos", 20);

        Assert.Equal("", string.Join('\n', first.Errors));
        Assert.Equal([(2, 1)], Covered(second));
        Assert.Contains("ddosbgp-cn-1", Assert.Single(first.Findings, IsByHand), StringComparison.Ordinal);
        Assert.Contains("ddosbgp-cn-1", Assert.Single(second.Findings, IsByHand), StringComparison.Ordinal);
        Assert.Equal(written, cloud.Stored("ddos_log", "ddoscoo_access_log"));
    }

    [Theory]
    [InlineData("ddos", "www.example.com", "ddos_coo_access_enabled", "ddoscoo", "1000000000000002/cn-hangzhou")]
    [InlineData("cloudfirewall", "vipcloudfw-1", "cloudfirewall_enabled", "cloudfirewall", "vipcloudfw-1/cn-hangzhou")]
    public async Task Days_that_a_product_keeps_itself_are_raised_by_its_own_call_and_lowered_only_by_name(
        string product,
        string resource,
        string enabled,
        string stem,
        string setting
    )
    {
        await using var cloud = await CloudEstate.StartAsync(
            AccountsMode.List,
            new Dictionary<string, string> { [enabled] = "true", [$"{product}_own_ttl"] = "120" }
        );
        cloud.Seed(product, CloudEstate.Member, "cn-hangzhou", resource, ("logVersion", "2"));
        var storage = cloud.Cloud.Services.Get<ILogStorage>();
        var (project, logstore) = ($"{stem}-project-{CloudEstate.Member}-cn-hangzhou", $"{stem}-logstore");
        storage.KeepFor(project, logstore, 30);
        await OnLocalCloudTests.BootstrapAsync(cloud);
        await using var function = cloud.AsFunction();

        var (first, second) = (await RunAsync(function), await RunAsync(function));
        var raised = storage.DaysOf(project, logstore);
        var undo = function.GetRequiredService<IUndo>();
        var kept = await undo.PlanAsync([], CancellationToken.None);
        await undo.ApplyAsync(await undo.PlanAsync([setting], CancellationToken.None), Deadline.None, default);

        Assert.Equal("", string.Join('\n', first.Errors));
        Assert.Equal((120, 0), (raised, second.Writes));
        Assert.Contains(kept.Findings, finding => finding.Contains($"name {setting}", StringComparison.Ordinal));
        Assert.Equal(30, storage.DaysOf(project, logstore));
    }

    [Fact]
    public async Task Days_that_a_product_keeps_itself_are_not_even_read_where_nobody_asks_for_any()
    {
        await using var cloud = await StartAsync(AccountsMode.List, "ddos_coo_access_enabled");
        cloud.Seed("ddos", CloudEstate.Member, "cn-hangzhou", "www.example.com");
        var storage = cloud.Cloud.Services.Get<ILogStorage>();
        storage.KeepFor($"ddoscoo-project-{CloudEstate.Member}-cn-hangzhou", "ddoscoo-logstore", 7);
        await OnLocalCloudTests.BootstrapAsync(cloud);
        await using var function = cloud.AsFunction();

        await RunAsync(function);

        Assert.Equal(7, storage.DaysOf($"ddoscoo-project-{CloudEstate.Member}-cn-hangzhou", "ddoscoo-logstore"));
    }

    private static bool IsByHand(string finding) => finding.StartsWith("by hand: ", StringComparison.Ordinal);

    private static Task<CloudEstate> StartAsync(AccountsMode mode, params string[] switches) =>
        CloudEstate.StartAsync(mode, switches.ToDictionary(name => name, _ => "true"));

    private static Task<RunReport> RunAsync(IServiceProvider function) =>
        function.GetRequiredService<IReconciler>().RunAsync("timer", Deadline.None, CancellationToken.None);

    private static IEnumerable<(int Resources, int Collecting)> Covered(RunReport report) =>
        report.Coverage.Where(row => row.Resources > 0).Select(row => (row.Resources, row.Collecting));
}
