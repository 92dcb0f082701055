using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Scenario;
using Newtonsoft.Json.Linq;
using static LogAudit.LocalCloud.Kernel.ApiParameter;

namespace LogAudit.LocalCloud.Products;

internal sealed partial class Polardb
{
    private const string Version = "2017-08-01";

    private static RamRule OneCluster(string action) =>
        new(
            $"polardb:{action}",
            call =>
                $"acs:polardb:{(call.Region.Length > 0 ? call.Region : "*")}:{call.AccountId}:dbcluster/{call.Optional("DBClusterId") ?? "*"}"
        );

    private void RegisterApi(Cloud cloud)
    {
        cloud.Api.Hosts("polardb", "polardb.aliyuncs.com", "polardb.{region}.aliyuncs.com");
        ApiParameter region = RequiredText("RegionId"),
            id = RequiredText("DBClusterId");
        Add("DescribeRegions", false, [], _ => Offered.Regions("Region", r => $"polardb.{r}.aliyuncs.com"));
        Add(
            "DescribeDBClusters",
            false,
            [
                region,
                .. Texts(
                    "ConnectionString DBClusterDescription DBClusterIds DBClusterStatus DBNodeIds DBType DBVersion DescribeType PayType ResourceGroupId"
                ),
                Boolean("Expired"),
                .. "PageNumber PageSize RecentCreationInterval RecentExpirationInterval".Split(' ').Select(Integer),
                List("Tag"),
            ],
            DescribeClusters
        );
        Add("DescribeDBClusterAttribute", false, [id, .. Texts("DescribeType")], call => Summary(Own(call), call.Now));
        Add(
            "DescribeDBClusterAuditLogCollector",
            false,
            [id],
            call => new JObject { ["CollectorStatus"] = Own(call).SqlLog.Enabled ? "Enable" : "Disabled" }
        );
        Add(
            "DescribePolarSQLCollectorPolicy",
            false,
            [id],
            call => new JObject
            {
                ["DBClusterId"] = Own(call).Id,
                ["SQLCollectorStatus"] = Own(call).SqlLog.Enabled ? "Enable" : "Disabled",
            }
        );
        Add("ModifyDBClusterAuditLogCollector", true, [id, RequiredText("CollectorStatus")], ModifyCollector);
        Add(
            "CreateDBCluster",
            true,
            [
                region,
                RequiredText("DBType"),
                RequiredText("DBVersion"),
                RequiredText("DBNodeClass"),
                RequiredText("PayType"),
                .. Texts("DBClusterDescription ZoneId VPCId VSwitchId ClientToken"),
                List("Tag"),
            ],
            Create
        );
        Add("DeleteDBCluster", true, [id], Delete);
        Add("RestartDBNode", true, [RequiredText("DBNodeId")], Restart);
        Add("ModifyDBClusterDescription", true, [id, RequiredText("DBClusterDescription")], Rename);
        Add(
            "TagResources",
            true,
            [.. ResourceTags.TagParameters],
            call => ResourceTags.Add(call, one => Own(call, one).Tags)
        );
        Add(
            "UntagResources",
            true,
            ResourceTags.UntagParameters,
            call => ResourceTags.Remove(call, one => Own(call, one).Tags)
        );
        Add("ListTagResources", false, ResourceTags.ListParameters, ListTags);

        void Add(string action, bool isWrite, IReadOnlyList<ApiParameter> parameters, Func<ApiCall, JObject> run) =>
            cloud.Api.Rpc("polardb", Version, action, parameters, OneCluster(action), isWrite, run);
    }

    private JObject DescribeClusters(ApiCall call)
    {
        Offered.Demand(call);
        // Source: polardb reference, section 4: these sizes only.
        if (call.Integer("PageSize") is { } size && size is not (30 or 50 or 100))
        {
            throw new CloudError(400, "InvalidPageSize.Malformed", "PageSize is 30, 50 or 100.");
        }
        var (tags, ids) = (ResourceTags.Of(call), call.List("DBClusterIds"));
        var rows = _clusters
            .Values.Where(c => c.Account == call.AccountId && c.Region == call.Region)
            .Where(c => ids.Count == 0 || ids.Contains(c.Id, StringComparer.Ordinal))
            .Where(c => Is(call, "DBType", c.Type) && Is(call, "DBVersion", c.Version))
            .Where(c => Is(call, "DBClusterStatus", c.Status.At(call.Now)) && ResourceTags.Match(c.Tags, tags))
            .OrderBy(c => c.CreatedAt)
            .ThenBy(c => c.Id, StringComparer.Ordinal)
            .ToList();
        var page = Pages.ByNumber(call, rows, 30, 100);
        return new JObject
        {
            ["Items"] = new JObject { ["DBCluster"] = page.Json(c => Summary(c, call.Now)) },
            ["PageNumber"] = page.Number,
            ["PageRecordCount"] = page.Rows.Count,
            ["TotalRecordCount"] = page.Total,
        };
    }

    private static JObject Summary(Cluster c, DateTimeOffset now) =>
        new()
        {
            ["DBClusterId"] = c.Id,
            ["DBClusterDescription"] = c.Name,
            ["RegionId"] = c.Region,
            ["ZoneId"] = $"{c.Region}-a",
            ["DBType"] = c.Type,
            ["DBVersion"] = c.Version,
            ["Engine"] = "POLARDB",
            ["Category"] = "Normal",
            ["DBClusterStatus"] = c.Status.At(now),
            ["PayType"] = "Postpaid",
            ["CreateTime"] = ResourceTags.Iso(c.CreatedAt),
            ["ResourceGroupId"] = "rg-default",
            ["VpcId"] = "",
            ["Tags"] = ResourceTags.Json(c.Tags),
            ["DBNodes"] = new JObject
            {
                ["DBNode"] = new JArray(
                    c.Nodes.Select(
                        (node, index) =>
                            new JObject
                            {
                                ["DBNodeId"] = node,
                                ["DBNodeRole"] = index == 0 ? "Writer" : "Reader",
                                ["RegionId"] = c.Region,
                                ["ZoneId"] = $"{c.Region}-a",
                            }
                    )
                ),
            },
        };

    // Written Disable, read back as Disabled. Source: polardb reference, section 6.
    private JObject ModifyCollector(ApiCall call)
    {
        var cluster = DemandRunning(Own(call), call.Now);
        cluster.SqlLog = call.Text("CollectorStatus") switch
        {
            "Enable" => cluster.SqlLog.Enabled ? cluster.SqlLog : SqlLog.On(call.Now),
            "Disable" or "Disabled" => SqlLog.Off,
            var other => throw new CloudError(
                400,
                "InvalidCollectorStatus.Malformed",
                $"CollectorStatus {other} is not Enable or Disable."
            ),
        };
        return [];
    }

    private JObject Create(ApiCall call)
    {
        Offered.Demand(call);
        var id = $"pc-{_cloud.NextHex(17)}";
        Make(
            new ScenarioResource
            {
                Product = "polardb",
                Account = call.AccountId,
                Region = call.Region,
                Id = id,
                Name = call.Optional("DBClusterDescription") ?? id,
                Tags = ResourceTags.Of(call),
                Properties = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["type"] = call.Text("DBType"),
                    ["version"] = call.Text("DBVersion"),
                },
            }
        )
            .Status.Become("Creating", "Running", call.Now + _cloud.Delays.Of(_creation));
        call.Touched.Add((ClusterType, id));
        return new JObject { ["DBClusterId"] = id, ["OrderId"] = "200000000000001" };
    }

    private JObject Delete(ApiCall call)
    {
        _clusters.Remove(DemandRunning(Own(call), call.Now).Id);
        return [];
    }

    private JObject Restart(ApiCall call)
    {
        var cluster =
            _clusters.Values.FirstOrDefault(c =>
                c.Account == call.AccountId && c.Nodes.Contains(call.Text("DBNodeId"), StringComparer.Ordinal)
            ) ?? throw new CloudError(404, "InvalidDBNodeId.NotFound", "The specified node does not exist.");
        DemandRunning(cluster, call.Now).Status.Become("Rebooting", "Running", call.Now + _cloud.Delays.Of(_restart));
        call.Touched.Add((ClusterType, cluster.Id));
        return [];
    }

    private JObject Rename(ApiCall call)
    {
        Own(call).Name = call.Text("DBClusterDescription");
        return [];
    }

    private JObject ListTags(ApiCall call)
    {
        Offered.Demand(call);
        return ResourceTags.List(
            call,
            "cluster",
            _clusters
                .Values.Where(c => c.Account == call.AccountId && c.Region == call.Region)
                .Select(c => (c.Id, (IReadOnlyDictionary<string, string>)c.Tags))
        );
    }

    private static Cluster DemandRunning(Cluster cluster, DateTimeOffset now) =>
        cluster.IsRunning(now)
            ? cluster
            : throw new CloudError(
                403,
                "OperationDenied.DBClusterStatus",
                "The operation is not permitted due to the status of the cluster."
            );

    private Cluster Own(ApiCall call) => Own(call, call.Text("DBClusterId"));

    private Cluster Own(ApiCall call, string id)
    {
        if (_clusters.GetValueOrDefault(id) is not { } cluster || cluster.Account != call.AccountId)
        {
            throw new CloudError(404, "InvalidDBClusterId.NotFound", $"The specified cluster {id} does not exist.");
        }
        if (call.Action.IsWrite && !call.Touched.Contains((ClusterType, id)))
        {
            call.Touched.Add((ClusterType, id));
        }
        return cluster;
    }

    private static bool Is(ApiCall call, string parameter, string value) =>
        call.Optional(parameter) is not { } wanted || string.Equals(wanted, value, StringComparison.Ordinal);

    private static IEnumerable<ApiParameter> Texts(string names) => names.Split(' ').Select(Text);
}
