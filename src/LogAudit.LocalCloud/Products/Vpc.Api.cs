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
            // The page names flowlog/*, vpc/{id} and vswitch/{id}; the one that is recorded is asked about too.
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

    private IEnumerable<Network> Mine(ApiCall call) =>
        _networks
            .Values.Where(n => n.Account == call.AccountId && n.Region == call.Region)
            .OrderBy(n => n.CreatedAt)
            .ThenBy(n => n.Id, StringComparer.Ordinal);

    private static bool Is(ApiCall call, string parameter, string value) =>
        call.Optional(parameter) is not { } wanted || string.Equals(wanted, value, StringComparison.Ordinal);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static ApiParameter Text(string name) => ApiParameter.Text(name);

    private static IEnumerable<ApiParameter> Texts(string names) => names.Split(' ').Select(ApiParameter.Text);
}
