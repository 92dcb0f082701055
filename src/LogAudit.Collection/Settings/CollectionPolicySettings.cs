using System.Globalization;
using LogAudit.Sls;

namespace LogAudit.Collection;

/// <summary>Collection policies. Only policies named <c>logaudit-*</c> are written; those of other people and of console applications are read, never touched.</summary>
internal sealed class CollectionPolicySettings(SlsAccess sls, Layout layout, TimeProvider time)
    : ISettingHandler,
        IPolicyBook
{
    private const string OwnPrefix = "logaudit-";

    /// <summary>Reading may lag behind writing. Source: the Terraform provider polls for up to 5 minutes, 5 s apart.</summary>
    private static readonly TimeSpan MostLag = TimeSpan.FromSeconds(30);

    public IReadOnlyCollection<string> SettingKinds => [Collection.SettingKinds.CollectionPolicy];

    public async Task<IReadOnlyDictionary<string, SettingState>> ListAsync(AccountId owner, CancellationToken cancel)
    {
        var policies = new Dictionary<string, SettingState>(StringComparer.Ordinal);
        await foreach (var policy in sls.For(owner, layout.CentralRegion).ListCollectionPoliciesAsync("", "", cancel))
        {
            policies[policy.Name] = State(policy);
        }

        return policies;
    }

    public async Task<SettingState?> ReadAsync(SettingRef setting, CancellationToken cancel) =>
        await sls.For(setting).GetCollectionPolicyAsync(setting.Id, cancel) is { } policy ? State(policy) : null;

    public async Task WriteAsync(SettingChange change, CancellationToken cancel)
    {
        var name = change.Setting.Id;
        var client = sls.For(change.Setting);
        var present = await client.GetCollectionPolicyAsync(name, cancel);
        if (!name.StartsWith(OwnPrefix, StringComparison.Ordinal) || present is { Internal: true })
        {
            throw new InvalidOperationException(
                $"Collection policy {name} of account {change.Setting.Account} is not ours and is not written; only {OwnPrefix}* are."
            );
        }

        if (change.To is null)
        {
            await client.DeleteCollectionPolicyAsync(name, cancel);
            await WaitAsync(client, name, gone: true, cancel);
            return;
        }

        await client.UpsertCollectionPolicyAsync(Policy(name, change.To), cancel);
        if (present is null)
        {
            await WaitAsync(client, name, gone: false, cancel);
        }
    }

    internal static SettingState State(CollectionPolicy policy) =>
        SettingState.Of(
            ("productCode", policy.ProductCode),
            ("dataCode", policy.DataCode),
            ("enabled", policy.Enabled ? "true" : "false"),
            ("mode", policy.Rule.Mode),
            ("regions", policy.Rule.Mode is "attributeMode" ? Join(policy.Rule.Regions) : ""),
            ("instanceIds", policy.Rule.Mode is "instanceMode" ? Join(policy.Rule.InstanceIds) : ""),
            ("tags", policy.Rule.Mode is "attributeMode" ? Join(policy.Rule.Tags.Select(Tag)) : ""),
            ("dataRegion", policy.DataRegion),
            ("destRegion", policy.Central?.Region.Value ?? ""),
            ("destProject", policy.Central?.Project.Value ?? ""),
            ("destLogstore", policy.Central?.Logstore.Value ?? ""),
            ("destTtl", policy.Central?.TtlDays.ToString(CultureInfo.InvariantCulture) ?? ""),
            (
                "members",
                policy.Directory is not { } directory ? ""
                : directory.Members.Count == 0 ? "all"
                : Join(directory.Members.Select(member => member.Value))
            )
        );

    internal static CollectionPolicy Policy(string name, SettingState state) =>
        new()
        {
            Name = name,
            ProductCode = state["productCode"],
            DataCode = state["dataCode"],
            Enabled = state["enabled"] is "true",
            Rule = new PolicyRule
            {
                Mode = state["mode"],
                Regions = List(state["regions"]),
                InstanceIds = List(state["instanceIds"]),
                Tags = List(state["tags"])
                    .Select(tag => tag.Split('=', 2))
                    .ToDictionary(
                        tag => Uri.UnescapeDataString(tag[0]),
                        tag => Uri.UnescapeDataString(tag[1]),
                        StringComparer.Ordinal
                    ),
            },
            DataRegion = state["dataRegion"],
            Central =
                state["destProject"].Length == 0
                    ? null
                    : new PolicyCentral(
                        new RegionId(state["destRegion"]),
                        new ProjectName(state["destProject"]),
                        new LogstoreName(state["destLogstore"]),
                        int.TryParse(state["destTtl"], NumberStyles.None, CultureInfo.InvariantCulture, out var days)
                            ? days
                            : 0
                    ),
            Directory = state["members"] switch
            {
                "" => null,
                "all" => new PolicyDirectory([]),
                var members => new PolicyDirectory([.. List(members).Select(member => new AccountId(member))]),
            },
        };

    private async Task WaitAsync(SlsClient client, string name, bool gone, CancellationToken cancel)
    {
        var start = time.GetUtcNow();
        while (
            await client.GetCollectionPolicyAsync(name, cancel) is null != gone && time.GetUtcNow() - start < MostLag
        )
        {
            await Task.Delay(TimeSpan.FromMilliseconds(250), time, cancel);
        }
    }

    private static string Tag(KeyValuePair<string, string> tag) =>
        $"{Uri.EscapeDataString(tag.Key)}={Uri.EscapeDataString(tag.Value)}";

    private static string Join(IEnumerable<string> texts) => string.Join(',', texts.Order(StringComparer.Ordinal));

    private static string[] List(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries);
}
