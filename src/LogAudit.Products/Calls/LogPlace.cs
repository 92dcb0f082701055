using LogAudit.OpenApi;

namespace LogAudit.Products;

/// <summary>The setting of a product that names one project and Logstore, in the account and region of the resource, for its log.</summary>
internal static class LogPlace
{
    /// <summary>The state of such a setting.</summary>
    public static SettingState State(string project, string logstore) =>
        SettingState.Of(("project", project), ("logstore", logstore));

    /// <summary>The state that brings the log to a target.</summary>
    public static SettingState Of(LogTarget target) => State(target.Project.Value, target.Logstore.Value);

    /// <summary>The place of an answer that leaves both names out when there is none.</summary>
    /// <exception cref="OpenApiException">Only one of the two names is there.</exception>
    public static SettingState? Read(string project, string logstore, string product, string action) =>
        (project.Length, logstore.Length) switch
        {
            (0, 0) => null,
            (> 0, > 0) => State(project, logstore),
            _ => throw Rows.Unreadable(product, action, "it names a project or a Logstore, not both"),
        };

    /// <summary><c>project/logstore</c>.</summary>
    public static string Text(SettingState place) => $"{place["project"]}/{place["logstore"]}";

    /// <summary>Whether LogAudit made the project.</summary>
    public static bool IsOurs(SettingState place) => place["project"].StartsWith("logaudit-", StringComparison.Ordinal);

    /// <summary>What the place found says of a load balancer, whose access log goes to one place only.</summary>
    /// <param name="kind">The log kind.</param>
    /// <param name="place">Its setting.</param>
    /// <param name="balancer">The load balancer.</param>
    /// <param name="present">Where the log goes; null when it is off.</param>
    /// <param name="wanted">Where it should go.</param>
    /// <param name="mayMove">Whether it may be taken from somebody else's place.</param>
    public static Observed OfBalancer(
        LogKind kind,
        SettingRef place,
        ResourceRef balancer,
        SettingState? present,
        SettingState wanted,
        bool mayMove
    )
    {
        if (wanted.Equals(present))
        {
            return balancer.Is(kind, new Observation.Enabled());
        }

        if (present is null)
        {
            var why = $"access log of {balancer.Id} is off";
            return balancer.Is(kind, new Observation.Disabled(why), new SettingChange(place, null, wanted, why));
        }

        var elsewhere = $"access log of {balancer.Id} goes to {Text(present)}";
        var off = $"{elsewhere}; a load balancer logs to one place only";
        var on = $"access log of {balancer.Id} goes to {Text(wanted)} instead";
        return mayMove || IsOurs(present)
            ? balancer.Is(
                kind,
                new Observation.Disabled(elsewhere),
                new SettingChange(place, present, null, off),
                new SettingChange(place, null, wanted, on)
            )
            : balancer.Is(
                kind,
                new Observation.Disabled($"{elsewhere}, which is not ours, and a load balancer logs to one place only")
                {
                    Todo =
                        $"set {kind.Product}_access_redirect: true under collect: to move it, or collect it from there",
                }
            );
    }
}
