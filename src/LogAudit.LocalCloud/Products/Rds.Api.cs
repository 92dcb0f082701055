using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Scenario;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using static LogAudit.LocalCloud.Kernel.ApiParameter;

namespace LogAudit.LocalCloud.Products;

internal sealed partial class Rds
{
    private const string Version = "2014-08-15";

    private static RamRule OneInstance(string action) =>
        new(
            $"rds:{action}",
            call =>
                $"acs:rds:{(call.Region.Length > 0 ? call.Region : "*")}:{call.AccountId}:dbinstance/{call.Optional("DBInstanceId") ?? "*"}"
        );

    private void RegisterApi(Cloud cloud)
    {
        cloud.Api.Hosts("Rds", "rds.aliyuncs.com", "rds.{region}.aliyuncs.com");
        ApiParameter region = RequiredText("RegionId"),
            id = RequiredText("DBInstanceId");
        Add(
            "DescribeRegions",
            false,
            [Text("AcceptLanguage")],
            _ => Offered.Regions("RDSRegion", r => $"rds.{r}.aliyuncs.com")
        );
        Add(
            "DescribeDBInstances",
            false,
            [
                region,
                .. Texts(
                    "Category ClientToken ConnectionMode ConnectionString DBInstanceClass DBInstanceId DBInstanceStatus DBInstanceType DedicatedHostGroupId DedicatedHostId Engine EngineVersion Expired Filter InstanceNetworkType NextToken PayType ResourceGroupId SearchKey Tags VSwitchId VpcId ZoneId proxyId"
                ),
                Integer("InstanceLevel"),
                Integer("MaxResults"),
                Integer("PageNumber"),
                Integer("PageSize"),
                Boolean("QueryAutoRenewal"),
            ],
            DescribeInstances
        );
        Add("DescribeDBInstanceAttribute", false, [id, Text("Expired")], DescribeAttribute);
        Add(
            "DescribeSQLCollectorPolicy",
            false,
            [id, Text("ClientToken"), Text("ResourceGroupId")],
            call => new JObject
            {
                ["DBInstanceId"] = Own(call).Id,
                ["SQLCollectorStatus"] = Own(call).SqlLog.Enabled ? "Enable" : "Disabled",
            }
        );
        Add(
            "DescribeSQLCollectorRetention",
            false,
            [id, Text("ResourceGroupId")],
            call => new JObject { ["ConfigValue"] = $"{Math.Max(30, Own(call).SqlLog.RetentionDays)}" }
        );
        Add(
            "ModifySQLCollectorPolicy",
            true,
            [id, RequiredText("SQLCollectorStatus"), Text("ResourceGroupId")],
            ModifyCollector
        );
        Add(
            "ModifySQLCollectorRetention",
            true,
            [id, RequiredText("ConfigValue"), Text("ResourceGroupId")],
            ModifyRetention
        );
        Add(
            "CreateDBInstance",
            true,
            [
                region,
                RequiredText("Engine"),
                .. Texts(
                    "EngineVersion DBInstanceClass Category DBInstanceDescription DBInstanceNetType SecurityIPList PayType ClientToken VPCId VSwitchId ZoneId ResourceGroupId"
                ),
                Integer("DBInstanceStorage"),
                List("Tag"),
            ],
            Create
        );
        Add("DeleteDBInstance", true, [id, Text("ReleasedKeepPolicy")], Delete);
        Add("RestartDBInstance", true, [id, Text("ClientToken")], Restart);
        Add("ModifyDBInstanceDescription", true, [id, RequiredText("DBInstanceDescription")], Rename);
        Add(
            "TagResources",
            true,
            [.. ResourceTags.TagParameters],
            call => ResourceTags.Add(call, one => Tags(call, one))
        );
        Add(
            "UntagResources",
            true,
            ResourceTags.UntagParameters,
            call => ResourceTags.Remove(call, one => Tags(call, one))
        );
        Add("ListTagResources", false, ResourceTags.ListParameters, ListTags);

        void Add(string action, bool isWrite, IReadOnlyList<ApiParameter> parameters, Func<ApiCall, JObject> run) =>
            cloud.Api.Rpc("Rds", Version, action, parameters, OneInstance(action), isWrite, run);
    }

    private JObject DescribeInstances(ApiCall call)
    {
        Offered.Demand(call);
        var tags = TagFilter(call);
        var rows = _instances
            .Values.Where(d => d.Account == call.AccountId && d.Region == call.Region)
            .Where(d =>
                Is(call, "Engine", d.Engine)
                && Is(call, "DBInstanceStatus", d.Status.At(call.Now))
                && Is(call, "DBInstanceType", d.Type)
            )
            .Where(d =>
                Is(call, "Category", d.Category) && Is(call, "DBInstanceId", d.Id) && ResourceTags.Match(d.Tags, tags)
            )
            .OrderBy(d => d.CreatedAt)
            .ThenBy(d => d.Id, StringComparer.Ordinal)
            .ToList();
        // With MaxResults, page numbers are ignored and TotalRecordCount means nothing. Source: rds reference, section 4.
        var byToken = call.Optional("MaxResults") is not null || call.Optional("NextToken") is not null;
        var page = byToken ? Pages.ByToken(call, rows, 30, 100) : Pages.ByNumber(call, rows, 30, 100);
        return new JObject
        {
            ["Items"] = new JObject { ["DBInstance"] = page.Json(d => Summary(d, call.Now)) },
            ["NextToken"] = page.NextToken,
            ["PageNumber"] = page.Number,
            ["PageRecordCount"] = page.Rows.Count,
            ["TotalRecordCount"] = byToken ? 0 : page.Total,
        };
    }

    private static JObject Summary(Database d, DateTimeOffset now) =>
        new()
        {
            ["DBInstanceId"] = d.Id,
            ["DBInstanceDescription"] = d.Name,
            ["RegionId"] = d.Region,
            ["ZoneId"] = $"{d.Region}-a",
            ["Engine"] = d.Engine,
            ["EngineVersion"] = d.Version,
            ["Category"] = d.Category,
            ["DBInstanceStatus"] = d.Status.At(now),
            ["DBInstanceType"] = d.Type,
            ["PayType"] = "Postpaid",
            ["ResourceGroupId"] = "rg-default",
            ["VpcId"] = "",
            ["MasterInstanceId"] = "",
            ["CreateTime"] = ResourceTags.Iso(d.CreatedAt),
            ["ExpireTime"] = "",
        };

    private JObject DescribeAttribute(ApiCall call) =>
        new() { ["Items"] = new JObject { ["DBInstanceAttribute"] = new JArray(Summary(Own(call), call.Now)) } };

    private JObject ModifyCollector(ApiCall call)
    {
        var database = DemandRunning(Own(call), call.Now);
        DemandSupported(database, call.Now);
        database.SqlLog = call.Text("SQLCollectorStatus") switch
        {
            "Enable" => database.SqlLog.Enabled ? database.SqlLog : SqlLog.On(call.Now),
            "Disabled" => SqlLog.Off,
            var other => throw new CloudError(
                400,
                "InvalidSQLCollectorStatus.ValueNotSupport",
                $"SQLCollectorStatus {other} is not Enable or Disabled."
            ),
        };
        return [];
    }

    private JObject ModifyRetention(ApiCall call)
    {
        var database = DemandRunning(Own(call), call.Now);
        database.SqlLog = call.Text("ConfigValue") is "30" or "180" or "365" or "1095" or "1825"
            ? database.SqlLog with
            {
                RetentionDays = call.Integer("ConfigValue")!.Value,
            }
            : throw new CloudError(400, "InvalidConfigValue", "ConfigValue is 30, 180, 365, 1095 or 1825.");
        return [];
    }

    private JObject Create(ApiCall call)
    {
        Offered.Demand(call);
        if (call.Text("Engine") is not ("MySQL" or "PostgreSQL" or "SQLServer" or "MariaDB"))
        {
            throw new CloudError(
                400,
                "InvalidEngine.Malformed",
                $"The specified engine {call.Text("Engine")} is not valid."
            );
        }
        var id = $"rm-{_cloud.NextHex(17)}";
        Make(
            new ScenarioResource
            {
                Product = "rds",
                Account = call.AccountId,
                Region = call.Region,
                Id = id,
                Name = call.Optional("DBInstanceDescription") ?? id,
                Tags = ResourceTags.Of(call),
                Properties = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["engine"] = call.Text("Engine"),
                    ["version"] = call.Optional("EngineVersion") ?? "8.0",
                    ["category"] = call.Optional("Category") ?? "HighAvailability",
                },
            }
        )
            .Status.Become("Creating", "Running", call.Now + _cloud.Delays.Of(_creation));
        call.Touched.Add((InstanceType, id));
        return new JObject { ["DBInstanceId"] = id, ["OrderId"] = "200000000000001" };
    }

    private JObject Delete(ApiCall call)
    {
        _instances.Remove(Own(call).Id);
        return [];
    }

    private JObject Restart(ApiCall call)
    {
        DemandRunning(Own(call), call.Now).Status.Become("Rebooting", "Running", call.Now + _cloud.Delays.Of(_restart));
        return [];
    }

    private JObject Rename(ApiCall call)
    {
        Own(call).Name = call.Text("DBInstanceDescription");
        return [];
    }

    private JObject ListTags(ApiCall call)
    {
        Offered.Demand(call);
        return ResourceTags.List(
            call,
            "INSTANCE",
            _instances
                .Values.Where(d => d.Account == call.AccountId && d.Region == call.Region)
                .Select(d => (d.Id, (IReadOnlyDictionary<string, string>)d.Tags))
        );
    }

    private Dictionary<string, string> Tags(ApiCall call, string id) => Own(call, id).Tags;

    private static Database DemandRunning(Database database, DateTimeOffset now) =>
        database.Status.At(now) is "Running"
            ? database
            : throw new CloudError(
                403,
                "OperationDenied.DBInstanceStatus",
                "The operation is not permitted due to the status of the instance."
            );

    private static void DemandSupported(Database database, DateTimeOffset now)
    {
        if (WhyNot(database, "audit", now) is { } why)
        {
            throw new CloudError(400, "InstanceEngineType.NotSupport", $"The instance does not support this: {why}.");
        }
    }

    private Database Own(ApiCall call) => Own(call, call.Text("DBInstanceId"));

    private Database Own(ApiCall call, string id)
    {
        if (_instances.GetValueOrDefault(id) is not { } database || database.Account != call.AccountId)
        {
            throw new CloudError(404, "InvalidDBInstanceId.NotFound", $"The specified instance {id} does not exist.");
        }
        if (call.Action.IsWrite && !call.Touched.Contains((InstanceType, id)))
        {
            call.Touched.Add((InstanceType, id));
        }
        return database;
    }

    /// <summary><c>Tags</c> of DescribeDBInstances: a JSON object of at most five pairs.</summary>
    private static Dictionary<string, string> TagFilter(ApiCall call)
    {
        if (call.Optional("Tags") is not { } text)
        {
            return [];
        }
        try
        {
            var tags = JObject
                .Parse(text)
                .Properties()
                .ToDictionary(p => p.Name, p => (string?)p.Value ?? "", StringComparer.Ordinal);
            return tags.Count <= 5 ? tags : throw Bad();
        }
        catch (JsonException)
        {
            throw Bad();
        }

        static CloudError Bad() => new(400, "InvalidTags", "Tags must be a JSON object of at most 5 pairs.");
    }

    private static bool Is(ApiCall call, string parameter, string value) =>
        call.Optional(parameter) is not { } wanted || string.Equals(wanted, value, StringComparison.Ordinal);

    private static IEnumerable<ApiParameter> Texts(string names) => names.Split(' ').Select(Text);
}
