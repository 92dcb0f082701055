using LogAudit.Testing;
using Newtonsoft.Json.Linq;

namespace LogAudit.Products.Tests;

/// <summary>Anti-DDoS in the mainland: domains of Proxy with a switch each, and instances of Origin.</summary>
internal sealed class DdosCloud
{
    public DdosCloud(params string[] domains)
    {
        foreach (var domain in domains)
        {
            Domains[domain] = false;
        }

        Cloud
            .Exchanges.On(
                "DescribeDomains",
                _ => Reply.Json(new JObject { [nameof(Domains)] = new JArray(Domains.Keys) }.ToString())
            )
            .On("DescribeSlsOpenStatus", _ => Tell("SlsOpenStatus", yes: true))
            .On("DescribeSlsAuthStatus", _ => Tell("SlsAuthStatus", IsAuthorised))
            .On("DescribeLogStoreExistStatus", _ => Tell("ExistStatus", IsBought))
            .On("DescribeWebAccessLogDispatchStatus", request => Page(request, "Domain", Domains))
            .On("DescribeWebAccessLogStatus", Status)
            .On(
                "DescribeSlsLogstoreInfo",
                _ => Reply.Json($$"""{"Project":"p","LogStore":"s","Ttl":{{Days}},"Quota":1,"Used":0}""")
            )
            .On(
                "ModifyFullLogTtl",
                request =>
                {
                    Days = request.Number("Ttl");
                    return Reply.Json("""{"RequestId":"R"}""");
                }
            )
            .On("EnableWebAccessLogConfig", request => Switch(request, on: true))
            .On("DisableWebAccessLogConfig", request => Switch(request, on: false))
            .On(
                "DescribeInstanceList",
                _ =>
                    Reply.Json(
                        new JObject
                        {
                            ["Total"] = Origins.Count,
                            ["InstanceList"] = new JArray(
                                Origins.Keys.Select(id => new JObject { ["InstanceId"] = id, ["Remark"] = "" })
                            ),
                        }.ToString()
                    )
            )
            .On("GetSlsOpenStatus", _ => Tell("SlsOpenStatus", yes: true))
            .On("CheckAccessLogAuth", _ => Tell("AccessLogAuth", IsAuthorised))
            .On("ListOpenedAccessLogInstances", request => Page(request, "InstanceId", Origins));
    }

    public Cloud Cloud { get; } = new();

    public Exchanges Exchanges => Cloud.Exchanges;

    public SortedDictionary<string, bool> Domains { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, bool> Origins { get; } = new(StringComparer.Ordinal);

    public bool IsBought { get; init; } = true;

    public int Days { get; set; } = 180;

    public bool IsAuthorised { get; init; } = true;

    public Task<Dictionary<string, Observed>> ObserveAsync(string kind = "pro") =>
        Cloud.ObserveAsync("ddos", kind, Cloud.Target("ddos_log"));

    private static Reply Tell(string member, bool yes) => Reply.Json(new JObject { [member] = yes }.ToString());

    private static Reply Page(SeenRequest request, string name, SortedDictionary<string, bool> all)
    {
        var (number, size) = (request.Number("PageNumber"), request.Number("PageSize"));
        return Reply.Json(
            new JObject
            {
                ["TotalCount"] = all.Count,
                ["SlsConfigStatus"] = new JArray(
                    all.Skip((number - 1) * size)
                        .Take(size)
                        .Select(one => new JObject { [name] = one.Key, ["Enable"] = one.Value })
                ),
            }.ToString()
        );
    }

    private Reply Status(SeenRequest request) =>
        Domains.TryGetValue(request["Domain"], out var on) ? Tell("SlsStatus", on) : Reply.Error(400, "DomainNotExist");

    private Reply Switch(SeenRequest request, bool on)
    {
        Domains[request["Domain"]] = on;
        return Reply.Json("""{"RequestId":"R"}""");
    }
}
