using System.Text.RegularExpressions;
using LogAudit.LocalCloud.Kernel;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Sls.Policies;

/// <summary>One collection policy as written by UpsertCollectionPolicy.</summary>
/// <remarks>Source of every rule: collection policy API, sections 2, 4 and 5.</remarks>
internal sealed partial record CollectionPolicy(string Account, string Name, PolicyProduct Product, bool Enabled)
{
    public const string TrustedService = "audit.log.aliyuncs.com";

    public required string Uid { get; init; }
    public required string ResourceMode { get; init; }
    public IReadOnlyList<string> Regions { get; init; } = [];
    public IReadOnlyList<string> InstanceIds { get; init; } = [];
    public IReadOnlyDictionary<string, string> Tags { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);
    public bool Centralize { get; init; }
    public string DestRegion { get; init; } = "";
    public string DestProject { get; init; } = "";
    public string DestLogstore { get; init; } = "";
    public int? DestTtl { get; init; }
    public string DataRegion { get; init; } = "";
    public string AccountGroup { get; init; } = "";
    public IReadOnlyList<string> Members { get; init; } = [];

    /// <summary>Made by a CloudLens application; never to be changed through the API.</summary>
    public bool Internal => Name.StartsWith("internal_cloudlens_", StringComparison.Ordinal);

    public static CollectionPolicy Read(string account, string uid, JObject body)
    {
        var name = body.NeedText("policyName");
        if (!NamePattern().IsMatch(name))
            throw SlsRefusal.Parameter($"policyName {name} is invalid: [a-z][a-z0-9_-]{{2,62}}");
        var (productCode, dataCode) = (body.NeedText("productCode"), body.NeedText("dataCode"));
        var product =
            PolicyProducts.Find(productCode, dataCode)
            ?? throw SlsRefusal.Parameter($"productCode {productCode} with dataCode {dataCode} is not supported");
        var enabled = body.Flag("enabled") ?? throw SlsRefusal.Parameter("enabled is required");
        var config = body.Part("policyConfig") ?? throw SlsRefusal.Parameter("policyConfig is required");
        var mode = config.NeedText("resourceMode");
        if (mode is not ("all" or "attributeMode" or "instanceMode"))
            throw SlsRefusal.Parameter("policyConfig.resourceMode must be all, attributeMode or instanceMode");
        if (product.Mode is { } wanted && wanted != mode)
            throw SlsRefusal.Parameter($"policyConfig.resourceMode of {productCode}/{dataCode} must be {wanted}");
        var instances = config.Texts("instanceIds");
        if (mode == "instanceMode" && instances.Count == 0)
            throw SlsRefusal.Parameter("policyConfig.instanceIds is required in instanceMode");
        var centralize = body.Flag("centralizeEnabled") ?? false;
        var central = body.Part("centralizeConfig") ?? [];
        var dataRegion = body.Part("dataConfig")?.Text("dataRegion") ?? "";
        if (product.NeedsDataRegion && dataRegion.Length == 0)
            throw SlsRefusal.Parameter($"dataConfig.dataRegion is required for {productCode}/{dataCode}");
        var directory = body.Part("resourceDirectory") ?? [];
        var group = directory.Text("accountGroupType") ?? "";
        if (group is not ("" or "all" or "custom"))
            throw SlsRefusal.Parameter("resourceDirectory.accountGroupType must be all or custom");
        if (group == "custom" && directory.Texts("members").Count == 0)
            throw SlsRefusal.Parameter("resourceDirectory.members is required when accountGroupType is custom");
        return new CollectionPolicy(account, name, product, enabled)
        {
            Uid = uid,
            ResourceMode = mode,
            Regions = mode == "attributeMode" ? config.Texts("regions") : [],
            InstanceIds = mode == "instanceMode" ? instances : [],
            Tags =
                mode == "attributeMode"
                    ? ReadTags(config.Part("resourceTags"))
                    : new Dictionary<string, string>(StringComparer.Ordinal),
            Centralize = centralize,
            DestRegion = centralize ? central.NeedText("destRegion") : central.Text("destRegion") ?? "",
            DestProject = centralize ? central.NeedText("destProject") : central.Text("destProject") ?? "",
            DestLogstore = centralize ? central.NeedText("destLogstore") : central.Text("destLogstore") ?? "",
            DestTtl = central.Number("destTTL"),
            DataRegion = dataRegion,
            AccountGroup = group,
            Members = directory.Texts("members"),
        };
    }

    /// <summary>Whether it chooses an instance, its account left aside. A region may be a wildcard; all tags must match.</summary>
    public bool Hits(PolicySubject subject) =>
        Product.ProductCode == subject.ProductCode
        && Product.DataCode == subject.DataCode
        && ResourceMode switch
        {
            "all" => true,
            "instanceMode" => InstanceIds.Contains(subject.InstanceId, StringComparer.Ordinal),
            _ => (
                Regions.Count == 0 || Regions.Any(region => Wildcard.Matches(region, subject.Region, ignoreCase: false))
            ) && Tags.All(tag => subject.Tags.TryGetValue(tag.Key, out var value) && value == tag.Value),
        };

    public JObject ToJson() =>
        new()
        {
            ["policyName"] = Name,
            ["policyUid"] = Uid,
            ["internalPolicy"] = Internal,
            ["productCode"] = Product.ProductCode,
            ["dataCode"] = Product.DataCode,
            ["enabled"] = Enabled,
            ["policyConfig"] = new JObject
            {
                ["resourceMode"] = ResourceMode,
                ["regions"] = new JArray(Regions),
                ["instanceIds"] = new JArray(InstanceIds),
                ["resourceTags"] = new JObject(Tags.Select(tag => new JProperty(tag.Key, tag.Value))),
            },
            ["centralizeEnabled"] = Centralize,
            ["centralizeConfig"] = CentralJson(),
            ["dataConfig"] = new JObject { ["dataRegion"] = DataRegion, ["dataProject"] = "" },
            ["resourceDirectory"] = new JObject
            {
                ["accountGroupType"] = AccountGroup,
                ["members"] = new JArray(Members),
            },
        };

    private JObject CentralJson() =>
        DestProject.Length == 0
            ? []
            : new JObject
            {
                ["destRegion"] = DestRegion,
                ["destProject"] = DestProject,
                ["destLogstore"] = DestLogstore,
                ["destTTL"] = DestTtl ?? 0,
            };

    private static Dictionary<string, string> ReadTags(JObject? tags)
    {
        var read = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var tag in tags?.Properties() ?? [])
            read[tag.Name] = tags!.Text(tag.Name) ?? "";
        return read;
    }

    [GeneratedRegex("^[a-z][a-z0-9_-]{2,62}\\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NamePattern();
}
