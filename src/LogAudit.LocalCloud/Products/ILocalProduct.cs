using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Products.Logs;
using LogAudit.LocalCloud.Scenario;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Products;

/// <summary>What scenario, coverage and log generation ask of every product. All of it is called inside the cloud's gate.</summary>
internal interface ILocalProduct
{
    /// <summary>Product code, for example <c>slb</c>.</summary>
    string Product { get; }

    /// <summary>Puts a resource there, with no event and no waiting, as if it had been there for long.</summary>
    void Seed(ScenarioResource resource);

    /// <summary>Switches its collection on at once, to a place that exists.</summary>
    void SwitchOn(ScenarioResource resource, LogPlace place);

    /// <summary>Does what a person or program does and says what the audit trail will tell of it, in order.</summary>
    /// <exception cref="InvalidOperationException">It cannot be done to this resource.</exception>
    IReadOnlyList<Deed> Do(ScenarioChange change);

    /// <summary>Whether each resource can and does log, and where to.</summary>
    IEnumerable<LoggingState> Logging();

    /// <summary>Everything that writes log lines at this moment.</summary>
    IEnumerable<LogSource> Sources();
}

/// <summary>Something done in an account, for the audit trail.</summary>
/// <param name="Service"><c>serviceName</c>, for example <c>Slb</c>.</param>
/// <param name="Event"><c>eventName</c>, for example <c>CreateLoadBalancer</c> or <c>Create</c>.</param>
/// <param name="Request"><c>requestParameters</c>; null where the service records none.</param>
/// <param name="Response"><c>responseElements</c>; null where the service records none.</param>
/// <param name="Resources">Types and ids of <c>referencedResources</c>.</param>
internal sealed record Deed(
    string Service,
    string Event,
    JObject? Request,
    JObject? Response,
    params IReadOnlyList<(string Type, string Id)> Resources
);

/// <summary>Whether one resource can log and where it logs to.</summary>
/// <param name="Resource">The resource.</param>
/// <param name="Kind">Kind of log, for example <c>access</c>.</param>
/// <param name="WhyNot">Why it cannot log at all; null when it can.</param>
/// <param name="Places">Where its lines go now; empty when its collection is off.</param>
internal sealed record LoggingState(
    ResourceKey Resource,
    string Kind,
    string? WhyNot,
    params IReadOnlyList<LogPlace> Places
)
{
    /// <summary>Whether the API of the product shows the log, so that whoever reads it can gather it without any place.</summary>
    public bool IsShown { get; init; }
}

/// <summary>A resource, anywhere.</summary>
internal readonly record struct ResourceKey(string Product, string Account, string Region, string Id);

/// <summary>A Logstore.</summary>
internal readonly record struct LogPlace(string Project, string Logstore);

/// <summary>Makes a log line.</summary>
internal delegate LogRecord LineMaker(DateTimeOffset at, string marker, Dice dice);

/// <summary>A resource that writes lines of one kind to one place.</summary>
/// <param name="Resource">The resource.</param>
/// <param name="Kind">Kind of log, as <see cref="LoggingState"/> names it.</param>
/// <param name="Place">Where they go.</param>
/// <param name="Line">Makes one.</param>
internal sealed record LogSource(ResourceKey Resource, string Kind, LogPlace Place, LineMaker Line)
{
    /// <summary>Set when the lines go where collection policies want them; <see cref="Place"/> is then the first of those places.</summary>
    public PolicySubject? Policy { get; init; }

    /// <summary>Whether the lines stay in a Logstore that the product keeps for itself, because no collection policy wants them.</summary>
    public bool StaysWithProduct { get; init; }
}
