using LogAudit.Cli;
using LogAudit.Collection;
using LogAudit.LocalCloud.ResourceDirectory;
using LogAudit.Products;
using Microsoft.Extensions.DependencyInjection;

namespace LogAudit.EndToEnd.Tests.Permissions;

/// <summary>An account joins the organisation with the member role in it, as a landing zone makes it, and nobody runs bootstrap.</summary>
public sealed class JoinedMemberTests
{
    private const string Joined = "1000000000000004";

    [Fact]
    public async Task A_member_that_joined_is_reported_as_not_carried_until_bootstrap_runs_again()
    {
        await using var cloud = await StartAsync();
        var before = await RunAsync(cloud);
        Join(cloud);

        var joined = await RunAsync(cloud);
        await cloud.BootstrapAsync();
        var after = await RunAsync(cloud);

        Assert.DoesNotContain(before.Findings, IsNotCarried);
        var finding = Assert.Single(joined.Findings, IsNotCarried);
        Assert.Contains($"account {Joined}", finding, StringComparison.Ordinal);
        Assert.Contains("no role logaudit-etl", finding, StringComparison.Ordinal);
        Assert.Contains("role logaudit-etl-sink", finding, StringComparison.Ordinal);
        Assert.Contains("run logaudit bootstrap", finding, StringComparison.Ordinal);
        Assert.Contains(joined.Coverage, row => row is { Account.Value: Joined, Product: "slb", Resources: 1 });
        Assert.DoesNotContain(after.Findings, IsNotCarried);
        Assert.Equal([], joined.Unknown.Concat(after.Unknown));
    }

    [Fact]
    public async Task A_plan_tells_it_too()
    {
        await using var cloud = await StartAsync();
        Join(cloud);
        await using var function = cloud.AsFunction();

        var plan = await function.GetRequiredService<IReconciler>().PlanAsync(CancellationToken.None);

        Assert.Contains(plan.Plan.Findings, IsNotCarried);
    }

    private static Task<GovernedCloud> StartAsync() =>
        GovernedCloud.StartAsync(
            AccountsMode.Directory,
            change: usual => usual with { Accounts = usual.Accounts with { Members = [] } }
        );

    private static void Join(GovernedCloud cloud)
    {
        lock (cloud.Cloud.Gate)
        {
            var account = cloud.Cloud.AddAccount(Joined, "joined");
            cloud.Cloud.Services.Get<Organisation>().AddMember(account);
            var role = Roles.Member(new ProductCatalogue(), cloud.Settings, new AccountId(Joined));
            account.AddRole(role.Name, role.Trust, role.Policies.Values);
        }

        cloud.Seed(GovernedCloud.Resource("slb", Joined, GovernedCloud.Region, $"lb-{Joined}"));
    }

    private static async Task<RunReport> RunAsync(GovernedCloud cloud)
    {
        await using var function = cloud.AsFunction();
        return await function
            .GetRequiredService<IReconciler>()
            .RunAsync("timer", Deadline.None, CancellationToken.None);
    }

    private static bool IsNotCarried(string finding) =>
        finding.Contains("not carried to the centre", StringComparison.Ordinal);
}
