using System.Globalization;

namespace LogAudit.Collection;

/// <summary>The collection policy of one log kind in the account that owns it: for the organisation in a directory, for the account itself otherwise.</summary>
internal static class PolicySide
{
    public static string NameOf(PolicyCodes codes) => $"logaudit-{codes.ProductCode}-{codes.DataCode}";

    public static SettingRef RefOf(PolicyCodes codes, AccountId owner, Layout layout) =>
        new(SettingKinds.CollectionPolicy, owner, layout.CentralRegion, NameOf(codes));

    /// <summary>The policy that reaches what the settings ask for; null when a policy expression leaves no resource for it.</summary>
    /// <param name="collect">The log kind.</param>
    /// <param name="owner">The account that owns the policy.</param>
    /// <param name="taken">Resources that the policy expression takes; they are named one by one where it does not take everything.</param>
    /// <param name="layout">Names and ways.</param>
    public static WantedSetting? Setting(
        CollectKind collect,
        AccountId owner,
        IReadOnlyCollection<ResourceRef> taken,
        Layout layout
    )
    {
        var kind = collect.Kind;
        var codes =
            kind.Policy ?? throw new InvalidOperationException($"{kind.Product} {kind.Name} has no policy codes.");
        var target = layout.Delivery(kind, owner, layout.CentralRegion);
        var mode =
            codes.OnlyMode.Length > 0 ? codes.OnlyMode
            : !collect.Policy.TakesEverything ? "instanceMode"
            : layout.Regions.Count > 0 ? "attributeMode"
            : "all";
        if (mode is "instanceMode" && taken.Count == 0)
        {
            return null;
        }

        return new(
            Phase.Policies,
            RefOf(codes, owner, layout),
            SettingState.Of(
                ("productCode", codes.ProductCode),
                ("dataCode", codes.DataCode),
                ("enabled", "true"),
                ("mode", mode),
                ("regions", mode is "attributeMode" ? Regions(kind, codes, layout) : ""),
                ("instanceIds", mode is "instanceMode" ? Join(taken.Select(resource => resource.Id)) : ""),
                ("tags", ""),
                ("dataRegion", codes.NeedsDataRegion ? layout.CentralRegion.Value : ""),
                ("destRegion", target.Region.Value),
                ("destProject", target.Project.Value),
                ("destLogstore", target.Logstore.Value),
                ("destTtl", Days(collect, target, layout).ToString(CultureInfo.InvariantCulture)),
                ("members", Members(layout))
            ),
            $"no policy collects {kind.Product} {kind.Name} as the settings ask"
        )
        {
            Needs = [Wanted.ProjectRef(target), Wanted.LogstoreRef(target)],
        };
    }

    /// <summary>One policy where several log kinds share its codes; it keeps the logs as long as the kind that asks for most days.</summary>
    public static IEnumerable<WantedSetting> Merged(IEnumerable<WantedSetting> policies) =>
        policies
            .GroupBy(policy => policy.Setting)
            .Select(same =>
                same.MaxBy(policy => int.Parse(policy.State["destTtl"], CultureInfo.InvariantCulture))
                ?? throw new InvalidOperationException($"{same.Key} has no policy.")
            );

    /// <summary>The regions of the settings; where they name none, those in which the log is offered, because this mode must name some.</summary>
    /// <remarks>A product without regions is known by the home regions of its sites, of those that are in scope.</remarks>
    private static string Regions(LogKind kind, PolicyCodes codes, Layout layout) =>
        layout.Regions.Count > 0
            ? Join(
                layout
                    .Regions.Concat(
                        kind.Regions.Where(home => codes.OnlyMode.Length > 0 && layout.Regions.Any(home.IsOfSameSite))
                    )
                    .Select(region => region.Value)
            )
        : kind.Regions.Count > 0 ? Join(kind.Regions.Select(region => region.Value))
        : "*";

    private static int Days(CollectKind collect, LogTarget target, Layout layout) =>
        target == layout.Central(collect.Kind) ? collect.CentralDays : collect.RegionalDays;

    private static string Members(Layout layout) =>
        layout.Mode != AccountsMode.Directory ? ""
        : layout.Members.Count == 0 ? "all"
        : Join(layout.Members.Select(member => member.Value));

    private static string Join(IEnumerable<string> texts) =>
        string.Join(',', texts.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
}
