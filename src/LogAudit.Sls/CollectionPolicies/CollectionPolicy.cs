using System.Text.Json.Nodes;

namespace LogAudit.Sls;

/// <summary>A collection policy: which instances of a product SLS collects one log type from, and where the logs are centralised.</summary>
/// <remarks>Source: SLS UpsertCollectionPolicy, GetCollectionPolicy, ListCollectionPolicies.</remarks>
public sealed record CollectionPolicy
{
    /// <summary>Name, unique in the account; the identity of the policy.</summary>
    /// <value><c>[a-z][a-z0-9_-]{2,62}</c>.</value>
    public required string Name { get; init; }

    /// <summary>For example <c>oss</c>; cannot change after creation.</summary>
    public required string ProductCode { get; init; }

    /// <summary>For example <c>access_log</c>; cannot change after creation.</summary>
    public required string DataCode { get; init; }

    /// <summary>Whether it is in force. Default true.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Which instances it takes (<c>policyConfig</c>).</summary>
    public PolicyRule Rule { get; init; } = new();

    /// <summary>Where logs are centralised; null when they stay in their region.</summary>
    public PolicyCentral? Central { get; init; }

    /// <summary>Region that receives a global log type (<c>dataConfig.dataRegion</c>); empty for every other.</summary>
    public string DataRegion { get; init; } = "";

    /// <summary>Accounts of the resource directory that it covers; null for the own account only.</summary>
    public PolicyDirectory? Directory { get; init; }

    /// <summary>Whether a console application made it (<c>internalPolicy</c>, read only). Such a policy is never edited or deleted.</summary>
    public bool Internal { get; init; }

    internal static CollectionPolicy From(JsonObject json) =>
        new()
        {
            Name = json.Text("policyName"),
            ProductCode = json.Text("productCode"),
            DataCode = json.Text("dataCode"),
            Enabled = json.Flag("enabled"),
            Rule = PolicyRule.From(json.Object("policyConfig")),
            Central = json.FlagOr("centralizeEnabled", false)
                ? PolicyCentral.From(json.Object("centralizeConfig"))
                : null,
            DataRegion = (json["dataConfig"] as JsonObject)?.TextOr("dataRegion", "") ?? "",
            Directory = json["resourceDirectory"] is JsonObject directory ? PolicyDirectory.From(directory) : null,
            Internal = json.FlagOr("internalPolicy", false),
        };

    internal JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["policyName"] = Name,
            ["productCode"] = ProductCode,
            ["dataCode"] = DataCode,
            ["enabled"] = Enabled,
            ["policyConfig"] = Rule.ToJson(),
            ["centralizeEnabled"] = Central is not null,
        };
        if (Central is not null)
        {
            json["centralizeConfig"] = Central.ToJson();
        }

        if (DataRegion.Length > 0)
        {
            json["dataConfig"] = new JsonObject { ["dataRegion"] = DataRegion };
        }

        if (Directory is not null)
        {
            json["resourceDirectory"] = Directory.ToJson();
        }

        return json;
    }
}

/// <summary>Which instances a collection policy takes.</summary>
public sealed record PolicyRule
{
    /// <summary><c>all</c>, <c>attributeMode</c> (regions and tags) or <c>instanceMode</c> (ids). Default <c>all</c>.</summary>
    public string Mode { get; init; } = "all";

    /// <summary>Region ids, wildcards allowed; read in <c>attributeMode</c> only, empty means every region.</summary>
    public IReadOnlyList<string> Regions { get; init; } = [];

    /// <summary>Tags that must all match; read in <c>attributeMode</c> only.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Instance ids; read in <c>instanceMode</c> only.</summary>
    public IReadOnlyList<string> InstanceIds { get; init; } = [];

    /// <inheritdoc/>
    public bool Equals(PolicyRule? other) =>
        other is not null
        && string.Equals(Mode, other.Mode, StringComparison.Ordinal)
        && Regions.SequenceEqual(other.Regions, StringComparer.Ordinal)
        && InstanceIds.SequenceEqual(other.InstanceIds, StringComparer.Ordinal)
        && Tags.Count == other.Tags.Count
        && Tags.All(tag =>
            other.Tags.TryGetValue(tag.Key, out var value) && string.Equals(tag.Value, value, StringComparison.Ordinal)
        );

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Mode, Regions.Count, InstanceIds.Count, Tags.Count);

    internal static PolicyRule From(JsonObject json) =>
        new()
        {
            Mode = json.Text("resourceMode"),
            Regions = json.Texts("regions"),
            InstanceIds = json.Texts("instanceIds"),
            Tags = json.TextMap("resourceTags"),
        };

    internal JsonObject ToJson()
    {
        var json = new JsonObject { ["resourceMode"] = Mode };
        switch (Mode)
        {
            case "attributeMode":
                json["regions"] = Regions.ToJson();
                json["resourceTags"] = Tags.ToJson();
                break;
            case "instanceMode":
                json["instanceIds"] = InstanceIds.ToJson();
                break;
        }

        return json;
    }
}

/// <summary>Where a collection policy centralises logs.</summary>
/// <param name="Region">Region of the destination.</param>
/// <param name="Project">A project that exists there, in the policy's account.</param>
/// <param name="Logstore">A Logstore of that project.</param>
/// <param name="TtlDays">Retention to send along; equal to the Logstore's own, because the sources contradict each other on when it counts.</param>
public sealed record PolicyCentral(RegionId Region, ProjectName Project, LogstoreName Logstore, int TtlDays)
{
    internal static PolicyCentral From(JsonObject json) =>
        new(
            new RegionId(json.Text("destRegion")),
            new ProjectName(json.Text("destProject")),
            new LogstoreName(json.Text("destLogstore")),
            json.WholeOr("destTTL", 0)
        );

    internal JsonObject ToJson() =>
        new()
        {
            ["destRegion"] = Region.Value,
            ["destProject"] = Project.Value,
            ["destLogstore"] = Logstore.Value,
            ["destTTL"] = TtlDays,
        };
}

/// <summary>Accounts of the resource directory that a collection policy covers.</summary>
/// <param name="Members">The member accounts; empty means all of them.</param>
public sealed record PolicyDirectory(IReadOnlyList<AccountId> Members)
{
    /// <inheritdoc/>
    public bool Equals(PolicyDirectory? other) => other is not null && Members.SequenceEqual(other.Members);

    /// <inheritdoc/>
    public override int GetHashCode() => Members.Count;

    /// <remarks>An empty <c>accountGroupType</c> is how the service shows that there is none.</remarks>
    internal static PolicyDirectory? From(JsonObject json) =>
        json.TextOr("accountGroupType", "") switch
        {
            "" => null,
            "all" => new PolicyDirectory([]),
            _ => new PolicyDirectory([.. json.Texts("members").Select(member => new AccountId(member))]),
        };

    internal JsonObject ToJson() =>
        Members.Count == 0
            ? new() { ["accountGroupType"] = "all" }
            : new() { ["accountGroupType"] = "custom", ["members"] = Members.Select(member => member.Value).ToJson() };
}
