using LogAudit.LocalCloud.Kernel;
using Newtonsoft.Json.Linq;
using static LogAudit.LocalCloud.Kernel.ApiParameter;

namespace LogAudit.LocalCloud.Products;

internal sealed partial class Bastionhost
{
    private const string Version = "2019-12-09";

    private static readonly string[] OwnHosts =
    [
        "cn-zhangjiakou",
        "cn-huhehaote",
        "cn-hongkong",
        "ap-northeast-1",
        "ap-southeast-1",
        "ap-southeast-3",
        "ap-southeast-5",
        "us-east-1",
        "us-west-1",
        "eu-west-1",
        "eu-central-1",
    ];

    private void RegisterApi(Cloud cloud)
    {
        cloud.Api.Hosts(Service, "yundun-bastionhost.aliyuncs.com", "bastionhost.{region}.aliyuncs.com");
        Read("DescribeRegions", [Text("AcceptLanguage")], _ => Regions());
        Read(
            "DescribeInstances",
            [
                List("InstanceId"),
                Text("InstanceStatus"),
                Text("ResourceGroupId"),
                Integer("PageNumber"),
                Integer("PageSize"),
                List("Tag"),
            ],
            DescribeInstances
        );
        Read(
            "DescribeInstanceAttribute",
            [RequiredText("InstanceId")],
            call => new JObject { ["InstanceAttribute"] = Row(Mine(call, call.Text("InstanceId")), call.Now) }
        );
        Read("ListTagResources", [.. ResourceTags.ListParameters, Text("ResourceGroupId")], ListTags);
        Write("TagResources", ResourceTags.TagParameters, call => ResourceTags.Add(call, id => Mine(call, id).Tags));

        void Read(string action, IReadOnlyList<ApiParameter> parameters, Func<ApiCall, JObject> run) =>
            cloud.Api.Rpc(Service, Version, action, parameters, Rule(action), isWrite: false, run);

        void Write(string action, IReadOnlyList<ApiParameter> parameters, Func<ApiCall, JObject> run) =>
            cloud.Api.Rpc(Service, Version, action, parameters, Rule(action), isWrite: true, run);

        static RamRule Rule(string action) => new($"yundun-bastionhost:{action}");
    }

    // Not wrapped, unlike the older products.
    private static JObject Regions() =>
        new()
        {
            ["Regions"] = new JArray(
                Offered
                    .Ids.Where(id => !Offered.IsLocal(id))
                    .Select(id => new JObject
                    {
                        ["RegionId"] = id,
                        ["LocalName"] = id,
                        ["RegionEndpoint"] = OwnHosts.Contains(id, StringComparer.Ordinal)
                            ? $"bastionhost.{id}.aliyuncs.com"
                            : "yundun-bastionhost.aliyuncs.com",
                    })
            ),
        };

    private JObject DescribeInstances(ApiCall call)
    {
        Offered.Demand(call);
        var ids = call.List("InstanceId");
        var filter = ResourceTags.Of(call);
        var rows = Mine(call)
            .Where(one => ids.Count == 0 || ids.Contains(one.Id, StringComparer.Ordinal))
            .Where(one => call.Optional("InstanceStatus") is not { } wanted || wanted == one.Status.At(call.Now))
            .Where(one => ResourceTags.Match(one.Tags, filter))
            .ToList();
        // The largest size is not documented (assumed: 100).
        var page = Pages.ByNumber(call, rows, 10, 100);
        return new JObject { ["TotalCount"] = page.Total, ["Instances"] = page.Json(one => Row(one, call.Now)) };
    }

    private JObject ListTags(ApiCall call)
    {
        Offered.Demand(call);
        return ResourceTags.List(
            call,
            "INSTANCE",
            Mine(call).Select(one => (one.Id, (IReadOnlyDictionary<string, string>)one.Tags))
        );
    }

    private static JObject Row(Instance instance, DateTimeOffset now) =>
        new()
        {
            ["InstanceId"] = instance.Id,
            ["RegionId"] = instance.Region,
            ["Description"] = instance.Description,
            ["InstanceStatus"] = instance.Status.At(now),
            ["ImageVersion"] = instance.IsLegacy ? "3.1.0" : "3.2.40",
            ["Legacy"] = instance.IsLegacy,
            ["PlanCode"] = "cloudbastion",
            ["LicenseCode"] = "bhah_ent_50_asset",
            ["ExpireTime"] = now.AddYears(1).ToUnixTimeMilliseconds(),
            ["VpcId"] = instance.VpcId,
            ["ResourceGroupId"] = "rg-default",
            ["PublicNetworkAccess"] = false,
        };

    private IEnumerable<Instance> Mine(ApiCall call) =>
        _instances
            .Values.Where(one => one.Account == call.AccountId && one.Region == call.Region)
            .OrderBy(one => one.Id, StringComparer.Ordinal);

    private Instance Mine(ApiCall call, string id) =>
        _instances.GetValueOrDefault(id) is { } found && found.Account == call.AccountId
            ? found
            // Source: the Terraform provider takes this code for "gone".
            : throw new CloudError(400, "Commodity.BizError.InvalidStatus", $"The instance {id} does not exist.");
}
