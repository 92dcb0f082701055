namespace LogAudit.Products;

/// <summary>Products that keep their logs in a project of their own, named after themselves: <c>wafng-project-&lt;uid&gt;-cn-hangzhou</c>.</summary>
internal static class OwnProject
{
    /// <summary>Where a job must fetch the logs, by the properties <c>log.region</c>, <c>log.project</c> and <c>log.logstore</c>; null where the collection policy of the log kind does, and before there is such a place.</summary>
    /// <remarks>Assumed: the product code of a policy is the beginning of the project's name, as both exist once per generation of a product.</remarks>
    public static LogTarget? Lands(LogKind kind, ResourceRef owner) =>
        Place(owner) is { } place
        && kind.Policy?.ProductCode is var code
        && (code is null || !place.Project.Value.StartsWith($"{code}-project-", StringComparison.Ordinal))
            ? place
            : null;

    private static LogTarget? Place(ResourceRef owner)
    {
        var (region, project, logstore) = (Told("region"), Told("project"), Told("logstore"));
        return region.Length > 0 && project.Length > 0 && logstore.Length > 0
            ? new LogTarget(owner.Account, new RegionId(region), new ProjectName(project), new LogstoreName(logstore))
            : null;

        string Told(string part) => owner.Properties.GetValueOrDefault($"log.{part}", "");
    }
}
