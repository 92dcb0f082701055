using LogAudit.LocalCloud.Kernel;
using Newtonsoft.Json.Linq;
using static LogAudit.LocalCloud.Kernel.ApiParameter;

namespace LogAudit.LocalCloud.Products;

/// <summary>The calls of WAF 2.0 (version 2019-09-10) that concern logs.</summary>
internal sealed partial class Waf
{
    private void RegisterDomains(Cloud cloud)
    {
        ApiParameter id = RequiredText("InstanceId"),
            site = Text("Region");
        Add("DescribeInstanceInfo", false, [Text("InstanceId"), site], DescribeInstanceInfo);
        Add(
            "DescribeDomainNames",
            false,
            [id, site],
            call => new JObject { ["DomainNames"] = new JArray(Of(call, "2.0").Objects.Keys) }
        );
        Add(
            "DescribeLogServiceStatus",
            false,
            [id, site, List("DomainNames"), Integer("PageNumber"), Integer("PageSize")],
            DescribeDomainLogs
        );
        Add(
            "ModifyLogServiceStatus",
            true,
            [id, site, RequiredText("Domain"), Integer("Enabled").Needed()],
            ModifyDomainLog
        );

        void Add(string action, bool isWrite, IReadOnlyList<ApiParameter> parameters, Func<ApiCall, JObject> run) =>
            cloud.Api.Rpc(Code, "2019-09-10", action, parameters, new RamRule($"yundun-waf:{action}"), isWrite, run);
    }

    private JObject DescribeInstanceInfo(ApiCall call) =>
        _instances.GetValueOrDefault((call.AccountId, SiteOf(call), "2.0")) is not { } instance
            ? new JObject { ["InstanceInfo"] = new JObject { ["Status"] = 0 } }
            : new JObject
            {
                ["InstanceInfo"] = new JObject
                {
                    ["InstanceId"] = instance.Id,
                    ["Region"] = instance.Site is "cn-hangzhou" ? "cn" : "cn-hongkong",
                    ["Status"] = 1,
                    ["Version"] = "version_3",
                    ["PayType"] = 1,
                    ["InDebt"] = 0,
                },
            };

    private JObject DescribeDomainLogs(ApiCall call)
    {
        var instance = WithLogs(call);
        var names = call.List("DomainNames");
        if (names.Count > 10)
        {
            throw new CloudError(400, "ParamError", "At most 10 DomainNames can be given.");
        }
        var page = Pages.ByNumber(
            call,
            [
                .. instance.Objects.Values.Where(one =>
                    names.Count == 0 || names.Contains(one.Id, StringComparer.Ordinal)
                ),
            ],
            10,
            10
        );
        return new JObject
        {
            ["TotalCount"] = page.Total,
            ["DomainStatus"] = page.Json(one => new JObject
            {
                ["Domain"] = one.Id,
                ["SlsLogActive"] = one.Logs ? 1 : 0,
            }),
        };
    }

    private JObject ModifyDomainLog(ApiCall call)
    {
        var one =
            WithLogs(call).Objects.GetValueOrDefault(call.Text("Domain"))
            ?? throw new CloudError(400, "DomainNotExist", "The domain does not exist.");
        one.Logs = call.Integer("Enabled", 0, 0, 1) == 1;
        return [];
    }

    private Instance WithLogs(ApiCall call) =>
        Of(call, "2.0") is { HasLogs: true } instance
            ? instance
            : throw new CloudError(400, "ComboError", "Log Service is not part of the package.");
}
