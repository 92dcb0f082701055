using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Products.Logs;

namespace LogAudit.LocalCloud.Products;

/// <summary>The Logstore that a product keeps for its logs in a project of its own, in the account of the resource.</summary>
/// <remarks>A collection policy of the product does not decide whether it writes, only where its lines are carried on to (assumed).</remarks>
internal static class OwnStore
{
    /// <summary>Where the lines are now: in the product's own Logstore, and where collection policies carry them.</summary>
    public static IReadOnlyList<LogPlace> Places(Cloud cloud, LogPlace own, PolicySubject subject) =>
        PolicyPlaces.Of(cloud, subject) is { Count: > 0 } carried ? carried : [own];

    /// <summary>Something that writes lines to the product's own Logstore.</summary>
    public static LogSource Source(
        Cloud cloud,
        ResourceKey resource,
        string kind,
        LogPlace own,
        PolicySubject subject,
        LineMaker line
    )
    {
        var isCarried = PolicyPlaces.Of(cloud, subject).Count > 0;
        return new(resource, kind, own, line) { Policy = isCarried ? subject : null, StaysWithProduct = !isCarried };
    }

    /// <summary>Makes the project and Logstore, as the product does when its log service is opened.</summary>
    public static void Ensure(Cloud cloud, string account, string region, LogPlace own, int days)
    {
        var storage = cloud.Services.Get<ILogStorage>();
        storage.EnsureProject(account, region, own.Project);
        storage.EnsureLogstore(own.Project, own.Logstore, days, 2);
    }
}
