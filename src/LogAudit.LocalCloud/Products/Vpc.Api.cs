using System.Globalization;
using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Scenario;
using Newtonsoft.Json.Linq;
using static LogAudit.LocalCloud.Kernel.ApiParameter;

namespace LogAudit.LocalCloud.Products;

internal sealed partial class Vpc
{
    private const string Version = "2016-04-28";

    /// <summary>Flow logs of a region. Source: vpc reference, section 3.</summary>
    private const int Quota = 10;

    private static RamRule OnFlowLog(string action) =>
        new(
            $"vpc:{action}",
            call => $"acs:vpc:{call.Region}:{call.AccountId}:flowlog/{call.Optional("FlowLogId") ?? "*"}"
        );

    private static RamRule OnVpc(string action) =>
        new($"vpc:{action}", call => $"acs:vpc:{call.Region}:{call.AccountId}:vpc/{call.Optional("VpcId") ?? "*"}");

    private void RegisterApi(Cloud cloud)
    {
        cloud.Api.Hosts("Vpc", "vpc.aliyuncs.com", "vpc.{region}.aliyuncs.com");
        ApiParameter region = RequiredText("RegionId"),
            flowLog = RequiredText("FlowLogId"),
            vpc = RequiredText("VpcId");
        Add(
            "DescribeRegions",
            false,
            new RamRule("vpc:DescribeRegions"),
            [Text("AcceptLanguage"), Text("ProductType")],
            _ => Offered.Regions("Region", r => $"vpc.{r}.aliyuncs.com")
        );
        Add(
            "DescribeVpcs",
            false,
            new RamRule("vpc:DescribeVpcs"),
            [
                region,
                .. Texts("DhcpOptionsSetId ResourceGroupId VpcId VpcName"),
                Boolean("DryRun"),
                Boolean("EnableIpv6"),
                Boolean("IsDefault"),
                Integer("PageNumber"),
                Integer("PageSize"),
                List("Tag"),
                Long("VpcOwnerId"),
            ],
            DescribeVpcs
        );
        Add(
            "DescribeVpcAttribute",
            false,
            OnVpc("DescribeVpcAttribute"),
            [region, vpc, Boolean("DryRun"), Boolean("IsDefault")],
            call => Summary(Own(call), call.Now)
        );
        Add(
            "CreateVpc",
            true,
            OnVpc("CreateVpc"),
            [
                region,
                .. Texts("CidrBlock ClientToken Description Ipv6CidrBlock ResourceGroupId VpcName"),
                Boolean("DryRun"),
                Boolean("EnableIpv6"),
                List("Tag"),
            ],
            CreateVpc
        );
        Add("DeleteVpc", true, OnVpc("DeleteVpc"), [region, vpc, Boolean("DryRun"), Boolean("ForceDelete")], DeleteVpc);
        Add(
            "ModifyVpcAttribute",
            true,
            OnVpc("ModifyVpcAttribute"),
            [region, vpc, .. Texts("VpcName Description CidrBlock")],
            ModifyVpc
        );
        Add(
            "DescribeFlowLogs",
            false,
            new RamRule("vpc:DescribeFlowLogs"),
            [
                region,
                .. Texts(
                    "Description FlowLogId FlowLogName LogStoreName ProjectName ResourceGroupId ResourceId ResourceType Status TrafficType VpcId"
                ),
                Integer("PageNumber"),
                Integer("PageSize"),
                List("Tags"),
            ],
            DescribeFlowLogs
        );
        Add(
            "CreateFlowLog",
            true,
            // One resource per call is asked about; the page names flowlog/*, vpc/{id} and vswitch/{id}.
            new RamRule("vpc:CreateFlowLog", call => $"acs:vpc:{call.Region}:{call.AccountId}:flowlog/*"),
            [
                region,
                RequiredText("ResourceId"),
                RequiredText("ResourceType"),
                RequiredText("TrafficType"),
                .. Texts("Description FlowLogName IpVersion LogStoreName ProjectName ResourceGroupId"),
                Integer("AggregationInterval"),
                List("Tag"),
                List("TrafficPath"),
            ],
            CreateFlowLog
        );
        Add(
            "ActiveFlowLog",
            true,
            OnFlowLog("ActiveFlowLog"),
            [region, flowLog],
            call => Switch(call, "Inactive", "Activating", "Active")
        );
        Add(
            "DeactiveFlowLog",
            true,
            OnFlowLog("DeactiveFlowLog"),
            [region, flowLog],
            call => Switch(call, "Active", "Deactivating", "Inactive")
        );
        Add(
            "ModifyFlowLogAttribute",
            true,
            OnFlowLog("ModifyFlowLogAttribute"),
            [region, flowLog, .. Texts("FlowLogName Description IpVersion"), Integer("AggregationInterval")],
            ModifyFlowLog
        );
        Add("DeleteFlowLog", true, OnFlowLog("DeleteFlowLog"), [region, flowLog], DeleteFlowLog);
        Add(
            "GetFlowLogServiceStatus",
            false,
            new RamRule("vpc:GetFlowLogServiceStatus"),
            [region, Text("ClientToken")],
            call => new JObject { ["Enabled"] = _serviceOpen.Contains(call.AccountId) }
        );
        Add(
            "OpenFlowLogService",
            true,
            new RamRule("vpc:OpenFlowLogService"),
            [region, Text("ClientToken")],
            OpenFlowLogService
        );
        Add(
            "TagResources",
            true,
            OnVpc("TagResources"),
            ResourceTags.TagParameters,
            call => ResourceTags.Add(call, id => TagsOf(call, id))
        );
        Add(
            "UnTagResources",
            true,
            OnVpc("UnTagResources"),
            ResourceTags.UntagParameters,
            call => ResourceTags.Remove(call, id => TagsOf(call, id))
        );
        Add(
            "ListTagResources",
            false,
            new RamRule("vpc:ListTagResources"),
            [.. ResourceTags.ListParameters, Integer("MaxResults")],
            call =>
                ResourceTags.List(
                    call,
                    call.Text("ResourceType"),
                    Mine(call).Select(n => (n.Id, (IReadOnlyDictionary<string, string>)n.Tags))
                )
        );

        void Add(
            string action,
            bool isWrite,
            RamRule ram,
            IReadOnlyList<ApiParameter> parameters,
            Func<ApiCall, JObject> run
        ) => cloud.Api.Rpc("Vpc", Version, action, parameters, ram, isWrite, run);
    }

    private JObject DescribeVpcs(ApiCall call)
    {
        Offered.Demand(call);
        var ids = call.Optional("VpcId")?.Split(',');
        var filter = ResourceTags.Of(call);
        var rows = Mine(call)
            .Where(n => ids is null || ids.Contains(n.Id, StringComparer.Ordinal))
            .Where(n =>
                Is(call, "VpcName", n.Name)
                && ResourceTags.Match(n.Tags, filter)
                && call.Boolean("IsDefault") is not true
            )
            .ToList();
        var page = Pages.ByNumber(call, rows, 10, 50);
        return new JObject
        {
            ["Vpcs"] = new JObject { ["Vpc"] = page.Json(n => Summary(n, call.Now)) },
            ["PageNumber"] = page.Number,
            ["PageSize"] = page.Size,
            ["TotalCount"] = page.Total,
        };
    }

    private static JObject Summary(Network network, DateTimeOffset now) =>
        new()
        {
            ["VpcId"] = network.Id,
            ["VpcName"] = network.Name,
            ["RegionId"] = network.Region,
            ["Status"] = network.Status.At(now),
            ["OwnerId"] = long.Parse(network.Account, CultureInfo.InvariantCulture),
            ["CidrBlock"] = "172.16.0.0/12",
            ["IsDefault"] = false,
            ["ResourceGroupId"] = "rg-default",
            ["VSwitchIds"] = new JObject { ["VSwitchId"] = new JArray() },
            ["CreationTime"] = ResourceTags.Iso(network.CreatedAt),
            ["Tags"] = ResourceTags.Json(network.Tags),
        };

    private JObject CreateVpc(ApiCall call)
    {
        Offered.Demand(call);
        var id = $"vpc-{_cloud.NextHex(21)}";
        Make(
            new ScenarioResource
            {
                Product = "vpc",
                Account = call.AccountId,
                Region = call.Region,
                Id = id,
                Name = call.Optional("VpcName") ?? "",
                Tags = ResourceTags.Of(call),
                Properties = new Dictionary<string, string>(StringComparer.Ordinal),
            },
            _cloud.Delays.Of(_available)
        );
        call.Touched.Add((VpcType, id));
        return new JObject
        {
            ["VpcId"] = id,
            ["VRouterId"] = $"vrt-{_cloud.NextHex(21)}",
            ["RouteTableId"] = $"vtb-{_cloud.NextHex(21)}",
            ["ResourceGroupId"] = "rg-default",
        };
    }

    private JObject DeleteVpc(ApiCall call)
    {
        Remove(Own(call).Id);
        return [];
    }

    private JObject ModifyVpc(ApiCall call)
    {
        Own(call).Name = call.Optional("VpcName") ?? Own(call).Name;
        return [];
    }

    private JObject DescribeFlowLogs(ApiCall call)
    {
        Offered.Demand(call);
        var filter = ResourceTags.Of(call, "Tags");
        var rows = MyLogs(call)
            .Where(l =>
                Is(call, "FlowLogId", l.Id)
                && Is(call, "FlowLogName", l.Name)
                && Is(call, "Status", l.Status.At(call.Now))
            )
            .Where(l =>
                Is(call, "ResourceType", l.ResourceType)
                && Is(call, "ResourceId", l.ResourceId)
                && Is(call, "TrafficType", l.TrafficType)
            )
            .Where(l =>
                Is(call, "ProjectName", l.Place.Project)
                && Is(call, "LogStoreName", l.Place.Logstore)
                && Is(call, "VpcId", l.ResourceId)
            )
            .Where(l => ResourceTags.Match(l.Tags, filter))
            .OrderBy(l => l.CreatedAt)
            .ToList();
        var page = Pages.ByNumber(call, rows, 20, 50);
        // These four are texts. Source: vpc reference, section 5.
        return new JObject
        {
            ["FlowLogs"] = new JObject { ["FlowLog"] = page.Json(l => Summary(l, call.Now)) },
            ["PageNumber"] = Text(page.Number),
            ["PageSize"] = Text(page.Size),
            ["TotalCount"] = Text(page.Total),
            ["Success"] = "true",
        };
    }

    private JObject Summary(FlowLog log, DateTimeOffset now)
    {
        var storage = _cloud.Services.Get<ILogStorage>();
        var delivers = storage.LogstoreExists(log.Place.Project, log.Place.Logstore);
        return new JObject
        {
            ["FlowLogId"] = log.Id,
            ["FlowLogName"] = log.Name,
            ["Description"] = log.Description,
            ["ResourceType"] = log.ResourceType,
            ["ResourceId"] = log.ResourceId,
            ["RegionId"] = log.Region,
            ["Status"] = log.Status.At(now),
            ["BusinessStatus"] = "Normal",
            ["TrafficType"] = log.TrafficType,
            ["TrafficPath"] = new JObject { ["TrafficPathList"] = new JArray("all") },
            ["ProjectName"] = log.Place.Project,
            ["LogStoreName"] = log.Place.Logstore,
            ["AggregationInterval"] = log.AggregationMinutes,
            ["IpVersion"] = log.IpVersion,
            // Values assumed; the page does not list them.
            ["FlowLogDeliverStatus"] = delivers ? "SUCCESS" : "FAILED",
            ["FlowLogDeliverErrorMessage"] = delivers ? "" : "LogStoreNotExist",
            ["ServiceType"] = "sls",
            ["CreationTime"] = ResourceTags.Iso(log.CreatedAt),
            ["Tags"] = ResourceTags.Json(log.Tags),
        };
    }

    private JObject CreateFlowLog(ApiCall call)
    {
        Offered.Demand(call);
        var place = new LogPlace(call.Optional("ProjectName") ?? "", call.Optional("LogStoreName") ?? "");
        var resource = call.Text("ResourceId");
        DemandValid(call, place);
        if (call.Text("ResourceType") is "VPC" && Mine(call).FirstOrDefault(n => n.Id == resource) is not { } network)
        {
            throw new CloudError(
                404,
                "InvalidResourceId.NotFound",
                $"The specified resource {resource} does not exist."
            );
        }
        else if (call.Text("ResourceType") is "VPC" && _networks[resource].Status.At(call.Now) is "Pending")
        {
            throw new CloudError(400, "IncorrectStatus", $"The status of {resource} does not allow this.");
        }
        DemandFree(call);
        // The codes of the next three were not readable (assumed).
        if (!_serviceOpen.Contains(call.AccountId))
        {
            throw new CloudError(400, "OperationDenied.FlowLogServiceNotOpen", "The flow log service is not opened.");
        }
        if (_networks.TryGetValue(resource, out var found) && WhyNot(found) is { } why)
        {
            throw new CloudError(
                400,
                "OperationUnsupported.InstanceFamily",
                $"A flow log is not supported here: {why}."
            );
        }
        if (MyLogs(call).Count() >= Quota)
        {
            throw new CloudError(
                400,
                "QuotaExceeded.FlowLog",
                $"The quota of {Quota} flow logs in a region is used up."
            );
        }
        var log = new FlowLog(call.AccountId, call.Region, $"fl-{_cloud.NextHex(18)}", resource, call.Now)
        {
            Name = call.Optional("FlowLogName") ?? "",
            Description = call.Optional("Description") ?? "",
            ResourceType = call.Text("ResourceType"),
            TrafficType = call.Text("TrafficType"),
            IpVersion = call.Optional("IpVersion") ?? "IPv4",
            AggregationMinutes = call.Integer("AggregationInterval") ?? 10,
            Place = place,
        };
        foreach (var (key, value) in ResourceTags.Of(call))
        {
            log.Tags[key] = value;
        }
        log.Status.Become("Activating", "Active", call.Now + _cloud.Delays.Of(_activation));
        _flowLogs.Add(log.Id, log);
        call.Touched.Add((FlowLogType, log.Id));
        call.Touched.Add((VpcType, resource));
        return new JObject { ["FlowLogId"] = log.Id, ["Success"] = "true" };
    }

    private void DemandValid(ApiCall call, LogPlace place)
    {
        static CloudError Bad(string name) =>
            new(400, $"InvalidParameter.{name}", $"The specified parameter {name} is not valid.");
        if (call.Text("ResourceType") is not ("VPC" or "VSwitch" or "NetworkInterface"))
        {
            throw Bad("ResourceType");
        }
        if (call.Text("TrafficType") is not ("All" or "Allow" or "Drop"))
        {
            throw Bad("TrafficType");
        }
        if (call.Integer("AggregationInterval") is not (null or 1 or 5 or 10))
        {
            throw Bad("AggregationInterval");
        }
        if (call.Optional("IpVersion") is not (null or "IPv4" or "DualStack"))
        {
            throw Bad("IpVersion");
        }
        // The project must be in the account and region of the VPC (doc; the account is assumed). Codes assumed.
        var storage = _cloud.Services.Get<ILogStorage>();
        if (
            storage.FindProject(place.Project) is not { } project
            || project.AccountId != call.AccountId
            || project.Region != call.Region
        )
        {
            throw new CloudError(
                404,
                "ResourceNotFound.ProjectName",
                $"The specified project {place.Project} does not exist in this region."
            );
        }
        if (!storage.LogstoreExists(place.Project, place.Logstore))
        {
            throw new CloudError(
                404,
                "ResourceNotFound.LogStoreName",
                $"The specified Logstore {place.Logstore} does not exist."
            );
        }
    }

    /// <summary>Refuses a write while another one of the same account and region is still under way.</summary>
    private void DemandFree(ApiCall call)
    {
        var key = (call.AccountId, call.Region);
        if (_busyUntil.TryGetValue(key, out var until) && call.Now < until)
        {
            throw new CloudError(400, "TaskConflict", "The operation conflicts with another task of the resource.");
        }
        _busyUntil[key] = call.Now + _cloud.Delays.Of(_task);
    }

    private JObject Switch(ApiCall call, string from, string meanwhile, string to)
    {
        var log = OwnLog(call);
        if (log.Status.Changing(call.Now) || (log.Status.At(call.Now) != from && log.Status.At(call.Now) != to))
        {
            throw new CloudError(400, "IncorrectStatus.flowlog", $"The status of {log.Id} does not allow this.");
        }
        DemandFree(call);
        if (log.Status.At(call.Now) == from)
        {
            log.Status.Become(meanwhile, to, call.Now + _cloud.Delays.Of(_activation));
        }
        return new JObject { ["Success"] = "true" };
    }

    private JObject ModifyFlowLog(ApiCall call)
    {
        var log = OwnLog(call);
        DemandFree(call);
        log.Name = call.Optional("FlowLogName") ?? log.Name;
        log.Description = call.Optional("Description") ?? log.Description;
        log.IpVersion = call.Optional("IpVersion") ?? log.IpVersion;
        log.AggregationMinutes = call.Integer("AggregationInterval") ?? log.AggregationMinutes;
        return new JObject { ["Success"] = "true" };
    }

    private JObject DeleteFlowLog(ApiCall call)
    {
        var log = OwnLog(call);
        DemandFree(call);
        _flowLogs.Remove(log.Id);
        return new JObject { ["Success"] = "true" };
    }

    private JObject OpenFlowLogService(ApiCall call)
    {
        DemandFree(call);
        OpenService(call.AccountId);
        return new JObject { ["Code"] = "200", ["Message"] = "successful" };
    }

    private Dictionary<string, string> TagsOf(ApiCall call, string id) =>
        Mine(call).FirstOrDefault(n => n.Id == id)?.Tags
        ?? throw new CloudError(404, "InvalidResourceId.NotFound", $"The specified resource {id} does not exist.");

    private Network Own(ApiCall call)
    {
        var network =
            Mine(call).FirstOrDefault(n => n.Id == call.Text("VpcId"))
            ?? throw new CloudError(
                404,
                "InvalidVpcId.NotFound",
                $"The specified VPC {call.Text("VpcId")} does not exist."
            );
        if (call.Action.IsWrite)
        {
            call.Touched.Add((VpcType, network.Id));
        }
        return network;
    }

    private FlowLog OwnLog(ApiCall call)
    {
        var log =
            MyLogs(call).FirstOrDefault(l => l.Id == call.Text("FlowLogId"))
            ?? throw new CloudError(
                404,
                "InvalidFlowLogId.NotFound",
                $"The specified flow log {call.Text("FlowLogId")} does not exist."
            );
        call.Touched.Add((FlowLogType, log.Id));
        return log;
    }

    private IEnumerable<Network> Mine(ApiCall call) =>
        _networks
            .Values.Where(n => n.Account == call.AccountId && n.Region == call.Region)
            .OrderBy(n => n.CreatedAt)
            .ThenBy(n => n.Id, StringComparer.Ordinal);

    private IEnumerable<FlowLog> MyLogs(ApiCall call) =>
        _flowLogs.Values.Where(l => l.Account == call.AccountId && l.Region == call.Region);

    private static bool Is(ApiCall call, string parameter, string value) =>
        call.Optional(parameter) is not { } wanted || string.Equals(wanted, value, StringComparison.Ordinal);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static ApiParameter Text(string name) => ApiParameter.Text(name);

    private static IEnumerable<ApiParameter> Texts(string names) => names.Split(' ').Select(ApiParameter.Text);
}
