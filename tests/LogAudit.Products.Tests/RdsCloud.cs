using LogAudit.Testing;
using Newtonsoft.Json.Linq;

namespace LogAudit.Products.Tests;

/// <summary>A region with instances and, over DAS, their SQL logs.</summary>
internal sealed class RdsCloud
{
    private readonly SqlLogs das;

    public RdsCloud(params JObject[] instances)
    {
        Cloud = new Cloud();
        das = new SqlLogs(Cloud.Exchanges, instances.Select(instance => (string)instance["DBInstanceId"]!));
        Cloud
            .Exchanges.On("DescribeDBInstances", request => Reply.Json(Page(request, instances)))
            .On("ListTagResources", Tags);
    }

    public Cloud Cloud { get; }

    public Exchanges Exchanges => Cloud.Exchanges;

    public Dictionary<string, JObject> SqlLogs => das.Of;

    public Task<Dictionary<string, Observed>> ObserveAsync(string kind = "audit") =>
        Cloud.ObserveAsync("rds", kind, Cloud.Target("rds_log"));

    public static JObject Instance(
        string id,
        string engine = "MySQL",
        string status = "Running",
        string category = "HighAvailability"
    ) =>
        new()
        {
            ["DBInstanceId"] = id,
            ["DBInstanceDescription"] = $"name of {id}",
            ["Engine"] = engine,
            ["EngineVersion"] = "8.0",
            ["Category"] = category,
            ["DBInstanceStatus"] = status,
        };

    private static string Page(SeenRequest request, JObject[] instances)
    {
        var start = request["NextToken"] is "" ? 0 : request.Number("NextToken");
        var size = request.Number("MaxResults");
        var asked = instances
            .Where(instance =>
                request["DBInstanceId"] is "" || (string?)instance["DBInstanceId"] == request["DBInstanceId"]
            )
            .ToArray();
        return new JObject
        {
            ["Items"] = new JObject { ["DBInstance"] = new JArray(asked.Skip(start).Take(size)) },
            ["NextToken"] = start + size < asked.Length ? $"{start + size}" : "",
        }.ToString();
    }

    // Two tags each, one a page, so that paging is walked.
    private static Reply Tags(SeenRequest request)
    {
        var isFirst = request["NextToken"] is "";
        var ids = request.Parameters.Where(pair => pair.Key.StartsWith("ResourceId.", StringComparison.Ordinal));
        var rows = ids.Select(id => new JObject
        {
            ["ResourceId"] = id.Value,
            ["TagKey"] = isFirst ? "env" : "owner",
            ["TagValue"] = isFirst ? "prod" : "alice",
        });
        return Reply.Json(
            new JObject
            {
                ["TagResources"] = new JObject { ["TagResource"] = new JArray(rows) },
                ["NextToken"] = isFirst ? "second" : "",
            }.ToString()
        );
    }
}
