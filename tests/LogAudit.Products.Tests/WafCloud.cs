using LogAudit.Testing;
using Newtonsoft.Json.Linq;

namespace LogAudit.Products.Tests;

/// <summary>The mainland site of WAF with an instance of 3.0 and, when it has domains, one of 2.0.</summary>
internal sealed class WafCloud
{
    private const string Done = """{"RequestId":"R"}""";

    public WafCloud(params string[] objects)
    {
        foreach (var id in objects)
        {
            Objects[id] = false;
        }

        Cloud
            .Exchanges.On("DescribeInstance", _ => Reply.Json(Instance().ToString()))
            .On("DescribeDefenseResources", request => Reply.Json(Page(request)))
            .On(
                "DescribeUserWafLogStatus",
                _ => Reply.Json($$"""{"LogStatus":"{{Service}}","LogRegionId":"cn-hangzhou"}""")
            )
            .On("DescribeSlsAuthStatus", _ => Reply.Json($$"""{"Status":{{(IsAuthorised ? "true" : "false")}}}"""))
            .On(
                "DescribeSlsLogStore",
                _ => Reply.Json($$"""{"ProjectName":"{{Project}}","LogStoreName":"wafng-logstore","Ttl":180}""")
            )
            .On(
                "DescribeUserLogFieldConfig",
                _ => Reply.Json(new JObject { ["LogDeliveryStrategy"] = Strategy }.ToString())
            )
            .On("DescribeResourceLogStatus", request => Reply.Json(Status(request)))
            .On(
                "ModifyUserWafLogStatus",
                _ =>
                {
                    Service = "normal";
                    return Reply.Json(Done);
                }
            )
            .On(
                "ModifyResourceLogStatus",
                request =>
                {
                    Objects[request["Resource"]] = request["Status"] is "true";
                    return Reply.Json(Done);
                }
            )
            .On(
                "DescribeInstanceInfo",
                _ =>
                    Reply.Json(
                        Domains.Count == 0
                            ? """{"InstanceInfo":{"Status":0}}"""
                            : """{"InstanceInfo":{"InstanceId":"waf_elasticity-cn-2","Status":1}}"""
                    )
            )
            .On(
                "DescribeDomainNames",
                _ => Reply.Json(new JObject { ["DomainNames"] = new JArray(Domains.Keys) }.ToString())
            )
            .On("DescribeLogServiceStatus", _ => Reply.Json(DomainStatus()))
            .On(
                "ModifyLogServiceStatus",
                request =>
                {
                    Domains[request["Domain"]] = request["Enabled"] is "1";
                    return Reply.Json(Done);
                }
            );
    }

    public Cloud Cloud { get; } = new();

    public Exchanges Exchanges => Cloud.Exchanges;

    public Dictionary<string, bool> Objects { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, bool> Domains { get; } = new(StringComparer.Ordinal);

    /// <summary>LogStatus; empty before the service was ever opened.</summary>
    public string Service { get; set; } = "normal";

    public bool IsBought { get; set; } = true;

    public bool HasLogs { get; set; } = true;

    public bool IsAuthorised { get; set; } = true;

    public string Project { get; set; } = "wafng-project-1000000000000001-cn-hangzhou";

    public string Strategy { get; set; } = """[{"logType":"normalRequestLog","rate":100}]""";

    public Task<Dictionary<string, Observed>> ObserveAsync() =>
        Cloud.ObserveAsync("waf", "access", Cloud.Target("waf_log"));

    private JObject Instance() =>
        !IsBought
            ? []
            : new JObject
            {
                ["InstanceId"] = "waf_v3prepaid_public_cn-1",
                ["Status"] = 1,
                ["Details"] = new JObject { ["LogService"] = HasLogs },
            };

    private string Page(SeenRequest request)
    {
        var (number, size) = (request.Number("PageNumber"), request.Number("PageSize"));
        return new JObject
        {
            ["TotalCount"] = Objects.Count,
            ["Resources"] = new JArray(
                Objects
                    .Keys.Skip((number - 1) * size)
                    .Take(size)
                    .Select(id => new JObject { ["Resource"] = id, ["ResourceStatus"] = "active" })
            ),
        }.ToString();
    }

    private string Status(SeenRequest request) =>
        new JObject
        {
            ["Result"] = new JArray(
                request["Resources"]
                    .Split(',')
                    .Where(Objects.ContainsKey)
                    .Select(id => new JObject { ["Resource"] = id, ["Status"] = Objects[id] })
            ),
        }.ToString();

    private string DomainStatus() =>
        new JObject
        {
            ["TotalCount"] = Domains.Count,
            ["DomainStatus"] = new JArray(
                Domains.Select(one => new JObject { ["Domain"] = one.Key, ["SlsLogActive"] = one.Value ? 1 : 0 })
            ),
        }.ToString();
}
