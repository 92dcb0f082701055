using LogAudit.Testing;
using Newtonsoft.Json.Linq;

namespace LogAudit.Products.Tests;

/// <summary>One instance of PolarDB-X 1.0 with databases, which answers from exchanges.</summary>
internal sealed class DrdsCloud
{
    private readonly SortedDictionary<string, bool> databases = new(StringComparer.Ordinal);

    public DrdsCloud(params string[] names)
    {
        foreach (var name in names)
        {
            databases[name] = false;
        }

        Exchanges
            .On(
                "DescribeDrdsInstances",
                _ =>
                    Reply.Json(
                        new JObject
                        {
                            ["Success"] = true,
                            ["Total"] = 1,
                            ["Instances"] = new JObject { ["Instance"] = new JArray(Instance()) },
                        }.ToString()
                    )
            )
            .On("DescribeDrdsSqlAuditStatus", _ => Reply.Json(AuditStatus()))
            .On(
                "CheckSqlAuditEnableStatus",
                request =>
                    Reply.Json(
                        new JObject { ["Status"] = databases[request["DbName"]] ? "enabled" : "disabled" }.ToString()
                    )
            )
            .Answer(
                "DescribeInstDbSlsInfo",
                """{"Success":true,"AuditInfo":{"Project":"drds-audit-cn-hangzhou-1000000000000001","LogStore":"drds-audit-log"}}"""
            )
            .On("EnableSqlAudit", request => Switched(request, on: true))
            .On("DisableSqlAudit", request => Switched(request, on: false));
    }

    public Cloud Cloud { get; } = new();
    public Exchanges Exchanges => Cloud.Exchanges;
    public string State { get; init; } = "RUN";

    public void Audit(string database) => databases[database] = true;

    public Task<Dictionary<string, Observed>> ObserveAsync(Scope? scope = null) =>
        Cloud.ObserveAsync("drds", "audit", Cloud.Target("drds_log"), scope);

    private JObject Instance() =>
        new()
        {
            ["DrdsInstanceId"] = "drds1",
            ["Description"] = "shop",
            ["RegionId"] = "cn-hangzhou-e",
            ["Status"] = State,
        };

    private Reply Switched(SeenRequest request, bool on)
    {
        databases[request["DbName"]] = on;
        return Reply.Json("""{"Success":true,"Result":true}""");
    }

    private string AuditStatus() =>
        new JObject
        {
            ["Success"] = true,
            ["Data"] = new JObject
            {
                ["Data"] = new JArray(
                    databases.Select(one => new JObject
                    {
                        ["DbName"] = one.Key,
                        ["Enabled"] = one.Value ? "true" : "false",
                    })
                ),
            },
        }.ToString();
}
