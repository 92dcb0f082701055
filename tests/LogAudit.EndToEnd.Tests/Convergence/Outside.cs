using LogAudit.Collection;
using LogAudit.EndToEnd.Tests.Permissions;
using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Products;
using LogAudit.LocalCloud.ResourceDirectory;
using LogAudit.LocalCloud.Sls.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace LogAudit.EndToEnd.Tests.Convergence;

/// <summary>What is none of LogAudit's business: other people's things in the accounts of the scope, and everything beyond it.</summary>
internal sealed class Outside(GovernedCloud cloud)
{
    /// <summary>A member of the organisation that the settings do not name.</summary>
    public const string Neighbour = "1000000000000003";

    /// <summary>A region that the settings do not name.</summary>
    public const string FarRegion = "us-west-1";

    /// <summary>A role of somebody else.</summary>
    public const string Role = "their-role";

    private const string Theirs = "theirs";

    /// <summary>Puts it there before LogAudit comes.</summary>
    public static void Build(GovernedCloud cloud)
    {
        var store = cloud.Cloud.Services.Get<SlsStore>();
        lock (cloud.Cloud.Gate)
        {
            var neighbour = cloud.Cloud.AddAccount(Neighbour, "neighbour");
            cloud.Cloud.Services.Get<Organisation>().AddMember(neighbour);
            neighbour.AddRole(Role, EngineRoles.TrustServices("ecs.aliyuncs.com"));
            cloud.Cloud.FindAccount(GovernedCloud.Member)!.AddRole(Role, EngineRoles.TrustServices("ecs.aliyuncs.com"));
        }

        foreach (var (project, account) in Projects)
        {
            store.EnsureProject(project, account, GovernedCloud.Region).EnsureLogstore("access", ttlDays: 7);
        }

        foreach (var product in new[] { "slb", "vpc", "rds", "oss" })
        {
            cloud.Seed(GovernedCloud.Resource(product, Neighbour, GovernedCloud.Region, $"{product}-neighbour"));
            cloud.Seed(GovernedCloud.Resource(product, GovernedCloud.Member, FarRegion, $"{product}-far"));
        }

        // In scope, and somebody lets it log elsewhere.
        cloud.Seed(
            GovernedCloud.Resource("slb", GovernedCloud.Member, GovernedCloud.Region, "lb-theirs"),
            new LogPlace(Theirs, "access")
        );
    }

    /// <summary>All of it, as texts that can be compared.</summary>
    public async Task<IReadOnlyList<string>> SnapshotAsync()
    {
        var lines = new List<string>();
        lock (cloud.Cloud.Gate)
        {
            foreach (var account in cloud.Cloud.Accounts)
            {
                lines.AddRange(
                    account
                        .Roles.Values.Where(role => !role.ServiceLinked && !IsOurs(role.Name))
                        .Select(role =>
                            $"role {account.Id}/{role.Name} {role.Trust.Text} {string.Join(',', role.Attached.Select(one => one.Name))}"
                        )
                );
                lines.AddRange(
                    account
                        .Policies.Values.Where(policy => !IsOurs(policy.Name))
                        .Select(policy => $"policy {account.Id}/{policy.Name} {policy.Default.Document.Text}")
                );
            }

            foreach (var project in cloud.Cloud.Services.Get<SlsStore>().Projects.Where(one => !IsOurs(one.Name)))
            {
                lines.Add(
                    $"project {project.Name} {project.Description} {project.Dashboards.Count} {project.Jobs.Count}"
                );
                lines.AddRange(
                    project.Logstores.Select(store =>
                        $"logstore {project.Name}/{store.Name} {store.Settings.TtlDays} {store.Index is not null}"
                    )
                );
            }
        }

        lines.AddRange(
            cloud
                .Logging()
                .Where(state => IsOutside(state.Key.Split('/')[1]))
                .Select(state => $"logging {state.Key} {state.Value}")
        );
        lines.AddRange(await PoliciesAsync());
        return [.. lines.Order(StringComparer.Ordinal)];
    }

    /// <summary>Whether a resource of this id is outside, or somebody else's choice.</summary>
    public static bool IsOutside(string id) =>
        id.EndsWith("-neighbour", StringComparison.Ordinal)
        || id.EndsWith("-far", StringComparison.Ordinal)
        || id.EndsWith("-theirs", StringComparison.Ordinal);

    /// <summary>A collection policy of other people in each account.</summary>
    public async Task AddPoliciesAsync()
    {
        await using var administrator = cloud.AsAdministrator();
        var sls = administrator.GetRequiredService<SlsAccess>();
        foreach (var account in GovernedCloud.Accounts)
        {
            await sls.For(new AccountId(account), new RegionId(GovernedCloud.Region))
                .UpsertCollectionPolicyAsync(
                    new()
                    {
                        Name = Theirs,
                        ProductCode = "rds",
                        DataCode = "slow_log",
                        Enabled = true,
                        Rule = new() { Mode = "instanceMode", InstanceIds = ["rm-elsewhere"] },
                    },
                    CancellationToken.None
                );
        }
    }

    private async Task<IReadOnlyList<string>> PoliciesAsync()
    {
        await using var administrator = cloud.AsAdministrator();
        var book = administrator.GetRequiredService<IPolicyBook>();
        var lines = new List<string>();
        foreach (var account in GovernedCloud.Accounts)
        {
            lines.AddRange(
                (await book.ListAsync(new AccountId(account), CancellationToken.None))
                    .Where(policy => !IsOurs(policy.Key))
                    .Select(policy => $"collection policy {account}/{policy.Key} {policy.Value}")
            );
        }

        return lines;
    }

    private static IEnumerable<(string Project, string Account)> Projects =>
        [
            (Theirs, GovernedCloud.Member),
            ($"slsaudit-center-{GovernedCloud.Central}-{GovernedCloud.Region}", GovernedCloud.Central),
            ("neighbours", Neighbour),
        ];

    private static bool IsOurs(string name) => name.StartsWith("logaudit-", StringComparison.Ordinal);
}
