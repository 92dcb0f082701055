using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Products.Logs;
using Newtonsoft.Json.Linq;
using static LogAudit.LocalCloud.Kernel.ApiParameter;

namespace LogAudit.LocalCloud.Products;

/// <summary>The calls of Anti-DDoS Proxy. No error list was readable; its codes are assumed.</summary>
internal sealed partial class Ddos
{
    private void RegisterProxy(Cloud cloud)
    {
        cloud.Api.Hosts("ddoscoo", "ddoscoo.{region}.aliyuncs.com");
        ApiParameter group = Text("ResourceGroupId"),
            domain = RequiredText("Domain");
        Add(
            "DescribeDomains",
            false,
            [group, List("InstanceIds")],
            call => new JObject { ["Domains"] = new JArray(Domains(call).Select(one => one.Id)) }
        );
        // Activating SLS itself is not played; it is always so.
        Add("DescribeSlsOpenStatus", false, [group], _ => new JObject { ["SlsOpenStatus"] = true });
        Add(
            "DescribeSlsAuthStatus",
            false,
            [group],
            call => new JObject { ["SlsAuthStatus"] = AccessOf(call).IsAuthorised }
        );
        Add(
            "DescribeLogStoreExistStatus",
            false,
            [group],
            call => new JObject { ["ExistStatus"] = AccessOf(call).IsBought }
        );
        Add(
            "DescribeWebAccessLogDispatchStatus",
            false,
            [group, Integer("PageNumber"), Integer("PageSize")],
            DescribeDomainLogs
        );
        Add("DescribeSlsLogstoreInfo", false, [group], DescribeStore);
        Add("ModifyFullLogTtl", true, [group, new("Ttl", ApiType.Integer, Required: true)], ModifyDays);
        Add("DescribeWebAccessLogStatus", false, [group, domain], DescribeDomainLog);
        Add("EnableWebAccessLogConfig", true, [group, domain], call => Switch(call, on: true));
        Add("DisableWebAccessLogConfig", true, [group, domain], call => Switch(call, on: false));

        void Add(string action, bool isWrite, IReadOnlyList<ApiParameter> parameters, Func<ApiCall, JObject> run) =>
            cloud.Api.Rpc(
                "ddoscoo",
                "2020-01-01",
                action,
                parameters,
                new RamRule($"yundun-ddoscoo:{action}"),
                isWrite,
                run
            );
    }

    private JObject DescribeDomainLogs(ApiCall call)
    {
        var page = Pages.ByNumber(call, [.. Domains(call)], 10, 10);
        return new JObject
        {
            ["TotalCount"] = page.Total,
            ["SlsConfigStatus"] = page.Json(one => new JObject { ["Domain"] = one.Id, ["Enable"] = one.Logs }),
        };
    }

    private JObject DescribeStore(ApiCall call)
    {
        var place = BoughtPlace(call);
        return new JObject
        {
            ["Project"] = place.Project,
            ["LogStore"] = place.Logstore,
            ["Quota"] = 3_298_534_883_328,
            ["Used"] = 0,
            ["Ttl"] = Storage.DaysOf(place.Project, place.Logstore) ?? 0,
        };
    }

    private JObject ModifyDays(ApiCall call)
    {
        var place = BoughtPlace(call);
        Storage.KeepFor(place.Project, place.Logstore, call.Integer("Ttl", 0, 7, 180));
        return [];
    }

    private ILogStorage Storage => _cloud.Services.Get<ILogStorage>();

    private LogPlace BoughtPlace(ApiCall call) =>
        AccessOf(call).IsBought
            ? new Guarded(call.AccountId, SiteOf(call), "", isOrigin: false).Place
            : throw new CloudError(400, "LogStoreNotExist", "Full log analysis is not bought.");

    private JObject DescribeDomainLog(ApiCall call)
    {
        var one = Domain(call);
        return new JObject
        {
            ["SlsStatus"] = one.Logs,
            ["SlsProject"] = one.Place.Project,
            ["SlsLogstore"] = one.Place.Logstore,
        };
    }

    private JObject Switch(ApiCall call, bool on)
    {
        var one = Domain(call);
        if (on && AccessOf(call) is not { IsBought: true, IsAuthorised: true })
        {
            throw new CloudError(400, "LogStoreNotExist", "Full log analysis is not bought or not authorised.");
        }
        one.Logs = on;
        return [];
    }

    private Guarded Domain(ApiCall call) =>
        Domains(call).FirstOrDefault(one => one.Id == call.Text("Domain"))
        ?? throw new CloudError(400, "DomainNotExist", "The specified domain does not exist.");

    private IEnumerable<Guarded> Domains(ApiCall call)
    {
        var site = SiteOf(call);
        return _all
            .Values.Where(one => !one.IsOrigin && one.Account == call.AccountId && one.Region == site)
            .OrderBy(one => one.Id, StringComparer.Ordinal);
    }

    private Access AccessOf(ApiCall call) =>
        _access.GetValueOrDefault((call.AccountId, SiteOf(call), false)) ?? new Access(false, false);

    private static string SiteOf(ApiCall call) =>
        Sites.Contains(call.Host.Region, StringComparer.Ordinal)
            ? call.Host.Region
            : throw new CloudError(
                404,
                "InvalidRegionId.NotFound",
                $"Anti-DDoS Proxy has no endpoint in {call.Host.Region}."
            );
}
