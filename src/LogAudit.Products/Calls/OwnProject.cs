namespace LogAudit.Products;

/// <summary>Products that keep their logs in a project of their own, named after themselves: <c>wafng-project-&lt;uid&gt;-cn-hangzhou</c>.</summary>
internal static class OwnProject
{
    /// <summary>Where a job must fetch the logs; null where the collection policy of the log kind does.</summary>
    /// <remarks>Assumed: the product code of a policy is the beginning of the project's name, as both exist once per generation of a product.</remarks>
    public static LogTarget? Lands(LogKind kind, ResourceRef owner, string region, string project, string logstore) =>
        kind.Policy is { } codes && project.StartsWith($"{codes.ProductCode}-project-", StringComparison.Ordinal)
            ? null
            : new LogTarget(owner.Account, new RegionId(region), new ProjectName(project), new LogstoreName(logstore));
}
