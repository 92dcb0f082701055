using Microsoft.Extensions.DependencyInjection;

namespace LogAudit.Collection.Tests.LocalCloud;

/// <summary>Products that log in their own region first, from the switch to the central Logstore, with the rights of the generated roles only.</summary>
public sealed class RegionalProductsTests
{
    [Theory]
    [InlineData("alb", "alb_access_enabled", "alb_log", "alb_layer7_access_log")]
    [InlineData("nas", "nas_enabled", "nas_log", "nas_audit_log")]
    [InlineData("drds", "drds_audit_enabled", "drds_log", "drds_audit_log")]
    [InlineData("apigateway", "apigateway_enabled", "apigateway_log", "")]
    public async Task Logs_are_switched_on_and_carried_with_their_account_and_region(
        string product,
        string variable,
        string logstore,
        string topic
    )
    {
        await using var cloud = await StartAsync((variable, "true"));
        cloud.Seed(product, CloudEstate.Member, "cn-shanghai", "it-1");
        await OnLocalCloudTests.BootstrapAsync(cloud);
        await using var function = cloud.AsFunction();

        var (first, second) = (await RunAsync(function), await RunAsync(function));
        var written = cloud.WriteAndCarry(product, 40);

        Assert.Empty(first.Errors.Concat(first.Unknown));
        Assert.Equal(0, second.Writes);
        Assert.Equal([(1, 1)], Covered(second));
        Assert.Equal(40, written);
        Assert.Equal(written, cloud.Stored(logstore, topic));
        Assert.Equal([CloudEstate.Member], cloud.Values(logstore, "owner_id"));
        Assert.Equal(["cn-shanghai"], cloud.Values(logstore, "region"));
    }

    [Fact]
    public async Task Statements_name_their_instance_in_a_field_where_the_source_has_it_in_the_topic_only()
    {
        await using var cloud = await StartAsync(("drds_audit_enabled", "true"));
        cloud.Seed("drds", CloudEstate.Member, "cn-shanghai", "drds1");
        cloud.Seed("drds", CloudEstate.Member, "cn-shanghai", "drds2");
        await OnLocalCloudTests.BootstrapAsync(cloud);
        await using var function = cloud.AsFunction();

        await RunAsync(function);
        cloud.WriteAndCarry("drds", 10);

        Assert.Equal(["drds1", "drds2"], cloud.Values("drds_log", "instance_id").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_log_slot_of_another_use_is_left_and_a_person_is_told_which_setting_carries_it()
    {
        await using var cloud = await StartAsync(("apigateway_enabled", "true"));
        cloud.Seed("apigateway", CloudEstate.Member, "cn-shanghai", "it-1", ("slot", "team-logs/calls"));
        await OnLocalCloudTests.BootstrapAsync(cloud);
        await using var function = cloud.AsFunction();

        var run = await RunAsync(function);

        Assert.Equal([(1, 0)], Covered(run));
        Assert.Contains(
            "add team-logs to apigateway_projects",
            Assert.Single(run.Findings, finding => finding.StartsWith("by hand: ", StringComparison.Ordinal))
        );
        Assert.Equal("team-logs", Assert.Single(Assert.Single(cloud.Logging("apigateway")).Places).Project);
    }

    [Fact]
    public async Task A_log_slot_of_another_use_is_carried_from_where_it_goes_when_the_settings_name_the_project()
    {
        await using var cloud = await StartAsync(("apigateway_enabled", "true"), ("apigateway_projects", "team-logs"));
        cloud.Seed("apigateway", CloudEstate.Member, "cn-shanghai", "it-1", ("slot", "team-logs/calls"));
        await OnLocalCloudTests.BootstrapAsync(cloud);
        await using var function = cloud.AsFunction();

        var (first, second) = (await RunAsync(function), await RunAsync(function));
        var written = cloud.WriteAndCarry("apigateway", 30);

        Assert.Empty(first.Errors.Concat(first.Unknown));
        Assert.Equal(0, second.Writes);
        Assert.Equal([(1, 1)], Covered(second));
        Assert.Equal("team-logs", Assert.Single(Assert.Single(cloud.Logging("apigateway")).Places).Project);
        Assert.Equal(written, cloud.Stored("apigateway_log", ""));
    }

    private static Task<CloudEstate> StartAsync(params (string Name, string Value)[] collect) =>
        CloudEstate.StartAsync(AccountsMode.List, collect.ToDictionary(one => one.Name, one => one.Value));

    private static Task<RunReport> RunAsync(ServiceProvider function) =>
        function.GetRequiredService<IReconciler>().RunAsync("timer", Deadline.None, CancellationToken.None);

    private static IEnumerable<(int Resources, int Collecting)> Covered(RunReport report) =>
        report.Coverage.Where(row => row.Resources > 0).Select(row => (row.Resources, row.Collecting));
}
