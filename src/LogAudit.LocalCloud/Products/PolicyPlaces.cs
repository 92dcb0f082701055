using LogAudit.LocalCloud.Kernel;

namespace LogAudit.LocalCloud.Products;

/// <summary>Where collection policies put the logs of an instance.</summary>
internal static class PolicyPlaces
{
    /// <summary>The default Logstore first, then those that the logs are carried on to; empty when no policy wants them.</summary>
    public static IReadOnlyList<LogPlace> Of(Cloud cloud, PolicySubject subject) =>
        cloud.Services.Find<ICollectionPolicies>()?.Decide(subject) is { Collected: true } verdict
            ?
            [
                new LogPlace(verdict.Project, verdict.Logstore),
                .. verdict.Central.Select(c => new LogPlace(c.Project, c.Logstore)),
            ]
            : [];
}
