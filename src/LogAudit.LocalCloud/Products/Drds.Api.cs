using LogAudit.LocalCloud.Kernel;
using Newtonsoft.Json.Linq;
using static LogAudit.LocalCloud.Kernel.ApiParameter;

namespace LogAudit.LocalCloud.Products;

/// <summary>What the actions do.</summary>
internal sealed partial class Drds
{
    private const string Version = "2019-01-23";

    private void RegisterApi(Cloud cloud)
    {
        // Regions abroad share the host of one; then RegionId, or the instance, decides. Source: drds reference, section 1.
        cloud.Api.Hosts("Drds", "drds.aliyuncs.com", "drds.{region}.aliyuncs.com", "drds-vpc.{region}.aliyuncs.com");
        ApiParameter id = RequiredText("DrdsInstanceId"),
            database = RequiredText("DbName");
        Add(
            "DescribeDrdsInstances",
            [
                RequiredText("RegionId"),
                Integer("PageNumber"),
                Integer("PageSize"),
                Text("Description"),
                Text("ProductVersion"),
                Text("ResourceGroupId"),
                Text("Type"),
                Boolean("Expired"),
                Boolean("Mix"),
                List("Tag"),
            ],
            isWrite: false,
            DescribeInstances
        );
        Add("DescribeDrdsSqlAuditStatus", [id], isWrite: false, DescribeAudit);
        Add("CheckSqlAuditEnableStatus", [id, database], isWrite: false, Check);
        Add("DescribeInstDbSlsInfo", [id, database], isWrite: false, DescribePlace);
        Add(
            "EnableSqlAudit",
            [id, database, Boolean("IsRecall"), Text("RecallStartTimestamp"), Text("RecallEndTimestamp")],
            isWrite: true,
            call => Switch(call, on: true)
        );
        Add("DisableSqlAudit", [id, database], isWrite: true, call => Switch(call, on: false));

        void Add(string action, IReadOnlyList<ApiParameter> parameters, bool isWrite, Func<ApiCall, JObject> run) =>
            cloud.Api.Rpc("Drds", Version, action, parameters, new RamRule($"drds:{action}"), isWrite, run);
    }

    private JObject DescribeInstances(ApiCall call)
    {
        Offered.Demand(call);
        if (call.Optional("ProductVersion") is { } version and not ("V1" or "V2"))
        {
            throw new CloudError(400, "InvalidParameter", $"The specified ProductVersion {version} is not valid.");
        }
        var rows = _instances
            .Values.Where(one => one.Account == call.AccountId && one.Region == call.Region)
            .Where(_ => call.Optional("ProductVersion") is not "V2")
            .Where(one => call.Optional("Description") is not { } name || one.Name == name)
            .OrderBy(one => one.Id, StringComparer.Ordinal)
            .ToList();
        // Neither default nor bound is printed (assumed: 30 and 50).
        var page = Pages.ByNumber(call, rows, 30, 50);
        return new JObject
        {
            ["Instances"] = new JObject
            {
                ["Instance"] = page.Json(one => new JObject
                {
                    ["DrdsInstanceId"] = one.Id,
                    ["Description"] = one.Name,
                    // The page's example shows a zone here.
                    ["RegionId"] = $"{one.Region}-b",
                    ["ZoneId"] = $"{one.Region}-b",
                    ["Status"] = one.Status.At(call.Now),
                    ["Type"] = "PRIVATE",
                    ["InstRole"] = "MASTER",
                    ["ProductVersion"] = "V1",
                    ["NetworkType"] = "VPC",
                    ["CreateTime"] = one.CreatedAt.ToUnixTimeMilliseconds(),
                }),
            },
            ["Total"] = page.Total,
            ["PageNumber"] = page.Number,
            ["PageSize"] = page.Size,
            ["Success"] = true,
        };
    }

    private JObject DescribeAudit(ApiCall call) =>
        new()
        {
            ["Data"] = new JObject
            {
                ["Data"] = new JArray(
                    Own(call)
                        .Audited.Select(database => new JObject
                        {
                            ["DbName"] = database.Key,
                            // A text. Source: drds reference, section 5.
                            ["Enabled"] = database.Value ? "true" : "false",
                            ["Detailed"] = "false",
                            ["ExtraWriteEnabled"] = false,
                        })
                ),
            },
            ["Success"] = true,
        };

    private JObject Check(ApiCall call) =>
        new() { ["Status"] = OwnDatabase(call).IsOn ? "enabled" : "disabled", ["Success"] = true };

    private JObject DescribePlace(ApiCall call)
    {
        var (one, _, isOn) = OwnDatabase(call);
        var place = PlaceOf(one);
        return new JObject
        {
            // What is answered before the audit was ever on is not documented (assumed: nothing).
            ["AuditInfo"] = isOn ? new JObject { ["Project"] = place.Project, ["LogStore"] = place.Logstore } : [],
            ["Success"] = true,
        };
    }

    private JObject Switch(ApiCall call, bool on)
    {
        var (one, database, _) = OwnDatabase(call);
        if (one.Status.At(call.Now) is not "RUN")
        {
            // The code is not documented (assumed).
            throw new CloudError(400, "InvalidDrdsInstance.NotRunning", $"The instance {one.Id} is not running.");
        }
        if (on)
        {
            Audit(one, database);
        }
        else
        {
            one.Audited[database] = false;
        }
        call.Touched.Add((ResourceType, one.Id));
        return new JObject { ["Result"] = true, ["Success"] = true };
    }

    // These calls name no region: the instance is looked for in all of the account.
    private Instance Own(ApiCall call) =>
        _instances.TryGetValue(call.Text("DrdsInstanceId"), out var one) && one.Account == call.AccountId
            ? one
            : throw new CloudError(
                404,
                "InvalidDrdsInstanceId.NotFound",
                $"The instance {call.Text("DrdsInstanceId")} does not exist."
            );

    private (Instance Instance, string Database, bool IsOn) OwnDatabase(ApiCall call)
    {
        var (one, name) = (Own(call), call.Text("DbName"));
        return one.Audited.TryGetValue(name, out var isOn)
            ? (one, name, isOn)
            // The code is not documented (assumed).
            : throw new CloudError(404, "InvalidDbName.NotFound", $"The database {name} does not exist.");
    }
}
