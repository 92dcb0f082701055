namespace LogAudit;

/// <summary>Which part of the estate a reconcile looks at: one account, one region, one product, and all or some of its resources.</summary>
/// <param name="Account">The account.</param>
/// <param name="Region">The region; of a product without regions (ActionTrail, the list of buckets) the central one.</param>
/// <param name="ResourceIds">Only these; null means every resource.</param>
public sealed record Scope(AccountId Account, RegionId Region, IReadOnlyList<string>? ResourceIds = null);

/// <summary>A cloud resource that can have audit logs.</summary>
public sealed record ResourceRef
{
    /// <summary>Product code, for example <c>rds</c>.</summary>
    public required string Product { get; init; }

    /// <summary>Owner.</summary>
    public required AccountId Account { get; init; }

    /// <summary>Region in which it lives.</summary>
    public required RegionId Region { get; init; }

    /// <summary>The product's own id: instance id, bucket name, trail name.</summary>
    public required string Id { get; init; }

    /// <summary>Display name; the id where the product has none.</summary>
    public string Name { get; init; } = "";

    /// <summary>Properties for the policy language, for example <c>instance.db_type</c>, and facts that observe needs, for example <c>status</c>.</summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Tags; empty where the list call does not return them.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => $"{Product} {Account}/{Region}/{Id}";
}

/// <summary>What observing said about one log kind of one resource. "Could not tell" is an answer of its own.</summary>
public abstract record Observation
{
    private Observation() { }

    /// <summary>The log is collected where it should be.</summary>
    public sealed record Enabled : Observation;

    /// <summary>The log is not collected, or not to where it should go; a change can mend it.</summary>
    public sealed record Disabled(string Why) : Observation
    {
        /// <summary>What exactly a person must do where no change can mend it; empty when one can.</summary>
        public string Todo { get; init; } = "";

        /// <summary>Whether no call tells that the person has done it, so that records which arrive do.</summary>
        public bool RecordsTell { get; init; }
    }

    /// <summary>The log cannot exist for this resource; nothing is planned and nothing is missing.</summary>
    public sealed record NotApplicable(string Why) : Observation;

    /// <summary>Nobody could tell: denied, throttled out, unreadable, not ready. Plans nothing and shows in the report.</summary>
    /// <param name="Why">What failed, on what, what the service said.</param>
    /// <param name="LookAgain">True when the resource is only not ready yet and deserves a delayed second look.</param>
    public sealed record Unknown(string Why, bool LookAgain = false) : Observation;
}

/// <summary>An observation with its subject and, when it is <see cref="Observation.Disabled"/>, the changes that would mend it.</summary>
/// <param name="Resource">The resource.</param>
/// <param name="LogKind">Name of the log kind, for example <c>audit</c>.</param>
/// <param name="State">What observing said.</param>
/// <param name="Fixes">Changes in order; empty unless disabled. A disabled log without a fix needs a person, and says what for: <see cref="Observation.Disabled.Todo"/>.</param>
public sealed record Observed(
    ResourceRef Resource,
    string LogKind,
    Observation State,
    IReadOnlyList<SettingChange> Fixes
)
{
    /// <summary>Where the logs go first when the product chooses the place itself; null when they go where they were asked to, or where the collection policy of the log kind fetches them. A job carries them on from there, and no policy is needed for it.</summary>
    public LogTarget? Lands { get; init; }

    /// <summary>The product's own setting of the days that it keeps the logs in its own Logstore, one member <c>ttl</c>; null where it has no call for that, and SLS says them.</summary>
    public SettingRef? KeptBy { get; init; }
}
