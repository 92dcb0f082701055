using LogAudit.Testing;
using Newtonsoft.Json.Linq;

namespace LogAudit.Products.Tests;

/// <summary>An account with a subscription of Security Center on one site. The indexer is the status of its log shipper.</summary>
internal sealed class SasCloud
{
    public const string Instance = "sas-example";

    private readonly Dictionary<string, string> status = new()
    {
        ["AuthStatus"] = "yes",
        ["BuyStatus"] = "yes",
        ["OpenStatus"] = "yes",
        ["SlsServiceStatus"] = "yes",
        ["SlsProjectStatus"] = "Normal",
        ["PostPaidOpenStatus"] = "no",
    };

    public SasCloud(params (string Id, string Status)[] logs)
    {
        Logs = logs.Append(("aegis-log-login", "disabled"))
            .Append(("sas-security-log", "enabled"))
            .DistinctBy(log => log.Item1)
            .ToDictionary(log => log.Item1, log => log.Item2);
        Exchanges
            .On(
                "DescribeVersionConfig",
                _ => Reply.Json(new JObject { ["InstanceId"] = Subscription, ["Version"] = Edition }.ToString())
            )
            .On(
                "DescribeLogShipperStatus",
                _ => Reply.Json(new JObject { ["LogShipperStatus"] = JObject.FromObject(status) }.ToString())
            )
            .On(
                "DescribeLogMeta",
                _ =>
                    Reply.Json(
                        new JObject
                        {
                            ["TotalCount"] = Logs.Count,
                            ["LogMetaList"] = new JArray(Logs.Select(Row)),
                        }.ToString()
                    )
            )
            .On("ModifyOpenLogShipper", _ => Done(() => status["OpenStatus"] = "yes"))
            .On("ModifyLogMetaStatus", request => Done(() => Logs[request["LogStore"]] = request["Status"]));
    }

    public string this[string name]
    {
        set => status[name] = value;
    }

    public Cloud Cloud { get; } = new();

    public Exchanges Exchanges => Cloud.Exchanges;

    public string Subscription { get; set; } = Instance;

    public int Edition { get; set; } = 3;

    public Dictionary<string, string> Logs { get; }

    public Task<Dictionary<string, Observed>> ObserveAsync(string kind, Scope? scope = null) =>
        Cloud.ObserveAsync("sas", kind, Cloud.Target("sas_log"), scope);

    private JObject Row(KeyValuePair<string, string> log) =>
        new()
        {
            ["LogStore"] = log.Key,
            ["Topic"] = log.Key,
            ["Status"] = log.Value,
            ["UserRegion"] = status["OpenStatus"] is "yes" ? "cn-hangzhou" : "",
            ["UserProject"] = status["OpenStatus"] is "yes" ? "sas-log-1000000000000001-cn-hangzhou" : "",
            ["UserLogStore"] = status["OpenStatus"] is "yes" ? "sas-log" : "",
        };

    private static Reply Done(Action act)
    {
        act();
        return Reply.Json("""{"RequestId":"R"}""");
    }
}
