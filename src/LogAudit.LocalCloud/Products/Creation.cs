using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Scenario;

namespace LogAudit.LocalCloud.Products;

/// <summary>How long a resource of a scenario needs until it runs.</summary>
internal static class Creation
{
    /// <summary>Its own property <c>runningAfter</c>, which is not scaled; else the delay that its product declares.</summary>
    public static TimeSpan TimeOf(Cloud cloud, ScenarioResource resource, NamedDelay delay) =>
        resource.Properties.TryGetValue("runningAfter", out var text) && YamlMap.ParseTime(text) is { } own
            ? own
            : cloud.Delays.Of(delay);
}
