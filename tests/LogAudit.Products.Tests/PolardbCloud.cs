using LogAudit.Testing;
using Newtonsoft.Json.Linq;

namespace LogAudit.Products.Tests;

/// <summary>A region with PolarDB clusters and, over DAS, their SQL logs.</summary>
internal sealed class PolardbCloud
{
    public PolardbCloud(params JObject[] clusters)
    {
        SqlLogs = new SqlLogs(Cloud.Exchanges, clusters.Select(cluster => (string)cluster["DBClusterId"]!));
        Cloud.Exchanges.On("DescribeDBClusters", request => Reply.Json(Page(request, clusters)));
    }

    public Cloud Cloud { get; } = new();

    public Exchanges Exchanges => Cloud.Exchanges;

    public SqlLogs SqlLogs { get; }

    public Task<Dictionary<string, Observed>> ObserveAsync(string kind = "audit") =>
        Cloud.ObserveAsync("polardb", kind, Cloud.Target("polardb_log"));

    public static JObject Cluster(string id, string type = "MySQL", string status = "Running") =>
        new()
        {
            ["DBClusterId"] = id,
            ["DBClusterDescription"] = $"name of {id}",
            ["DBType"] = type,
            ["DBVersion"] = "8.0",
            ["DBClusterStatus"] = status,
            ["Tags"] = new JObject { ["Tag"] = new JArray(new JObject { ["Key"] = "env", ["Value"] = "prod" }) },
        };

    // The service takes these sizes only.
    private static string Page(SeenRequest request, JObject[] clusters)
    {
        Assert.True(request.Number("PageSize") is 30 or 50 or 100);
        var ids = request["DBClusterIds"].Split(',', StringSplitOptions.RemoveEmptyEntries);
        var asked = clusters
            .Where(cluster => ids.Length == 0 || ids.Contains((string?)cluster["DBClusterId"]))
            .ToArray();
        var start = (request.Number("PageNumber") - 1) * request.Number("PageSize");
        return new JObject
        {
            ["Items"] = new JObject { ["DBCluster"] = new JArray(asked.Skip(start).Take(request.Number("PageSize"))) },
            ["TotalRecordCount"] = asked.Length,
        }.ToString();
    }
}
