using LogAudit.LocalCloud.Kernel;
using Newtonsoft.Json.Linq;
using static LogAudit.LocalCloud.Kernel.ApiParameter;

namespace LogAudit.LocalCloud.Products;

/// <summary>The calls of Anti-DDoS Origin that concern logs: all of them only read.</summary>
internal sealed partial class Ddos
{
    private void RegisterOrigin(Cloud cloud)
    {
        cloud.Api.Hosts("ddosbgp", "ddosbgp.aliyuncs.com", "ddosbgp.{region}.aliyuncs.com");
        ApiParameter group = Text("ResourceGroupId"),
            region = Text("RegionId");
        Add(
            "DescribeInstanceList",
            [
                region,
                group,
                Integer("PageNo").Needed(),
                Integer("PageSize").Needed(),
                Text("InstanceIdList"),
                Text("InstanceType"),
                Text("Ip"),
                Text("IpVersion"),
                Text("Remark"),
                Text("Orderby"),
                Text("Orderdire"),
                Array("InstanceTypeList"),
                List("Tag"),
            ],
            DescribeOrigins
        );
        Add("GetSlsOpenStatus", [region, group], _ => new JObject { ["SlsOpenStatus"] = true });
        Add(
            "CheckAccessLogAuth",
            [region, group],
            call => new JObject { ["AccessLogAuth"] = OriginAccessOf(call)?.IsAuthorised ?? false }
        );
        Add("ListOpenedAccessLogInstances", [group, Integer("PageNumber"), Integer("PageSize")], ListOpened);

        void Add(string action, IReadOnlyList<ApiParameter> parameters, Func<ApiCall, JObject> run) =>
            cloud.Api.Rpc(
                "ddosbgp",
                "2018-07-20",
                action,
                parameters,
                new RamRule($"yundun-antiddosbag:{action}"),
                isWrite: false,
                run
            );
    }

    private JObject DescribeOrigins(ApiCall call)
    {
        // This call alone names its page PageNo.
        var (number, size) = (call.Integer("PageNo", 1, 1, 1_000_000), call.Integer("PageSize", 10, 1, 50));
        var all = Origins(call).ToList();
        return new JObject
        {
            ["Total"] = all.Count,
            ["InstanceList"] = new JArray(
                all.Skip((number - 1) * size)
                    .Take(size)
                    .Select(one => new JObject
                    {
                        ["InstanceId"] = one.Id,
                        ["InstanceType"] = "1",
                        ["Remark"] = "",
                        ["Status"] = "1",
                        ["IpType"] = "IPv4",
                    })
            ),
        };
    }

    private JObject ListOpened(ApiCall call)
    {
        var page = Pages.ByNumber(call, [.. Origins(call).Where(one => one.Logs)], 10, 50);
        return new JObject
        {
            ["TotalCount"] = page.Total,
            ["SlsConfigStatus"] = page.Json(one => new JObject { ["InstanceId"] = one.Id, ["Enable"] = true }),
        };
    }

    private IEnumerable<Guarded> Origins(ApiCall call) =>
        _all
            .Values.Where(one => one.IsOrigin && one.Account == call.AccountId && one.Region == OriginRegion(call))
            .OrderBy(one => one.Id, StringComparer.Ordinal);

    private Access? OriginAccessOf(ApiCall call) =>
        _access.GetValueOrDefault((call.AccountId, OriginRegion(call), true));

    /// <summary>The central host serves the mainland; the region of a call is asked for only there.</summary>
    private static string OriginRegion(ApiCall call) => call.Host.Region.Length > 0 ? call.Host.Region : "cn-hangzhou";
}
