using LogAudit.OpenApi;
using Newtonsoft.Json.Linq;

namespace LogAudit.Products;

/// <summary>A trail as DescribeTrails shows it.</summary>
/// <param name="Name">Its name, which is its id.</param>
/// <param name="HomeRegion">Region in which it was made; null when the answer does not tell.</param>
/// <param name="State">What we set: project, role, events, regions, organisation and whether it logs.</param>
internal sealed record Trail(string Name, RegionId? HomeRegion, SettingState State)
{
    // Made by the service itself when no role is named; then there is nothing to restore.
    private const string ServiceRole = "role/aliyunserviceroleforactiontrail";

    /// <summary>Whether it is the organisation's trail.</summary>
    public bool IsOrganisation => State["organisation"] is "true";

    /// <summary>Whether it runs.</summary>
    public bool IsLogging => State["logging"] is "true";

    /// <summary>Where it delivers, for a person.</summary>
    public string Destination => State["slsProjectArn"] is { Length: > 0 } arn ? arn : "no SLS project";

    /// <summary>ARN of a project.</summary>
    public static string ProjectArn(AccountId account, RegionId region, ProjectName project) =>
        $"acs:log:{region}:{account}:project/{project}";

    /// <summary>What a trail of ours looks like. It delivers to a project of its own account, where the service writes with its own role.</summary>
    public static SettingState Wanted(string projectArn, bool organisation) =>
        SettingState.Of(
            ("slsProjectArn", projectArn),
            ("slsWriteRoleArn", ""),
            ("eventRW", "All"),
            ("trailRegion", "All"),
            ("organisation", organisation ? "true" : "false"),
            ("logging", "true")
        );

    /// <summary>Reads a row.</summary>
    public static Trail Read(JObject row)
    {
        var role = row.TextOf("SlsWriteRoleArn");
        var home = row.TextOf("HomeRegion");
        return new Trail(
            Need("Name"),
            RegionId.IsValid(home) ? new RegionId(home) : null,
            SettingState.Of(
                ("slsProjectArn", row.TextOf("SlsProjectArn")),
                ("slsWriteRoleArn", role.EndsWith(ServiceRole, StringComparison.OrdinalIgnoreCase) ? "" : role),
                ("eventRW", Need("EventRW")),
                ("trailRegion", Need("TrailRegion")),
                ("organisation", row.TextOf("IsOrganizationTrail") is "true" ? "true" : "false"),
                ("logging", Need("Status") is "Enable" ? "true" : "false")
            )
        );

        string Need(string path) => row.Need(path, "Actiontrail", "DescribeTrails");
    }

    /// <summary>Whether it is of the kind wanted and delivers to a project.</summary>
    public bool DeliversTo(string projectArn, bool organisation) =>
        IsOrganisation == organisation && State["slsProjectArn"].Same(projectArn);

    /// <summary>Why a person must act; otherwise whether its settings must change.</summary>
    public (string? Why, bool NeedsUpdate) Judge(string projectArn, bool organisation)
    {
        if (IsOrganisation != organisation)
        {
            return (
                $"trail {Name} is {(IsOrganisation ? "the organisation's" : "of one account")}, which cannot be changed; "
                    + "name another trail under central.trail",
                false
            );
        }

        var isElsewhere = !State["slsProjectArn"].Same(projectArn);
        return isElsewhere && !State["slsProjectArn"].Contains(":project/logaudit-", StringComparison.Ordinal)
            ? ($"trail {Name} exists and delivers to {Destination}; name another trail under central.trail", false)
            : (null, isElsewhere || State["eventRW"] is not "All" || State["trailRegion"] is not "All");
    }

    /// <summary>The call that makes a trail, or gives one its settings. The kind of events is always named: an update would else fall back to writes only.</summary>
    public static ApiCall Describing(SettingRef setting, SettingState to, bool isNew)
    {
        var call = Call(setting, isNew ? "CreateTrail" : "UpdateTrail");
        var parameters = call
            .Parameters.With("SlsProjectArn", to["slsProjectArn"])
            .With("EventRW", to["eventRW"])
            .With("TrailRegion", to["trailRegion"]);
        if (to["slsWriteRoleArn"].Length > 0)
        {
            parameters = parameters.With("SlsWriteRoleArn", to["slsWriteRoleArn"]);
        }

        return call with
        {
            Parameters = isNew ? parameters.With("IsOrganizationTrail", to["organisation"]) : parameters,
        };
    }

    /// <summary>A call about a trail.</summary>
    public static ApiCall Call(SettingRef setting, string action) =>
        new()
        {
            Product = ApiProducts.ActionTrail,
            Action = action,
            Account = setting.Account,
            Region = setting.Region,
            // Source: metadata, StopLogging is GET only; the others take both.
            Method = action is "StopLogging" ? "GET" : "POST",
            Parameters = ApiParameters.Of(("Name", setting.Id)),
        };
}
