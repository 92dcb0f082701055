using LogAudit.Testing;
using Newtonsoft.Json.Linq;

namespace LogAudit.Products.Tests;

/// <summary>The mainland endpoint of Cloud Firewall with one firewall of log version 1.</summary>
internal sealed class CloudFirewallCloud
{
    private readonly Dictionary<string, string[]> categories = new(StringComparer.Ordinal)
    {
        ["internet_log"] = [],
        ["vpc_firewall_log"] = [],
    };

    public CloudFirewallCloud()
    {
        Cloud
            .Exchanges.On(
                "DescribeUserBuyVersion",
                _ =>
                    Reply.Json(
                        $$"""{"InstanceId":"vipcloudfw-cn-1","Version":{{Version}},"UserStatus":true,"LogStatus":{{(HasLogs ? "true" : "false")}}}"""
                    )
            )
            .On(
                "DescribeSlsAnalyzeOpenStatus",
                _ => Reply.Json($$"""{"OpenStatus":"{{(IsOpen ? "true" : "false")}}"}""")
            )
            .On("DescribeBatchSlsDispatchStatus", _ => Reply.Json(Dispatches()))
            .On(
                "DescribeLogStoreInfo",
                _ =>
                    Reply.Json(
                        $$"""{"LogVersion":"1","ProjectName":"{{Project}}","LogStoreName":"cloudfirewall-logstore","RegionId":"cn-hangzhou","Ttl":{{Days}}}"""
                    )
            )
            .On(
                "ModifyUserSlsLogStorageTime",
                request =>
                {
                    Days = request.Number("StorageTime");
                    return Reply.Json("""{"RequestId":"R"}""");
                }
            )
            .On(
                "CreateSlsLogDispatch",
                _ =>
                {
                    IsOpen = true;
                    return Reply.Json("""{"RequestId":"R"}""");
                }
            )
            .On(
                "ModifySlsDispatchStatus",
                request =>
                {
                    this[request["DispatchValue"]] = request["EnableStatus"] is "true"
                        ? request["FilterKeys"].Split(',')
                        : [];
                    return Reply.Json("""{"RequestId":"R"}""");
                }
            );
    }

    public Cloud Cloud { get; } = new();

    public Exchanges Exchanges => Cloud.Exchanges;

    public int Version { get; init; } = 3;

    public bool HasLogs { get; init; } = true;

    public bool IsOpen { get; set; } = true;

    public int Days { get; set; } = 180;

    public string Project { get; init; } = "cloudfirewall-project-1000000000000001-cn-hangzhou";

    /// <summary>Filter keys of a category; none while it is off.</summary>
    public string[] this[string category]
    {
        get => categories[category];
        set => categories[category] = value;
    }

    public Task<Dictionary<string, Observed>> ObserveAsync(string kind = "internet") =>
        Cloud.ObserveAsync("cloudfirewall", kind, Cloud.Target("cloudfirewall_log"));

    public async Task<Observed> ObserveOneAsync(string kind = "internet") =>
        (await ObserveAsync(kind))["vipcloudfw-cn-1"];

    private string Dispatches() =>
        new JObject
        {
            ["LogVersion"] = "1",
            ["ItemList"] = IsOpen
                ? new JArray(
                    categories.Select(one => new JObject
                    {
                        ["DispatchValue"] = one.Key,
                        ["Enable"] = one.Value.Length > 0,
                        ["FilterKeys"] = new JArray(one.Value),
                    })
                )
                : [],
        }.ToString();
}
