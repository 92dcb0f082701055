using LogAudit.LocalCloud.Kernel;
using Newtonsoft.Json.Linq;
using static LogAudit.LocalCloud.Kernel.ApiParameter;

namespace LogAudit.LocalCloud.Products;

/// <summary>What the actions do.</summary>
internal sealed partial class Alb
{
    private const string Version = "2020-06-16";

    // A second call with the token of an earlier one answers the same and does nothing.
    private readonly Dictionary<(string Account, string Token), string> _tokens = [];

    private void RegisterApi(Cloud cloud)
    {
        cloud.Api.Hosts("Alb", "alb.{region}.aliyuncs.com", "alb-vpc.{region}.aliyuncs.com");
        var id = RequiredText("LoadBalancerId");
        ApiParameter[] pages = [Integer("MaxResults"), Text("NextToken")];
        Add("DescribeRegions", [Text("AcceptLanguage")], "*", isWrite: false, _ => Regions());
        Add(
            "ListLoadBalancers",
            [
                .. pages,
                .. Texts(
                    "AddressIpVersion AddressType DNSName Ipv6AddressType LoadBalancerBussinessStatus LoadBalancerStatus PayType ResourceGroupId ZoneId"
                ),
                Array("LoadBalancerIds"),
                Array("LoadBalancerNames"),
                Array("Tag"),
                Array("VpcIds"),
            ],
            "*",
            isWrite: false,
            ListLoadBalancers
        );
        Add("GetLoadBalancerAttribute", [id], null, isWrite: false, call => Json(Own(call), call.Now));
        Add(
            "ListAsynJobs",
            [
                .. pages,
                .. Texts("ApiName ResourceType"),
                Long("BeginTime"),
                Long("EndTime"),
                Array("JobIds"),
                Array("ResourceIds"),
            ],
            "*",
            isWrite: false,
            ListJobs
        );
        ApiParameter[] switching = [id, Text("ClientToken"), Boolean("DryRun")];
        Add(
            "EnableLoadBalancerAccessLog",
            [.. switching, RequiredText("LogProject"), RequiredText("LogStore")],
            null,
            isWrite: true,
            Enable
        );
        Add("DisableLoadBalancerAccessLog", switching, null, isWrite: true, Disable);
        ApiParameter type = RequiredText("ResourceType"),
            ids = Array("ResourceId");
        Add("TagResources", [type, ids.Needed(), Array("Tag").Needed()], "*", isWrite: true, Tag);
        Add(
            "UnTagResources",
            [type, ids.Needed(), Array("Tag"), Array("TagKey"), Boolean("All")],
            "*",
            isWrite: true,
            Untag
        );
        Add("ListTagResources", [.. pages, type, ids, Array("Tag")], "*", isWrite: false, ListTags);

        // A null resource means the load balancer that the call names. Source: alb reference, section 6.
        void Add(
            string action,
            IReadOnlyList<ApiParameter> parameters,
            string? resource,
            bool isWrite,
            Func<ApiCall, JObject> run
        ) =>
            cloud.Api.Rpc(
                "Alb",
                Version,
                action,
                parameters,
                resource is null
                    ? new RamRule(
                        $"alb:{action}",
                        call => $"acs:alb:{call.Region}:{call.AccountId}:loadbalancer/{call.Text("LoadBalancerId")}"
                    )
                    : new RamRule($"alb:{action}"),
                isWrite,
                run
            );
    }

    // No wrapped list: this product answers plain arrays.
    private static JObject Regions() =>
        new()
        {
            ["Regions"] = new JArray(
                Offered.Ids.Select(id => new JObject
                {
                    ["RegionId"] = id,
                    ["LocalName"] = id,
                    ["RegionEndpoint"] = $"alb.{id}.aliyuncs.com",
                })
            ),
        };

    private JObject ListLoadBalancers(ApiCall call)
    {
        Offered.Demand(call);
        var ids = Few("LoadBalancerIds", 20);
        var names = Few("LoadBalancerNames", 10);
        var vpcs = Few("VpcIds", 10);
        var filter = ResourceTags.Of(call);
        var rows = Mine(call)
            .Where(b => Among(ids, b.Id) && Among(names, b.Name) && Among(vpcs, b.VpcId))
            .Where(b => Is("LoadBalancerStatus", b.Status.At(call.Now)) && Is("AddressType", b.AddressType))
            .Where(b => ResourceTags.Match(b.Tags, filter))
            .ToList();
        var page = Pages.ByToken(call, rows, 20, 100);
        return new JObject
        {
            ["LoadBalancers"] = page.Json(b => Json(b, call.Now)),
            ["MaxResults"] = page.Size,
            ["NextToken"] = page.NextToken,
            ["TotalCount"] = page.Total,
        };

        IReadOnlyList<string> Few(string name, int most) =>
            call.List(name) is var list && list.Count <= most
                ? list
                : throw new CloudError(400, "InvalidParameter", $"At most {most} {name} can be given.");

        static bool Among(IReadOnlyList<string> wanted, string value) =>
            wanted.Count == 0 || wanted.Contains(value, StringComparer.Ordinal);

        bool Is(string name, string value) =>
            call.Optional(name) is not { } wanted || string.Equals(wanted, value, StringComparison.Ordinal);
    }

    private static JObject Json(LoadBalancer b, DateTimeOffset now)
    {
        var json = new JObject
        {
            ["LoadBalancerId"] = b.Id,
            ["LoadBalancerName"] = b.Name,
            ["LoadBalancerStatus"] = b.Status.At(now),
            ["LoadBalancerBussinessStatus"] = "Normal",
            ["LoadBalancerEdition"] = "Standard",
            ["AddressType"] = b.AddressType,
            ["VpcId"] = b.VpcId,
            ["ResourceGroupId"] = "rg-default",
            ["CreateTime"] = ResourceTags.Iso(b.CreatedAt),
            ["LoadBalancerOperationLocks"] = new JArray(),
            ["Tags"] = ResourceTags.Json(b.Tags)["Tag"],
        };
        if (b.LogsTo.At(now) is { } place)
        {
            json["AccessLogConfig"] = new JObject { ["LogProject"] = place.Project, ["LogStore"] = place.Logstore };
        }
        return json;
    }

    private JObject Enable(ApiCall call)
    {
        var place = new LogPlace(call.Text("LogProject"), call.Text("LogStore"));
        return Switch(
            call,
            place,
            balancer =>
            {
                if (balancer.LogsTo.At(call.Now) is not null)
                {
                    throw new CloudError(400, "OperationDenied.AccessLogEnabled", "The access log is enabled already.");
                }
                // The project is a bare name: it is looked for in the account and region of the instance. Codes assumed.
                var storage = _cloud.Services.Get<ILogStorage>();
                if (
                    storage.FindProject(place.Project) is not { } project
                    || project.AccountId != call.AccountId
                    || project.Region != call.Region
                )
                {
                    throw new CloudError(404, "ResourceNotFound.LogProject", $"There is no project {place.Project}.");
                }
                if (!storage.LogstoreExists(place.Project, place.Logstore))
                {
                    throw new CloudError(404, "ResourceNotFound.LogStore", $"There is no Logstore {place.Logstore}.");
                }
            }
        );
    }

    private JObject Disable(ApiCall call)
    {
        var answer = Switch(
            call,
            null,
            balancer =>
                _ =
                    balancer.LogsTo.At(call.Now)
                    // Code assumed; the page names none.
                    ?? throw new CloudError(400, "OperationDenied.AccessLogDisabled", "The access log is not enabled.")
        );
        // Only enabling tells its job.
        answer.Remove("JobId");
        return answer;
    }

    /// <summary>Begins a job that brings the access log to a place, or switches it off.</summary>
    private JObject Switch(ApiCall call, LogPlace? to, Action<LoadBalancer> check)
    {
        var balancer = Own(call);
        var token = (call.AccountId, call.Optional("ClientToken") ?? "");
        if (token.Item2.Length > 0 && _tokens.TryGetValue(token, out var known))
        {
            return new JObject { ["JobId"] = known };
        }
        if (balancer.Status.At(call.Now) is not ("Active" or "Inactive"))
        {
            throw new CloudError(400, "IncorrectStatus.LoadBalancer", "The status of the load balancer forbids this.");
        }
        check(balancer);
        if (call.Boolean("DryRun") is true)
        {
            throw new CloudError(400, "DryRunOperation", "The dry run succeeded.");
        }
        var ends = call.Now + _cloud.Delays.Of(_job);
        var job = new Job(
            call.AccountId,
            call.Region,
            $"{_cloud.NextHex(32)}",
            call.Action.Name,
            balancer.Id,
            call.Now,
            ends
        );
        balancer.LogsTo.Become(balancer.LogsTo.At(call.Now), to, ends);
        balancer.Status.Become("Configuring", balancer.Status.At(call.Now), ends);
        _jobs.Add(job.Id, job);
        if (token.Item2.Length > 0)
        {
            _tokens[token] = job.Id;
        }
        call.Touched.Add((ResourceType, balancer.Id));
        return new JObject { ["JobId"] = job.Id };
    }

    private JObject ListJobs(ApiCall call)
    {
        Offered.Demand(call);
        var ids = call.List("JobIds");
        var resources = call.List("ResourceIds");
        var rows = _jobs
            .Values.Where(job => job.Account == call.AccountId && job.Region == call.Region)
            .Where(job => ids.Count == 0 || ids.Contains(job.Id, StringComparer.Ordinal))
            .Where(job => resources.Count == 0 || resources.Contains(job.ResourceId, StringComparer.Ordinal))
            .Where(job => call.Optional("ApiName") is not { } api || job.Api == api)
            .Where(job => call.Optional("ResourceType") is null or "loadbalancer")
            .Where(job => call.Long("BeginTime") is not { } from || job.Begun.ToUnixTimeMilliseconds() >= from)
            .Where(job => call.Long("EndTime") is not { } to || job.Begun.ToUnixTimeMilliseconds() <= to)
            .ToList();
        var page = Pages.ByToken(call, rows, 20, 100);
        return new JObject
        {
            ["Jobs"] = page.Json(job => new JObject
            {
                ["Id"] = job.Id,
                ["ApiName"] = job.Api,
                ["ResourceId"] = job.ResourceId,
                ["ResourceType"] = "loadbalancer",
                ["Status"] = call.Now >= job.Ends ? "Succeeded" : "Processing",
                ["ErrorCode"] = "",
                ["ErrorMessage"] = "",
            }),
            ["MaxResults"] = page.Size,
            ["NextToken"] = page.NextToken,
            ["TotalCount"] = page.Total,
        };
    }

    private JObject Tag(ApiCall call) => ResourceTags.Add(call, one => Own(call, one).Tags);

    private JObject Untag(ApiCall call) => ResourceTags.Remove(call, one => Own(call, one).Tags);

    private JObject ListTags(ApiCall call)
    {
        Offered.Demand(call);
        var answer = ResourceTags.List(
            call,
            "loadbalancer",
            Mine(call).Select(b => (b.Id, (IReadOnlyDictionary<string, string>)b.Tags))
        );
        answer["TagResources"] = answer["TagResources"]!["TagResource"];
        return answer;
    }

    private IEnumerable<LoadBalancer> Mine(ApiCall call) =>
        _balancers
            .Values.Where(b => b.Account == call.AccountId && b.Region == call.Region)
            .OrderBy(b => b.Id, StringComparer.Ordinal);

    private LoadBalancer Own(ApiCall call) => Own(call, call.Text("LoadBalancerId"));

    private LoadBalancer Own(ApiCall call, string id) =>
        Mine(call).FirstOrDefault(b => b.Id == id)
        ?? throw new CloudError(404, "ResourceNotFound.LoadBalancer", $"The load balancer {id} does not exist.");

    private static IEnumerable<ApiParameter> Texts(string names) => names.Split(' ').Select(Text);
}
