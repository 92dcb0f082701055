namespace LogAudit.Collection;

/// <summary>Something happened to a resource, or to the setting of its log.</summary>
/// <param name="EventId">Id of the audit event; the same event may come by several roads.</param>
/// <param name="Account">Account to which the resource belongs.</param>
/// <param name="Region">Region; null where the event does not say, so that all are looked at.</param>
/// <param name="Product">Product code.</param>
/// <param name="Effect">What it means for collection.</param>
/// <param name="ResourceIds">The resources; empty where the event does not say, so that the whole region is looked at.</param>
public sealed record Change(
    string EventId,
    AccountId Account,
    RegionId? Region,
    string Product,
    ChangeEffect Effect,
    IReadOnlyList<string> ResourceIds
)
{
    /// <summary>Known gap that it opens in the logs; empty for none.</summary>
    public string Gap { get; init; } = "";
}

/// <summary>What an event says.</summary>
public abstract record ChangeReading
{
    private ChangeReading() { }

    /// <summary>It concerns these; more than one where an event concerns several products.</summary>
    public sealed record Found(IReadOnlyList<Change> Changes) : ChangeReading;

    /// <summary>It concerns nothing that LogAudit collects: read, failed, of another service, our own.</summary>
    public sealed record Ignored(string Why) : ChangeReading;

    /// <summary>It is no event that LogAudit can read; the full run covers what it may have meant.</summary>
    public sealed record Unreadable(string Why) : ChangeReading;
}
