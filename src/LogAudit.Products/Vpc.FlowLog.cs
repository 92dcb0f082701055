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

    private static ApiCall Call(AccountId account, RegionId region, string action)
    {
        var call = new CallShape(ApiProducts.Vpc, action).In(account, region);
        return call with { Parameters = ApiParameters.Of(("RegionId", region.Value)) };
    }
}
