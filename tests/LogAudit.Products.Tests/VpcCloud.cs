using LogAudit.Testing;
using Newtonsoft.Json.Linq;

namespace LogAudit.Products.Tests;

/// <summary>A region with VPCs, instances and flow logs that take one look to change their state.</summary>
internal sealed class VpcCloud
{
    private readonly Lock gate = new();

    public VpcCloud(params string[] vpcs)
        : this(null, vpcs) { }

    public VpcCloud(Func<ProductOptions, ProductOptions>? options, params string[] vpcs)
    {
        Cloud = new Cloud(options);
        Cloud
            .Exchanges.On(
                "DescribeVpcs",
                request => Page("Vpcs", "Vpc", [.. vpcs.Where(id => Asked(request, id)).Select(Vpc)])
            )
            .On("DescribeInstances", _ => Reply.Json(Rows("Instances", "Instance", Instances).ToString()))
            .On("GetFlowLogServiceStatus", _ => Reply.Json($$"""{"Enabled":{{(IsOpen ? "true" : "false")}}}"""))
            .On("OpenFlowLogService", _ => Done(() => IsOpen = true))
            .On("DescribeFlowLogs", Describe)
            .On("CreateFlowLog", Create)
            .On(
                "DeleteFlowLog",
                request => Done(() => Logs.RemoveAll(log => (string?)log["FlowLogId"] == request["FlowLogId"]))
            )
            .On("ActiveFlowLog", request => Done(() => Find(request)["Status"] = "Activating"))
            .On("DeactiveFlowLog", request => Done(() => Find(request)["Status"] = "Deactivating"))
            .On(
                "ModifyFlowLogAttribute",
                request => Done(() => Find(request)["AggregationInterval"] = request.Number("AggregationInterval"))
            );
    }

    public Cloud Cloud { get; }

    public Exchanges Exchanges => Cloud.Exchanges;

    public bool IsOpen { get; set; } = true;

    public List<JObject> Logs { get; } = [];

    public List<JObject> Instances { get; } = [];

    public JObject Add(
        string vpc,
        string project,
        string logstore,
        string status = "Active",
        string name = "",
        string traffic = "All"
    )
    {
        var log = new JObject
        {
            ["FlowLogId"] = $"fl-{Logs.Count + 1}",
            ["FlowLogName"] = name,
            ["ResourceType"] = "VPC",
            ["ResourceId"] = vpc,
            ["ProjectName"] = project,
            ["LogStoreName"] = logstore,
            ["Status"] = status,
            ["TrafficType"] = traffic,
            ["AggregationInterval"] = 10,
        };
        Logs.Add(log);
        return log;
    }

    public Task<Dictionary<string, Observed>> ObserveAsync(Scope? scope = null) =>
        Cloud.ObserveAsync("vpc", "flow", Cloud.Target("vpc_log"), scope);

    private Reply Describe(SeenRequest request)
    {
        lock (gate)
        {
            var rows = Logs.Where(log =>
                    request["ResourceId"] is "" || (string?)log["ResourceId"] == request["ResourceId"]
                )
                .Select(log => (JObject)log.DeepClone())
                .ToArray();
            // What was on its way arrives by the next look.
            foreach (var log in Logs)
            {
                log["Status"] = (string?)log["Status"] switch
                {
                    "Activating" => "Active",
                    "Deactivating" => "Inactive",
                    var same => same,
                };
            }

            return Page("FlowLogs", "FlowLog", rows);
        }
    }

    private Reply Create(SeenRequest request) =>
        Done(() =>
        {
            var log = Add(
                request["ResourceId"],
                request["ProjectName"],
                request["LogStoreName"],
                "Activating",
                request["FlowLogName"],
                request["TrafficType"]
            );
            log["AggregationInterval"] = request.Number("AggregationInterval");
        });

    private Reply Done(Action change)
    {
        lock (gate)
        {
            change();
        }

        return Reply.Json("""{"RequestId":"R","Success":"true"}""");
    }

    private JObject Find(SeenRequest request) => Logs.Single(log => (string?)log["FlowLogId"] == request["FlowLogId"]);

    private static bool Asked(SeenRequest request, string id) =>
        request["VpcId"] is "" || request["VpcId"].Split(',').Contains(id);

    private static JObject Vpc(string id) =>
        new()
        {
            ["VpcId"] = id,
            ["VpcName"] = $"name of {id}",
            ["Status"] = "Available",
        };

    private static Reply Page(string outer, string inner, JObject[] rows)
    {
        var answer = Rows(outer, inner, rows);
        // The service writes its counts as texts here.
        answer["TotalCount"] = rows.Length.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return Reply.Json(answer.ToString());
    }

    private static JObject Rows(string outer, string inner, IEnumerable<JObject> rows) =>
        new() { [outer] = new JObject { [inner] = new JArray(rows) } };
}
