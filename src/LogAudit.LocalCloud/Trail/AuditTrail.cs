namespace LogAudit.LocalCloud.Trail;

/// <summary>A trail: which events go to which project.</summary>
internal sealed class AuditTrail(
    string account,
    string name,
    string homeRegion,
    bool organization,
    DateTimeOffset createdAt
)
{
    public string Account => account;
    public string Name => name;
    public string HomeRegion => homeRegion;

    /// <summary>Of the whole directory. Cannot be changed later.</summary>
    public bool IsOrganization => organization;

    public DateTimeOffset CreatedAt => createdAt;
    public DateTimeOffset? UpdatedAt { get; set; }

    /// <summary><c>All</c>, <c>Write</c> or <c>Read</c>.</summary>
    public required string Events { get; set; }

    /// <summary><c>All</c>, or region ids with commas.</summary>
    public required string Regions { get; set; }

    /// <summary>ARN of the destination, <c>acs:log:{region}:{uid}:project/{project}</c>; empty for another kind of destination.</summary>
    public required string ProjectArn { get; set; }

    /// <summary>ARN of the role that writes there; empty for the service-linked one.</summary>
    public required string RoleArn { get; set; }

    public string Bucket { get; set; } = "";
    public string MaxComputeArn { get; set; } = "";

    /// <summary><c>Fresh</c> when never started, then <c>Enable</c> or <c>Disable</c>.</summary>
    public Products.Phase Status { get; } = new("Fresh");

    public DateTimeOffset? StartedAt { get; set; }
    public DateTimeOffset? StoppedAt { get; set; }
    public DateTimeOffset? DeliveredAt { get; set; }

    /// <summary>Why the latest delivery failed; empty when it did not.</summary>
    public string DeliveryError { get; set; } = "";

    public string Project => ProjectArn.Length == 0 ? "" : ProjectArn[(ProjectArn.LastIndexOf('/') + 1)..];

    /// <summary>The Logstore that ActionTrail makes; nobody chooses its name.</summary>
    public string Logstore => $"actiontrail_{name}";

    /// <summary>Whether an event belongs to it by region and kind.</summary>
    public bool Takes(AuditEvent happened) =>
        (Events is "All" || (Events is "Write" == happened.IsWrite))
        && (
            happened.IsGlobal
            || Regions is "All"
            || Regions.Split(',').Contains(happened.Region, StringComparer.Ordinal)
        );
}
