using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Sls.Storage;

namespace LogAudit.LocalCloud.Sls.Policies;

/// <summary>
/// Collects by policy: merges the policies that hit an instance, writes its logs to the default Logstore of its region and
/// has them carried on to the central ones.
/// </summary>
internal sealed class PolicyEngine(Cloud cloud, SlsStore store, PolicyBook book, Centralizer centralizer)
    : ICollectionPolicies
{
    /// <summary>Days the default Logstores keep data (assumed).</summary>
    private const int DefaultTtlDays = 7;

    /// <inheritdoc/>
    public PolicyVerdict Decide(PolicySubject subject)
    {
        var hits = book.Acting().Where(policy => Covers(policy, subject.AccountId) && policy.Hits(subject)).ToArray();
        var product = PolicyProducts.Find(subject.ProductCode, subject.DataCode);
        if (hits.Length == 0 || product is null)
            return new PolicyVerdict(false, "", "", []);
        // A log without a region goes where its policy says; of several policies the first decides (assumed).
        var region = product.NeedsDataRegion ? hits[0].DataRegion : subject.Region;
        return new PolicyVerdict(
            true,
            product.ProjectFor(subject.AccountId, region),
            product.Logstore,
            [
                .. hits.Where(policy => policy.Centralize)
                    .Select(policy => new CentralTarget(
                        policy.Account,
                        policy.DestRegion,
                        policy.DestProject,
                        policy.DestLogstore,
                        policy.Name
                    ))
                    .DistinctBy(target => (target.Project, target.Logstore)),
            ]
        )
        {
            Region = region,
        };
    }

    /// <inheritdoc/>
    public bool Deliver(
        PolicySubject subject,
        string topic,
        string source,
        IReadOnlyList<KeyValuePair<string, string>> tags,
        IReadOnlyList<LogItem> items
    )
    {
        var verdict = Decide(subject);
        if (!verdict.Collected || items.Count == 0)
            return false;
        var project = store.EnsureProject(verdict.Project, subject.AccountId, verdict.Region);
        // The name may belong to somebody else; then the service has nowhere to write.
        if (project.Account != subject.AccountId)
            return false;
        var group = CheckedGroup.Of(items, topic, source, tags);
        project.EnsureLogstore(verdict.Logstore, DefaultTtlDays).Append(group, hashKey: null, clientIp: null);
        foreach (var target in verdict.Central)
            centralizer.Carry(target, group, book.Newest(target.AccountId, target.PolicyName)?.DestTtl);
        return true;
    }

    /// <summary>A policy speaks for its own account, with a resource directory also for the members chosen.</summary>
    private bool Covers(CollectionPolicy policy, string account) =>
        policy.Account == account
        || policy.AccountGroup switch
        {
            "all" => cloud
                .Services.Find<IOrganisation>()
                ?.AccountsAround(policy.Account)
                .Contains(account, StringComparer.Ordinal)
                ?? false,
            "custom" => policy.Members.Contains(account, StringComparer.Ordinal),
            _ => false,
        };
}
