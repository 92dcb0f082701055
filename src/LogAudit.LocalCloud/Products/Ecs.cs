using LogAudit.LocalCloud.Kernel;
using Newtonsoft.Json.Linq;
using static LogAudit.LocalCloud.Kernel.ApiParameter;

namespace LogAudit.LocalCloud.Products;

/// <summary>ECS, as far as instance families are concerned: some exclude flow logs for their whole VPC.</summary>
/// <remarks>Metadata of Ecs 2014-05-26.</remarks>
internal sealed class Ecs : IPart, IVpcInstances
{
    private const string Version = "2014-05-26";

    private readonly List<Instance> _instances = [];
    private Cloud _cloud = null!;

    public void Register(Cloud cloud)
    {
        _cloud = cloud;
        cloud.Services.Add<IVpcInstances>(this);
        cloud.Api.Hosts("Ecs", "ecs.aliyuncs.com", "ecs.{region}.aliyuncs.com", "ecs-{region}.aliyuncs.com");
        cloud.Api.Rpc(
            "Ecs",
            Version,
            "DescribeInstances",
            [
                RequiredText("RegionId"),
                .. "EipAddresses HpcClusterId ImageId InnerIpAddresses InstanceChargeType InstanceIds InstanceName InstanceNetworkType InstanceType InstanceTypeFamily InternetChargeType KeyPairName LockReason NextToken PrivateIpAddresses PublicIpAddresses RdmaIpAddresses ResourceGroupId SecurityGroupId Status VSwitchId VpcId ZoneId"
                    .Split(' ')
                    .Select(Text),
                Boolean("DryRun"),
                Boolean("IoOptimized"),
                Boolean("NeedSaleCycle"),
                Integer("MaxResults"),
                Integer("PageNumber"),
                Integer("PageSize"),
                List("Tag"),
                List("AdditionalAttributes"),
            ],
            new RamRule("ecs:DescribeInstances", call => $"acs:ecs:{call.Region}:{call.AccountId}:instance/*"),
            isWrite: false,
            DescribeInstances
        );
        cloud.Api.Rpc(
            "Ecs",
            Version,
            "DescribeRegions",
            [Text("AcceptLanguage"), Text("InstanceChargeType"), Text("ResourceType")],
            new RamRule("ecs:DescribeRegions"),
            isWrite: false,
            _ => Offered.Regions("Region", region => $"ecs.{region}.aliyuncs.com")
        );
    }

    public IReadOnlyList<(string Id, string Family)> In(string account, string region, string vpcId) =>
        [.. _instances.Where(i => i.IsIn(account, region, vpcId)).Select(i => (i.Id, i.Family))];

    public void Place(string account, string region, string vpcId, string family) =>
        _instances.Add(
            new Instance(account, region, vpcId, $"i-{_cloud.NextHex(20)}", family, _cloud.Clock.GetUtcNow())
        );

    public IReadOnlyList<string> Release(string account, string region, string vpcId, Func<string, bool> family)
    {
        var gone = _instances.Where(i => i.IsIn(account, region, vpcId) && family(i.Family)).ToList();
        _instances.RemoveAll(gone.Contains);
        return [.. gone.Select(i => i.Id)];
    }

    private JObject DescribeInstances(ApiCall call)
    {
        Offered.Demand(call);
        var rows = _instances
            .Where(i => i.Account == call.AccountId && i.Region == call.Region)
            .Where(i => call.Optional("VpcId") is not { } vpc || i.VpcId == vpc)
            .Where(i => call.Optional("InstanceTypeFamily") is not { } family || i.Family == family)
            .ToList();
        // With MaxResults or NextToken the newer paging is used, else page numbers.
        var byToken = call.Optional("MaxResults") is not null || call.Optional("NextToken") is not null;
        var page = byToken ? Pages.ByToken(call, rows, 10, 100) : Pages.ByNumber(call, rows, 10, 100);
        return new JObject
        {
            ["Instances"] = new JObject
            {
                ["Instance"] = page.Json(i => new JObject
                {
                    ["InstanceId"] = i.Id,
                    ["InstanceName"] = i.Id,
                    ["InstanceType"] = $"{i.Family}.large",
                    ["InstanceTypeFamily"] = i.Family,
                    ["RegionId"] = i.Region,
                    ["Status"] = "Running",
                    ["CreationTime"] = ResourceTags.Iso(i.CreatedAt),
                    ["VpcAttributes"] = new JObject { ["VpcId"] = i.VpcId, ["VSwitchId"] = "" },
                }),
            },
            ["TotalCount"] = page.Total,
            ["PageNumber"] = byToken ? 0 : page.Number,
            ["PageSize"] = byToken ? 0 : page.Size,
            ["NextToken"] = page.NextToken,
        };
    }

    private sealed record Instance(
        string Account,
        string Region,
        string VpcId,
        string Id,
        string Family,
        DateTimeOffset CreatedAt
    )
    {
        public bool IsIn(string account, string region, string vpcId) =>
            Account == account && Region == region && VpcId == vpcId;
    }
}
