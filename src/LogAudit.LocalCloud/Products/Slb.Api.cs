using System.Text.RegularExpressions;
using LogAudit.LocalCloud.Kernel;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using static LogAudit.LocalCloud.Kernel.ApiParameter;

namespace LogAudit.LocalCloud.Products;

internal sealed partial class Slb
{
    private const string Version = "2014-05-15";

    private static RamRule OneBalancer(string action) =>
        new($"slb:{action}", call => $"acs:slb:{call.Region}:{call.AccountId}:loadbalancer/{IdOf(call) ?? "*"}");

    /// <summary>The load balancer that a call names, if need be in its rules.</summary>
    private static string? IdOf(ApiCall call) =>
        call.Optional("LoadBalancerId")
        ?? (
            IdInRules().Match(call.Optional("LogsDownloadAttributes") ?? "") is { Success: true } found
                ? found.Groups["id"].Value
                : null
        );

    [GeneratedRegex(
        "\"LoadBalancerId\"\\s*:\\s*\"(?<id>[^\"]+)\"",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex IdInRules();

    private void RegisterApi(Cloud cloud)
    {
        // Some regions share the central host; then RegionId decides. Source: slb reference, section 1.
        cloud.Api.Hosts("Slb", "slb.aliyuncs.com", "slb.{region}.aliyuncs.com", "slb-vpc.{region}.aliyuncs.com");
        ApiParameter region = RequiredText("RegionId"),
            id = RequiredText("LoadBalancerId"),
            port = Integer("ListenerPort").Needed();
        Read(
            "DescribeRegions",
            [Text("AcceptLanguage")],
            "*",
            _ => Offered.Regions("Region", r => $"slb.{r}.aliyuncs.com")
        );
        Read(
            "DescribeLoadBalancers",
            [
                region,
                .. Texts(
                    "Address AddressIPVersion AddressType InternetChargeType LoadBalancerId LoadBalancerName LoadBalancerStatus MasterZoneId NetworkType PayType ResourceGroupId ServerId ServerIntranetAddress SlaveZoneId Tags VSwitchId VpcId"
                ),
                Integer("PageNumber"),
                Integer("PageSize"),
                List("Tag"),
            ],
            "*",
            DescribeLoadBalancers
        );
        Read("DescribeLoadBalancerAttribute", [id], null, call => AttributeOf(Balancer(call)));
        Read(
            "DescribeLoadBalancerListeners",
            [
                .. Texts("Description ListenerProtocol NextToken"),
                Integer("ListenerPort"),
                Integer("MaxResults"),
                List("LoadBalancerId"),
                List("Tag"),
            ],
            "*",
            DescribeListeners
        );
        Read(
            "DescribeAccessLogsDownloadAttribute",
            [region, .. Texts("LoadBalancerId LogType Tags"), Integer("PageNumber"), Integer("PageSize")],
            "*",
            DescribeAttributes
        );
        Read("ListTagResources", ResourceTags.ListParameters, "*", ListTags);
        ApiParameter[] attributes =
        [
            region,
            Text("LoadBalancerId"),
            RequiredText("LogsDownloadAttributes"),
            Text("Tags"),
        ];
        Write("SetAccessLogsDownloadAttribute", attributes, SetAttributes);
        Write("DeleteAccessLogsDownloadAttribute", attributes, DeleteAttributes);
        Write(
            "CreateLoadBalancer",
            [
                region,
                .. Texts(
                    "AddressIPVersion AddressType ClientToken InternetChargeType LoadBalancerName LoadBalancerSpec MasterZoneId PayType ResourceGroupId SlaveZoneId VSwitchId VpcId"
                ),
                Integer("Bandwidth"),
                List("Tag"),
            ],
            Create
        );
        Write("DeleteLoadBalancer", [id], Delete);
        Write("SetLoadBalancerStatus", [id, RequiredText("LoadBalancerStatus")], SetStatus);
        Write("SetLoadBalancerName", [id, RequiredText("LoadBalancerName")], SetName);
        foreach (var protocol in (string[])["HTTP", "HTTPS", "TCP", "UDP"])
        {
            Write(
                $"CreateLoadBalancer{protocol}Listener",
                [
                    id,
                    port,
                    Integer("Bandwidth"),
                    Integer("BackendServerPort"),
                    .. Texts("StickySession HealthCheck ServerCertificateId Description Scheduler VServerGroupId"),
                ],
                call => CreateListener(call, protocol.ToLowerInvariant())
            );
        }
        Write(
            "StartLoadBalancerListener",
            [id, port, Text("ListenerProtocol")],
            call => SetRunning(call, running: true)
        );
        Write(
            "StopLoadBalancerListener",
            [id, port, Text("ListenerProtocol")],
            call => SetRunning(call, running: false)
        );
        Write("DeleteLoadBalancerListener", [id, port, Text("ListenerProtocol")], DeleteListener);
        Write("TagResources", ResourceTags.TagParameters, call => ResourceTags.Add(call, one => TagsOf(call, one)));
        Write(
            "UntagResources",
            ResourceTags.UntagParameters,
            call => ResourceTags.Remove(call, one => TagsOf(call, one))
        );

        // A null resource means the load balancer that the call names.
        void Read(
            string action,
            IReadOnlyList<ApiParameter> parameters,
            string? resource,
            Func<ApiCall, JObject> run
        ) =>
            cloud.Api.Rpc(
                "Slb",
                Version,
                action,
                parameters,
                resource is null ? OneBalancer(action) : new RamRule($"slb:{action}"),
                isWrite: false,
                run
            );

        void Write(string action, IReadOnlyList<ApiParameter> parameters, Func<ApiCall, JObject> run) =>
            cloud.Api.Rpc("Slb", Version, action, parameters, OneBalancer(action), isWrite: true, run);
    }

    private JObject DescribeLoadBalancers(ApiCall call)
    {
        Offered.Demand(call);
        var ids = call.Optional("LoadBalancerId")?.Split(',');
        var filter = ResourceTags.Of(call);
        var rows = Mine(call)
            .Where(b => ids is null || ids.Contains(b.Id, StringComparer.Ordinal))
            .Where(b => Is(call, "LoadBalancerStatus", b.Status) && Is(call, "NetworkType", b.NetworkType))
            .Where(b => Is(call, "VpcId", b.VpcId) && Is(call, "AddressType", b.AddressType))
            .Where(b => Is(call, "LoadBalancerName", b.Name) && ResourceTags.Match(b.Tags, filter))
            .ToList();
        if (call.Optional("PageSize") is not null && call.Optional("PageNumber") is null)
        {
            throw new CloudError(400, "MissingParameter", "PageNumber is mandatory when PageSize is given.");
        }
        // The size without PageSize is not documented (assumed: 10).
        var page = Pages.ByNumber(call, rows, 10, 100);
        return new JObject
        {
            ["LoadBalancers"] = new JObject { ["LoadBalancer"] = page.Json(Summary) },
            ["PageNumber"] = page.Number,
            ["PageSize"] = page.Size,
            ["TotalCount"] = page.Total,
        };
    }

    private static JObject Summary(LoadBalancer b) =>
        new()
        {
            ["LoadBalancerId"] = b.Id,
            ["LoadBalancerName"] = b.Name,
            ["LoadBalancerStatus"] = b.Status,
            ["RegionId"] = b.Region,
            ["RegionIdAlias"] = b.Region,
            ["AddressType"] = b.AddressType,
            ["NetworkType"] = b.NetworkType,
            ["VpcId"] = b.VpcId,
            ["VSwitchId"] = "",
            ["LoadBalancerSpec"] = "slb.s2.small",
            ["ResourceGroupId"] = "rg-default",
            ["CreateTime"] = ResourceTags.Iso(b.CreatedAt),
            ["Tags"] = ResourceTags.Json(b.Tags, "TagKey", "TagValue"),
        };

    private static JObject AttributeOf(LoadBalancer b)
    {
        var all = Summary(b);
        all["ListenerPortsAndProtocol"] = new JObject
        {
            ["ListenerPortAndProtocol"] = new JArray(
                b.Listeners.Select(l => new JObject
                {
                    ["ListenerPort"] = l.Key,
                    ["ListenerProtocol"] = l.Value.Protocol,
                })
            ),
        };
        return all;
    }

    private JObject DescribeListeners(ApiCall call)
    {
        Offered.Demand(call);
        var ids = call.List("LoadBalancerId");
        if (ids.Count > 10)
        {
            throw new CloudError(400, "InvalidParameter", "At most 10 LoadBalancerId can be given.");
        }
        var rows = Mine(call)
            .Where(b => ids.Count == 0 || ids.Contains(b.Id, StringComparer.Ordinal))
            .SelectMany(b => b.Listeners.Select(l => (Balancer: b, Port: l.Key, Listener: l.Value)))
            .Where(row => Is(call, "ListenerProtocol", row.Listener.Protocol))
            .Where(row => call.Integer("ListenerPort") is not { } port || port == row.Port)
            .ToList();
        var page = Pages.ByToken(call, rows, 20, 100);
        return new JObject
        {
            ["Listeners"] = page.Json(row => new JObject
            {
                ["LoadBalancerId"] = row.Balancer.Id,
                ["ListenerPort"] = row.Port,
                ["ListenerProtocol"] = row.Listener.Protocol,
                ["Status"] = row.Listener.Running ? "running" : "stopped",
            }),
            ["MaxResults"] = page.Size,
            ["NextToken"] = page.NextToken,
            ["TotalCount"] = page.Total,
        };
    }

    private JObject Create(ApiCall call)
    {
        Offered.Demand(call);
        var id = $"lb-{_cloud.NextHex(18)}";
        var balancer = Make(
            call.AccountId,
            call.Region,
            id,
            call.Optional("LoadBalancerName") ?? id,
            call.Optional("AddressType") ?? "internet",
            call.Optional("VpcId") is null && call.Optional("VSwitchId") is null ? "classic" : "vpc"
        );
        foreach (var (key, value) in ResourceTags.Of(call))
        {
            balancer.Tags[key] = value;
        }
        call.Touched.Add((ResourceType, id));
        return new JObject
        {
            ["LoadBalancerId"] = id,
            ["LoadBalancerName"] = balancer.Name,
            ["NetworkType"] = balancer.NetworkType,
            ["VpcId"] = balancer.VpcId,
            ["AddressIPVersion"] = "ipv4",
            ["OrderId"] = 0,
        };
    }

    private JObject Delete(ApiCall call)
    {
        _balancers.Remove(Balancer(call).Id);
        return [];
    }

    private JObject SetStatus(ApiCall call)
    {
        Balancer(call).Status = call.Text("LoadBalancerStatus") is "active" or "inactive"
            ? call.Text("LoadBalancerStatus")
            : throw new CloudError(400, "InvalidParameter", "LoadBalancerStatus is active or inactive.");
        return [];
    }

    private JObject SetName(ApiCall call)
    {
        Balancer(call).Name = call.Text("LoadBalancerName");
        return [];
    }

    private JObject CreateListener(ApiCall call, string protocol)
    {
        var port = call.Integer("ListenerPort", 0, 1, 65535);
        return Balancer(call).Listeners.TryAdd(port, new Listener(protocol))
            ? []
            : throw new CloudError(400, "ListenerAlreadyExists", "The specified port is being used.");
    }

    private JObject SetRunning(ApiCall call, bool running)
    {
        ListenerOf(call).Running = running;
        return [];
    }

    private JObject DeleteListener(ApiCall call)
    {
        _ = ListenerOf(call);
        Balancer(call).Listeners.Remove(call.Integer("ListenerPort")!.Value);
        return [];
    }

    private Listener ListenerOf(ApiCall call) =>
        Balancer(call).Listeners.GetValueOrDefault(call.Integer("ListenerPort")!.Value)
        ?? throw new CloudError(404, "InvalidParameter.ListenerNotFound", "The specified listener does not exist.");

    private JObject ListTags(ApiCall call)
    {
        Offered.Demand(call);
        return ResourceTags.List(
            call,
            "instance",
            Mine(call).Select(b => (b.Id, (IReadOnlyDictionary<string, string>)b.Tags))
        );
    }

    private Dictionary<string, string> TagsOf(ApiCall call, string id) => Balancer(call, id).Tags;

    /// <summary>The load balancer that the call names.</summary>
    private LoadBalancer Balancer(ApiCall call) => Balancer(call, call.Text("LoadBalancerId"));

    private LoadBalancer Balancer(ApiCall call, string id)
    {
        // Without RegionId on the central host, the id alone decides.
        if (
            _balancers.GetValueOrDefault(id) is { } found
            && found.Account == call.AccountId
            && (call.Region.Length == 0 || found.Region == call.Region)
        )
        {
            if (call.Action.IsWrite && !call.Touched.Contains((ResourceType, id)))
            {
                call.Touched.Add((ResourceType, id));
            }
            return found;
        }
        throw new CloudError(
            404,
            "InvalidLoadBalancerId.NotFound",
            $"The specified LoadBalancerId {id} does not exist."
        );
    }

    private IEnumerable<LoadBalancer> Mine(ApiCall call) =>
        _balancers
            .Values.Where(b => b.Account == call.AccountId && b.Region == call.Region)
            .OrderBy(b => b.CreatedAt)
            .ThenBy(b => b.Id, StringComparer.Ordinal);

    private static bool Is(ApiCall call, string parameter, string value) =>
        call.Optional(parameter) is not { } wanted || string.Equals(wanted, value, StringComparison.Ordinal);

    private static IEnumerable<ApiParameter> Texts(string names) => names.Split(' ').Select(Text);
}
