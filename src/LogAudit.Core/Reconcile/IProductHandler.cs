namespace LogAudit;

/// <summary>What a product must be able to do: list its resources, say whether their logs are collected, and carry planned changes out.</summary>
public interface IProductHandler : ISettingHandler
{
    /// <summary>The product's facts: log kinds, regions, change events, RAM actions.</summary>
    ProductSpec Spec { get; }

    /// <summary>The resources in scope, page by page. Access denied and unreadable answers throw; they are never "no resources".</summary>
    IAsyncEnumerable<ResourceRef> ListAsync(Scope scope, CancellationToken cancel);

    /// <summary>Says for each resource whether the product's own switch for one log kind is on and points at <paramref name="target"/>.</summary>
    /// <param name="kind">The log kind. For one that a collection policy alone collects, <see cref="Observation.Enabled"/> means that nothing in the product stands in the way.</param>
    /// <param name="resources">Resources of one account and one region, so that a product can answer with one list call.</param>
    /// <param name="target">Where the logs must go.</param>
    /// <param name="cancel">Ends the work.</param>
    /// <returns>One answer per resource, in any order. Changes nothing in the cloud.</returns>
    IAsyncEnumerable<Observed> ObserveAsync(
        LogKind kind,
        IReadOnlyList<ResourceRef> resources,
        LogTarget target,
        CancellationToken cancel
    );
}
