using LogAudit.OpenApi;
using Newtonsoft.Json.Linq;

namespace LogAudit.Products;

/// <summary>A flow log as DescribeFlowLogs shows it.</summary>
internal sealed record FlowLog(
    AccountId Account,
    RegionId Region,
    string Id,
    string Name,
    string VpcId,
    SettingState State
)
{
    /// <summary>Status of a flow log that records.</summary>
    public const string Active = "Active";

    /// <summary>State of the opened service.</summary>
    public static SettingState ServiceOpen { get; } = SettingState.Of(("enabled", "true"));

    /// <summary><c>Active</c>, <c>Inactive</c>, or on the way: <c>Activating</c>, <c>Deactivating</c>, <c>Deleting</c>.</summary>
    public string Status => State["status"];

    /// <summary>Why records do not arrive although it is active; empty when the service says nothing.</summary>
    public string DeliverError { get; init; } = "";

    /// <summary>The name of ours; it makes a create whose answer was lost findable.</summary>
    public static string NameFor(string vpcId) => $"logaudit-{vpcId}";

    /// <summary>What a flow log of ours looks like.</summary>
    /// <remarks>Windows of 10 minutes, the service's default; shorter ones cost more extraction.</remarks>
    public static SettingState Wanted(LogTarget target) =>
        SettingState.Of(
            ("project", target.Project.Value),
            ("logstore", target.Logstore.Value),
            ("status", Active),
            ("trafficType", "All"),
            ("aggregationInterval", "10")
        );

    /// <summary>Reads a row.</summary>
    public static FlowLog Read(AccountId account, RegionId region, JObject row)
    {
        return new FlowLog(
            account,
            region,
            Need("FlowLogId"),
            row.TextOf("FlowLogName"),
            Need("ResourceId"),
            SettingState.Of(
                ("project", Need("ProjectName")),
                ("logstore", Need("LogStoreName")),
                ("status", Need("Status")),
                ("trafficType", Need("TrafficType")),
                ("aggregationInterval", Need("AggregationInterval"))
            )
        )
        {
            DeliverError = row.TextOf("FlowLogDeliverErrorMessage"),
        };

        string Need(string path) => row.Need(path, "Vpc", "DescribeFlowLogs");
    }

    /// <summary>Whether it delivers all traffic to a place.</summary>
    public bool DeliversTo(LogTarget target) =>
        State["project"].Same(target.Project.Value)
        && State["logstore"].Same(target.Logstore.Value)
        && State["trafficType"].Same("All");

    /// <summary>Whether another state needs a new flow log. Source: ForceNew of the Terraform resource.</summary>
    public bool MustBeMadeAnew(SettingState to) =>
        !State["project"].Same(to["project"])
        || !State["logstore"].Same(to["logstore"])
        || !State["trafficType"].Same(to["trafficType"]);

    /// <summary>Whether the service is already bringing it to a state.</summary>
    public bool IsOnTheWayTo(SettingState? to) =>
        to is not null
        && (Status, to["status"]) is ("Activating", Active) or ("Deactivating", "Inactive")
        && State.With("status", to["status"]).Equals(to);

    /// <summary>A call about this flow log.</summary>
    public ApiCall Call(string action, params ReadOnlySpan<(string Name, string? Value)> more)
    {
        var call = Call(Account, Region, action);
        var parameters = call.Parameters.With("FlowLogId", Id);
        foreach (var (name, value) in more)
        {
            parameters = parameters.With(name, value);
        }

        return call with
        {
            Parameters = parameters,
        };
    }

    /// <summary>The call that makes a flow log of ours.</summary>
    public static ApiCall Create(SettingRef setting, SettingState to)
    {
        var vpcId = setting.Id.Split('/')[0];
        var call = Call(setting.Account, setting.Region, "CreateFlowLog");
        return call with
        {
            Parameters = call
                .Parameters.With("ResourceType", "VPC")
                .With("ResourceId", vpcId)
                .With("TrafficType", to["trafficType"])
                .With("ProjectName", to["project"])
                .With("LogStoreName", to["logstore"])
                .With("FlowLogName", NameFor(vpcId))
                .With("AggregationInterval", to["aggregationInterval"]),
        };
    }

    /// <summary>A call of VPC with the region as parameter.</summary>
    public static ApiCall Call(AccountId account, RegionId region, string action) =>
        new()
        {
            Product = ApiProducts.Vpc,
            Action = action,
            Account = account,
            Region = region,
            Parameters = ApiParameters.Of(("RegionId", region.Value)),
        };
}

/// <summary>What the flow logs of a VPC say about it.</summary>
internal static class FlowLogJudgement
{
    /// <summary>The answer; null when the VPC has no flow log that is ours or goes to our place.</summary>
    public static Observed? Of(LogKind kind, ResourceRef vpc, IEnumerable<FlowLog> all, LogTarget target)
    {
        var logs = all.ToArray();
        var ours = Ours(vpc.Id, logs);
        var fitting = logs.Where(log => log.DeliversTo(target)).OrderByDescending(log => log.Status is FlowLog.Active);
        var answer = (fitting.FirstOrDefault(), ours is [var kept, ..] ? kept : null) switch
        {
            (null, null) => null,
            ({ } log, var first) => OfFitting(kind, vpc, log, first),
            (null, { } log) => OfMisdirected(kind, vpc, log, target),
        };
        return answer is not null && ours.Count > 1 ? WithoutTwins(kind, vpc, answer, ours) : answer;
    }

    /// <summary>Those of our name, the one that stays first: two runs at once must choose the same.</summary>
    public static IReadOnlyList<FlowLog> Ours(string vpcId, IEnumerable<FlowLog> logs) =>
        [.. logs.Where(log => log.Name.Same(FlowLog.NameFor(vpcId))).OrderBy(log => log.Id, StringComparer.Ordinal)];

    /// <summary>Each further flow log of ours records everything once more.</summary>
    private static Observed WithoutTwins(LogKind kind, ResourceRef vpc, Observed answer, IReadOnlyList<FlowLog> ours)
    {
        if (answer.State is Observation.Unknown || ours.Any(log => log.Status is not (FlowLog.Active or "Inactive")))
        {
            return vpc.Is(kind, new Observation.Unknown($"a flow log of {vpc.Id} is on its way", LookAgain: true));
        }

        var why = $"{vpc.Id} has {ours.Count} flow logs of ours, created at once: records come {ours.Count} times";
        return vpc.Is(
            kind,
            new Observation.Disabled(why),
            [
                .. answer.Fixes,
                .. ours.Skip(1)
                    .Select(log =>
                        Change(vpc, $"{vpc.Id}/{log.Id}", log.State, null, why) with
                        {
                            Reversal = Reversal.Cannot,
                        }
                    ),
            ]
        );
    }

    private static Observed OfFitting(LogKind kind, ResourceRef vpc, FlowLog log, FlowLog? ours)
    {
        var id = log.Id.Same(ours?.Id) ? vpc.Id : $"{vpc.Id}/{log.Id}";
        return log.Status switch
        {
            FlowLog.Active when log.DeliverError.Length > 0 => vpc.Is(
                kind,
                new Observation.Disabled($"flow log {log.Id} is active, but its delivery fails: {log.DeliverError}")
            ),
            FlowLog.Active => vpc.Is(kind, new Observation.Enabled()),
            "Inactive" => vpc.Is(
                kind,
                new Observation.Disabled($"flow log {log.Id} is stopped"),
                Change(vpc, id, log.State, log.State.With("status", FlowLog.Active), $"flow log {log.Id} is stopped")
            ),
            var other => vpc.Is(kind, new Observation.Unknown($"flow log {log.Id} is {other}", LookAgain: true)),
        };
    }

    private static Observed OfMisdirected(LogKind kind, ResourceRef vpc, FlowLog log, LogTarget target)
    {
        if (log.Status is not (FlowLog.Active or "Inactive"))
        {
            return vpc.Is(kind, new Observation.Unknown($"flow log {log.Id} is {log.Status}", LookAgain: true));
        }

        var why =
            $"flow log {log.Id} of ours records {log.State["trafficType"]} to {log.State["project"]}/{log.State["logstore"]}";
        return vpc.Is(
            kind,
            new Observation.Disabled(why),
            Change(vpc, vpc.Id, log.State, null, $"{why}; its destination cannot be changed"),
            Change(vpc, vpc.Id, null, FlowLog.Wanted(target), $"{vpc.Id} needs a flow log to {target}")
        );
    }

    private static SettingChange Change(ResourceRef vpc, string id, SettingState? from, SettingState? to, string why) =>
        new(new SettingRef("vpc.flow-log", vpc.Account, vpc.Region, id), from, to, why);
}
