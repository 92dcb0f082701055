namespace LogAudit.Collection;

/// <summary>Says from the flat state of a collection policy whether it collects a resource and where to.</summary>
/// <remarks>Assumed: a policy of a resource directory reaches the account that owns it too.</remarks>
internal static class PolicyReach
{
    /// <summary>Whether an enabled policy of <paramref name="owner"/> collects the log kind of a resource into the target.</summary>
    public static bool Collects(
        SettingState policy,
        AccountId owner,
        PolicyCodes codes,
        ResourceRef resource,
        LogTarget target
    ) =>
        policy["enabled"] is "true"
        && Is(policy, "productCode", codes.ProductCode)
        && Is(policy, "dataCode", codes.DataCode)
        && Is(policy, "destProject", target.Project.Value)
        && Is(policy, "destLogstore", target.Logstore.Value)
        && Is(policy, "destRegion", target.Region.Value)
        && ReachesAccount(policy, owner, resource.Account)
        && ReachesResource(policy, resource);

    private static bool ReachesAccount(SettingState policy, AccountId owner, AccountId account) =>
        account == owner
        || policy["members"] is "all"
        || List(policy, "members").Contains(account.Value, StringComparer.Ordinal);

    private static bool ReachesResource(SettingState policy, ResourceRef resource) =>
        policy["mode"] switch
        {
            "all" => true,
            "instanceMode" => List(policy, "instanceIds").Contains(resource.Id, StringComparer.Ordinal),
            "attributeMode" => ReachesRegion(policy, resource) && HasTags(policy, resource),
            _ => false,
        };

    private static bool ReachesRegion(SettingState policy, ResourceRef resource) =>
        List(policy, "regions") is var regions
        && (regions.Length == 0 || regions.Any(region => new Wildcard(region).Matches(resource.Region.Value)));

    private static bool HasTags(SettingState policy, ResourceRef resource) =>
        List(policy, "tags")
            .Select(tag => tag.Split('=', 2))
            .All(tag =>
                tag is [var key, var value]
                && resource.Tags.TryGetValue(Uri.UnescapeDataString(key), out var found)
                && string.Equals(found, Uri.UnescapeDataString(value), StringComparison.Ordinal)
            );

    private static bool Is(SettingState policy, string member, string value) =>
        string.Equals(policy[member], value, StringComparison.Ordinal);

    private static string[] List(SettingState policy, string member) =>
        policy[member].Split(',', StringSplitOptions.RemoveEmptyEntries);
}
