using LogAudit.LocalCloud.Kernel;
using Newtonsoft.Json.Linq;
using static LogAudit.LocalCloud.Kernel.ApiParameter;

namespace LogAudit.LocalCloud.Products;

internal sealed partial class CloudFirewall
{
    private const string Code = "Cloudfw";

    private void RegisterApi(Cloud cloud)
    {
        cloud.Api.Hosts(Code, "cloudfw.aliyuncs.com", "cloudfw.{region}.aliyuncs.com");
        Add("DescribeUserBuyVersion", false, [Text("InstanceId")], DescribeBought);
        Add(
            "DescribeSlsAnalyzeOpenStatus",
            false,
            [Text("Lang")],
            call => new JObject { ["OpenStatus"] = Of(call).Dispatches.Count > 0 ? "true" : "false" }
        );
        Add("DescribeBatchSlsDispatchStatus", false, [Text("Lang")], DescribeDispatches);
        Add("DescribeLogStoreInfo", false, [], DescribeStores);
        Add(
            "CreateSlsLogDispatch",
            true,
            [Body("SlsRegionId", ApiType.String), Body("Ttl", ApiType.Long)],
            CreateDispatch
        );
        Add(
            "ModifySlsDispatchStatus",
            true,
            [Boolean("EnableStatus"), .. Names("DispatchValue FilterKeys Site NewRegionId")],
            ModifyDispatch
        );
        Add(
            "ModifyUserSlsLogStorageTime",
            true,
            [
                RequiredText("InstanceId"),
                new("StorageTime", ApiType.Integer, Required: true),
                Integer("LogVersion"),
                Text("SlsRegionId"),
            ],
            ModifyDays
        );

        void Add(string action, bool isWrite, IReadOnlyList<ApiParameter> parameters, Func<ApiCall, JObject> run) =>
            cloud.Api.Rpc(
                Code,
                "2017-12-07",
                action,
                parameters,
                // Source: cloudfirewall reference, section 1; which actions know the instance was not readable.
                new RamRule($"yundun-cloudfirewall:{action}"),
                isWrite,
                run
            );

        static IEnumerable<ApiParameter> Names(string names) => names.Split(' ').Select(Text);
    }

    private JObject DescribeBought(ApiCall call)
    {
        var firewall = Of(call);
        return new JObject
        {
            ["InstanceId"] = firewall.Id,
            ["Version"] = firewall.Version,
            ["UserStatus"] = true,
            ["InstanceStatus"] = "normal",
            ["LogStatus"] = firewall.HasLogs,
            ["LogStorage"] = 1000,
            ["AliUid"] = call.AccountId,
        };
    }

    private JObject DescribeDispatches(ApiCall call)
    {
        var firewall = Of(call);
        return PerSite(
            firewall,
            name => new JObject
            {
                ["ProjectName"] = firewall.Place(name).Project,
                ["LogstoreName"] = firewall.Place(name).Logstore,
                ["ItemList"] = new JArray(
                    firewall
                        .Dispatches.Where(dispatch => dispatch.Site == name)
                        .Select(dispatch => new JObject
                        {
                            ["DispatchName"] = dispatch.Category.Replace('_', '-'),
                            ["DispatchValue"] = dispatch.Category,
                            ["Enable"] = dispatch.Filters.Length > 0,
                            ["ConfigStatus"] = "success_finished",
                            ["FilterKeys"] = new JArray(dispatch.Filters),
                        })
                ),
            }
        );
    }

    private JObject DescribeStores(ApiCall call)
    {
        var firewall = Of(call);
        return PerSite(
            firewall,
            name => new JObject
            {
                ["ProjectName"] = firewall.Place(name).Project,
                ["LogStoreName"] = firewall.Place(name).Logstore,
                ["RegionId"] = Firewall.HomeOf(name, firewall.Site),
                ["Ttl"] = Storage.DaysOf(firewall.Place(name).Project, firewall.Place(name).Logstore) ?? 0,
                ["TotalQuota"] = 1_099_511_627_776,
                ["Used"] = 0,
            }
        );
    }

    private JObject CreateDispatch(ApiCall call)
    {
        var firewall = Of(call);
        if (!firewall.HasLogs)
        {
            // Code not documented (assumed).
            throw new CloudError(400, "ErrorLogNotBought", "Log Analysis is not bought.");
        }
        Open(firewall, Days(call.Integer("Ttl")) ?? DefaultDays);
        return [];
    }

    // Assumed: log version 2 chooses the Logstore by its region; the page says only what the two parameters are.
    private JObject ModifyDays(ApiCall call)
    {
        var firewall = Of(call);
        if (call.Text("InstanceId") != firewall.Id)
        {
            throw new CloudError(400, "not valid instanceId", "not valid instanceId");
        }
        if ((call.Integer("LogVersion") ?? 1) != firewall.LogVersion)
        {
            throw new CloudError(400, "ErrorParameters", "LogVersion is not that of the firewall.");
        }
        var days = Days(call.Integer("StorageTime"))!.Value;
        var site =
            firewall.LogVersion == 1
                ? ""
                : firewall.Sites.FirstOrDefault(one =>
                    Firewall.HomeOf(one, firewall.Site) == call.Optional("SlsRegionId")
                ) ?? throw new CloudError(400, "ErrorParameters", "SlsRegionId names none of the two Logstores.");
        Storage.KeepFor(firewall.Place(site).Project, firewall.Place(site).Logstore, days);
        return [];
    }

    /// <summary>Days within the range of the reference, section 2; its code is assumed.</summary>
    private static int? Days(int? given) =>
        given is < 7 or > 365
            ? throw new CloudError(400, "ErrorParameters", "Logs are kept for 7 to 365 days.")
            : given;

    private ILogStorage Storage => _cloud.Services.Get<ILogStorage>();

    private JObject ModifyDispatch(ApiCall call)
    {
        var firewall = Of(call);
        var site = call.Optional("Site") is { } given and not "global" ? given : "";
        if (!firewall.Sites.Contains(site, StringComparer.Ordinal))
        {
            throw new CloudError(
                400,
                "ErrorParameters",
                "Site is empty in log version 1, and cn or intl in version 2."
            );
        }
        var dispatch =
            firewall.Dispatches.Find(one => one.Is(site, call.Optional("DispatchValue") ?? ""))
            ?? throw new CloudError(400, "ErrorParameters", "There is no such log category.");
        var filters = call.List("FilterKeys");
        if (filters.Any(key => !Dispatch.All.Contains(key, StringComparer.Ordinal)))
        {
            throw new CloudError(400, "ErrorParameters", "FilterKeys are attack, acl and other.");
        }
        if (firewall.ChangedAt is { } last && call.Now < last + _cloud.Delays.Of(_pause))
        {
            throw new CloudError(400, "IllegalOperation", "The last change was less than 5 minutes ago.");
        }
        firewall.ChangedAt = call.Now;
        dispatch.Filters =
            call.Boolean("EnableStatus") is not true ? []
            : filters.Count > 0 ? [.. filters]
            : Dispatch.All;
        return [];
    }

    /// <summary>Version 1 answers at the top, version 2 once for each site.</summary>
    private static JObject PerSite(Firewall firewall, Func<string, JObject> answer)
    {
        if (firewall.LogVersion == 1)
        {
            var one = answer("");
            one["LogVersion"] = "1";
            return one;
        }
        return new JObject
        {
            ["LogVersion"] = "2",
            ["InfoList"] = new JArray(
                firewall.Sites.Select(name =>
                {
                    var one = answer(name);
                    one["Site"] = name;
                    return one;
                })
            ),
        };
    }

    /// <summary>The firewall that was bought at the endpoint of the call.</summary>
    private Firewall Of(ApiCall call) =>
        _firewalls.GetValueOrDefault(
            (call.AccountId, call.Host.Region is "ap-southeast-1" ? "ap-southeast-1" : "cn-hangzhou")
        )
        // Source of the words: the Terraform provider, which looks for them; the code is assumed.
        ?? throw new CloudError(400, "ErrorUserNotBuy", "not buy user");
}
