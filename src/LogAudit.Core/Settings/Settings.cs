namespace LogAudit;

/// <summary>The settings of LogAudit: one file, <c>logaudit.yaml</c>.</summary>
public sealed record Settings
{
    /// <summary>The account and region in which the functions run and the logs gather.</summary>
    public required CentralSettings Central { get; init; }

    /// <summary>Which accounts are in scope besides the central one.</summary>
    public required AccountsSettings Accounts { get; init; }

    /// <summary>Regions in scope; empty means every region that the product offers.</summary>
    public IReadOnlyList<RegionId> Regions { get; init; } = [];

    /// <summary>The profile that gives the default retention: <c>mlps</c> 184 days, <c>cis</c> and <c>pci</c> 365.</summary>
    public ComplianceProfile Compliance { get; init; } = ComplianceProfile.Mlps;

    /// <summary>What to collect, in the variables of the old service: <c>rds_enabled</c> → <c>true</c>, <c>rds_ttl</c> → <c>365</c>.</summary>
    public IReadOnlyDictionary<string, string> Collect { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The user's mappings of log fields to ECS names, at most one per log kind.</summary>
    public IReadOnlyList<MappingSettings> Mappings { get; init; } = [];

    /// <summary>Where normalised records go.</summary>
    public IReadOnlyList<DestinationSettings> Destinations { get; init; } = [];

    /// <summary>Records of our own that measure the road to every destination.</summary>
    public CanarySettings Canary { get; init; } = new();
}

/// <summary>Canaries: records that are written into every central Logstore on a timer and followed to every destination.</summary>
public sealed record CanarySettings
{
    /// <summary>Pause between two canaries. Zero, the default, writes none.</summary>
    /// <value>10 s to 1 h. The function <c>Sync</c> writes them when its timer comes, at most every minute.</value>
    public TimeSpan Interval { get; init; }

    /// <summary>Time without an arrival after which a destination counts as silent. Default 10 minutes.</summary>
    /// <value>From twice <see cref="Interval"/> to one day.</value>
    public TimeSpan Silence { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Whether canaries are written.</summary>
    public bool IsOn => Interval > TimeSpan.Zero;
}

/// <summary>The central account and region.</summary>
public sealed record CentralSettings
{
    /// <summary>The central account.</summary>
    public required AccountId Account { get; init; }

    /// <summary>The central region; functions and the central project live there.</summary>
    public required RegionId Region { get; init; }

    /// <summary>The central project. Default <c>logaudit-center-&lt;uid&gt;-&lt;region&gt;</c>.</summary>
    public required ProjectName Project { get; init; }

    /// <summary>Name of the trail, 6–36 of <c>[a-z0-9_-]</c>, first a letter. Its Logstore is <c>actiontrail_&lt;trail&gt;</c>.</summary>
    public string Trail { get; init; } = "logaudit";
}

/// <summary>How accounts are found and reached.</summary>
public sealed record AccountsSettings
{
    /// <summary>Where the list comes from.</summary>
    public required AccountsMode Mode { get; init; }

    /// <summary>Member ids: with <see cref="AccountsMode.Directory"/> a selection (empty means all), with <see cref="AccountsMode.List"/> the list.</summary>
    public IReadOnlyList<AccountId> Members { get; init; } = [];

    /// <summary>Name of the role that is assumed in every member.</summary>
    public string MemberRole { get; init; } = "logaudit-member";

    /// <summary>External id sent with AssumeRole, against the confused deputy; null to send none.</summary>
    public string? ExternalId { get; init; }
}

/// <summary>Where the list of accounts comes from.</summary>
public enum AccountsMode
{
    /// <summary>Only the central account.</summary>
    CentralOnly,

    /// <summary>The resource directory: one organisation trail and organisation-wide collection policies.</summary>
    Directory,

    /// <summary>A list of accounts with roles: each member has its own trail, policies and project, and an ETL job per Logstore carries the logs over.</summary>
    List,
}

/// <summary>A compliance profile.</summary>
public enum ComplianceProfile
{
    /// <summary>Multi-Level Protection Scheme: at least six months; 184 days.</summary>
    Mlps,

    /// <summary>CIS benchmark: 365 days.</summary>
    Cis,

    /// <summary>PCI DSS: 365 days.</summary>
    Pci,
}

/// <summary>A place where normalised records go.</summary>
public sealed record DestinationSettings
{
    /// <summary>Its name, 1–24 of <c>[a-z0-9-]</c>; part of the consumer group's name.</summary>
    public required string Name { get; init; }

    /// <summary>Sink, for example <c>syslog</c> or <c>webhook</c>.</summary>
    public required string Sink { get; init; }

    /// <summary>Format, for example <c>rfc5424</c> or <c>json</c>.</summary>
    public required string Format { get; init; }

    /// <summary>Products whose records are wanted; empty means all.</summary>
    public IReadOnlyList<string> Products { get; init; } = [];

    /// <summary>Whether the loss of records on the way is accepted. A sink whose receiver does not acknowledge needs it. Default false.</summary>
    public bool Lossy { get; init; }

    /// <summary>Which records are wanted, in the policy language over the fields of records; the empty script takes all.</summary>
    public PolicyExpression Filter { get; init; } = PolicyExpression.Everything;

    /// <summary>What it must not see, beside the credentials that nobody sees; in order.</summary>
    public IReadOnlyList<MaskSettings> Mask { get; init; } = [];

    /// <summary>Options of the sink, by key; checked by the sink itself.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Line of the settings file at which it begins, for messages.</summary>
    public int Line { get; init; }
}

/// <summary>A mistake in the settings.</summary>
/// <param name="Key">Where, for example <c>destinations[0].options.address</c>.</param>
/// <param name="Line">Line in the file; 0 when the mistake is not in one place.</param>
/// <param name="Problem">What is wrong, with the value unless it is a secret.</param>
/// <param name="Allowed">What is allowed.</param>
/// <param name="Example">A correct example.</param>
public sealed record SettingsError(string Key, int Line, string Problem, string Allowed, string Example)
{
    /// <inheritdoc/>
    public override string ToString() => $"line {Line}: {Key}: {Problem}. Allowed: {Allowed}. Example: {Example}";
}

/// <summary>The settings file is wrong; carries every mistake.</summary>
public sealed class SettingsException(string file, IReadOnlyList<SettingsError> errors)
    : Exception(
        $"{file}: {errors.Count} mistake(s) in the settings:{Environment.NewLine}{string.Join(Environment.NewLine, errors.Select(error => $"  {error}"))}"
    )
{
    /// <summary>Every mistake.</summary>
    public IReadOnlyList<SettingsError> Errors { get; } = errors;
}
