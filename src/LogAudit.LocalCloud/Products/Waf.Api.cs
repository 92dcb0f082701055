using LogAudit.LocalCloud.Kernel;
using Newtonsoft.Json.Linq;
using static LogAudit.LocalCloud.Kernel.ApiParameter;

namespace LogAudit.LocalCloud.Products;

/// <summary>The calls of WAF 3.0. Its error codes could not be read; those of 2.0 are assumed.</summary>
internal sealed partial class Waf
{
    private const string Code = "waf-openapi";

    private void RegisterApi(Cloud cloud)
    {
        cloud.Api.Hosts(Code, "wafopenapi.{region}.aliyuncs.com");
        ApiParameter group = Text("ResourceManagerResourceGroupId"),
            region = Text("RegionId"),
            id = RequiredText("InstanceId");
        Add("DescribeInstance", false, [region, group], DescribeInstance);
        Add(
            "DescribeDefenseResources",
            false,
            [id, region, group, Integer("PageNumber"), Integer("PageSize"), Text("Query"), List("Tag")],
            DescribeObjects
        );
        Add("DescribeUserWafLogStatus", false, [id, region, group], DescribeService);
        Add(
            "DescribeSlsAuthStatus",
            false,
            [id, region, group],
            call => new JObject { ["Status"] = Of(call).Authorised }
        );
        Add(
            "DescribeSlsLogStoreStatus",
            false,
            [id, region, group],
            call => new JObject { ["ExistStatus"] = Of(call).LogService.At(call.Now).Length > 0 }
        );
        Add("DescribeSlsLogStore", false, [id, region, group], DescribeStore);
        Add("DescribeUserLogFieldConfig", false, [id, region, group, Text("DeliveryType")], DescribeFields);
        Add("DescribeResourceLogStatus", false, [id, region, group, RequiredText("Resources")], DescribeObjectLogs);
        Add(
            "ModifyUserWafLogStatus",
            true,
            [id, region, group, Integer("LogStatus").Needed(), Text("LogRegionId")],
            ModifyService
        );
        Add(
            "ModifyResourceLogStatus",
            true,
            [id, region, group, RequiredText("Resource"), Boolean("Status").Needed()],
            ModifyObjectLog
        );

        void Add(string action, bool isWrite, IReadOnlyList<ApiParameter> parameters, Func<ApiCall, JObject> run) =>
            cloud.Api.Rpc(Code, "2021-10-01", action, parameters, new RamRule($"yundun-waf:{action}"), isWrite, run);
    }

    /// <summary>No instance bought is an answer without <c>InstanceId</c>, not an error.</summary>
    private JObject DescribeInstance(ApiCall call)
    {
        if (_instances.GetValueOrDefault((call.AccountId, SiteOf(call), "3.0")) is not { } instance)
        {
            return [];
        }
        return new JObject
        {
            ["InstanceId"] = instance.Id,
            ["RegionId"] = instance.Site,
            ["Edition"] = "default_version",
            ["PayType"] = "PREPAY",
            ["Status"] = 1,
            ["InDebt"] = "0",
            ["Details"] = new JObject { ["LogService"] = instance.HasLogs },
        };
    }

    private JObject DescribeObjects(ApiCall call)
    {
        var page = Pages.ByNumber(call, [.. Of(call).Objects.Values], 10, 100);
        return new JObject { ["TotalCount"] = page.Total, ["Resources"] = page.Json(one => one.Json(call.AccountId)) };
    }

    private JObject DescribeService(ApiCall call)
    {
        var instance = Of(call);
        return new JObject
        {
            ["LogStatus"] = instance.LogService.At(call.Now),
            ["LogRegionId"] = instance.Site,
            ["StatusUpdateTime"] = call.Now.ToUnixTimeMilliseconds(),
        };
    }

    private JObject DescribeStore(ApiCall call)
    {
        var place = Opened(call).Place;
        return new JObject
        {
            ["ProjectName"] = place.Project,
            ["LogStoreName"] = place.Logstore,
            ["Ttl"] = 180,
            ["Quota"] = 3_298_534_883_328,
            ["Used"] = 0,
        };
    }

    private JObject DescribeFields(ApiCall call)
    {
        _ = Opened(call);
        return new JObject
        {
            ["ConfigStatus"] = "success_finished",
            ["LogDeliveryStrategy"] =
                """[{"logType":"blockLog","rate":100},{"logType":"normalRequestLog","rate":100},{"logType":"checkLog","rate":100}]""",
        };
    }

    private JObject DescribeObjectLogs(ApiCall call)
    {
        var instance = Of(call);
        return new JObject
        {
            ["Result"] = new JArray(
                call.Text("Resources")
                    .Split(',')
                    .Select(id => instance.Objects.GetValueOrDefault(id))
                    .OfType<Protected>()
                    .Select(one => new JObject
                    {
                        ["Resource"] = one.Id,
                        ["Status"] = one.Logs,
                        ["TraceStatus"] = false,
                    })
            ),
        };
    }

    private JObject ModifyService(ApiCall call)
    {
        var instance = Of(call);
        if (call.Request.Method is not "POST")
        {
            throw new CloudError(405, "UnsupportedHTTPMethod", "ModifyUserWafLogStatus takes POST only.");
        }
        if (!instance.HasLogs)
        {
            throw new CloudError(400, "ComboError", "Log Service is not part of the package.");
        }
        // Which other regions are open to a user is a matter of the site; LocalCloud keeps logs at home.
        if (call.Optional("LogRegionId") is { } elsewhere && elsewhere != instance.Site)
        {
            throw new CloudError(400, "ParamError", $"LogRegionId {elsewhere} is not open to this user.");
        }
        switch ((call.Integer("LogStatus"), instance.LogService.At(call.Now)))
        {
            case (1, ""):
                Open(instance, call.Now + _cloud.Delays.Of(_opening));
                return [];
            case (1, "normal"):
                return [];
            case (0, "normal"):
                // The store and its logs are released.
                instance.LogService.Become("releasing", "", call.Now + _cloud.Delays.Of(_opening));
                foreach (var one in instance.Objects.Values)
                {
                    one.Logs = false;
                }
                return [];
            case (0 or 1, _):
                throw Busy();
            default:
                throw new CloudError(400, "ParamError", "LogStatus is 0 or 1.");
        }
    }

    private JObject ModifyObjectLog(ApiCall call)
    {
        var one =
            Opened(call).Objects.GetValueOrDefault(call.Text("Resource"))
            ?? throw new CloudError(400, "DomainNotExist", "The protected object does not exist.");
        one.Logs = call.Boolean("Status")!.Value;
        return new JObject { ["Status"] = one.Logs };
    }

    private static CloudError Busy() => new(400, "TaskStillRunning", "The last task is still running.");

    /// <summary>The instance of a call, once its log service is open.</summary>
    private Instance Opened(ApiCall call)
    {
        var instance = Of(call);
        return instance.LogService.At(call.Now) switch
        {
            "normal" => instance,
            "" => throw new CloudError(400, "ComboError", "The log service is not open."),
            _ => throw Busy(),
        };
    }

    private Instance Of(ApiCall call, string generation = "3.0")
    {
        var instance = _instances.GetValueOrDefault((call.AccountId, SiteOf(call), generation));
        return instance is not null && instance.Id == call.Text("InstanceId")
            ? instance
            : throw new CloudError(400, "ParamError", "The specified InstanceId does not exist.");
    }

    /// <summary>The site that the host names; <c>RegionId</c>, where it is given, must agree.</summary>
    private static string SiteOf(ApiCall call)
    {
        var site = call.Host.Region;
        if (!Sites.Contains(site, StringComparer.Ordinal))
        {
            throw new CloudError(404, "InvalidRegionId.NotFound", $"WAF has no endpoint in {site}.");
        }
        return call.Optional("RegionId") is { } region && region != site
            ? throw new CloudError(400, "ParamError", $"RegionId {region} does not belong to the endpoint of {site}.")
            : site;
    }
}
