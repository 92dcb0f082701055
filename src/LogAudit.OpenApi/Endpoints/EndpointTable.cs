using System.Collections.Frozen;

namespace LogAudit.OpenApi;

/// <summary>Which host answers for a product in a region.</summary>
/// <remarks>Source: endpoint tables of the official SDKs and of the Terraform provider, metadata <c>products.json</c>. Every host can be replaced by <see cref="OpenApiOptions.Hosts"/>.</remarks>
internal sealed class EndpointTable(OpenApiOptions options)
{
    // Old regions share one host and tell the region by the parameter RegionId.
    private static readonly FrozenSet<string> SlbCentral = Set(
        "cn-qingdao cn-beijing cn-hangzhou cn-shanghai cn-shenzhen cn-hongkong ap-southeast-1 us-east-1 us-west-1 "
            + "cn-hangzhou-finance cn-shanghai-finance-1 cn-shenzhen-finance-1 cn-north-2-gov-1"
    );

    private static readonly FrozenSet<string> RdsCentral = Set(
        "cn-qingdao cn-beijing cn-hangzhou cn-shanghai cn-shenzhen cn-heyuan cn-hongkong ap-southeast-1 us-west-1 us-east-1"
    );

    private static readonly FrozenSet<string> PolardbCentral = Set(
        "cn-hangzhou cn-shanghai cn-beijing cn-qingdao cn-heyuan cn-wulanchabu cn-hangzhou-finance"
    );

    private static readonly FrozenSet<string> VpcCentral = Set(
        "cn-hangzhou cn-hangzhou-finance cn-shanghai-finance-1 cn-shenzhen-finance-1 cn-north-2-gov-1"
    );

    // Regions with a host of their own; the rest share one. Source: github alibabacloud-go/yundun-bastionhost-20191209.
    private static readonly FrozenSet<string> BastionhostOwn = Set(
        "cn-zhangjiakou cn-huhehaote cn-hongkong ap-northeast-1 ap-southeast-1 ap-southeast-3 ap-southeast-5 us-east-1 "
            + "us-west-1 eu-west-1 eu-central-1"
    );

    private static readonly FrozenSet<string> DrdsAbroad = Set(
        "ap-northeast-1 ap-south-1 ap-southeast-2 ap-southeast-3 ap-southeast-5 eu-central-1 eu-west-1 me-east-1 us-west-1"
    );

    private static readonly FrozenSet<string> ActionTrailCentral = Set(
        "cn-hangzhou-finance cn-shenzhen-finance-1 cn-beijing-finance-1"
    );

    /// <summary>Host for a call of <paramref name="product"/> about <paramref name="region"/>.</summary>
    /// <exception cref="InvalidOperationException">The product is not in the table and no host is set for it.</exception>
    public string HostFor(ApiProduct product, RegionId region)
    {
        if (options.Hosts.TryGetValue(product.Code, out var own))
        {
            return own.Replace("{region}", region.Value, StringComparison.Ordinal);
        }

        var abroad = options.Site == Site.International;
        return product.Code switch
        {
            "Sts" => $"sts.{region}.aliyuncs.com",
            "Ram" => "ram.aliyuncs.com",
            "ResourceDirectoryMaster" => abroad
                ? "resourcedirectory-intl.aliyuncs.com"
                : "resourcedirectory.aliyuncs.com",
            "ResourceCenter" => abroad ? "resourcecenter-intl.aliyuncs.com" : "resourcecenter.aliyuncs.com",
            "Actiontrail" => Either(ActionTrailCentral, "actiontrail", region),
            "Slb" => Either(SlbCentral, "slb", region),
            "Alb" => $"alb.{region}.aliyuncs.com",
            "Rds" => Either(RdsCentral, "rds", region),
            "polardb" => Either(PolardbCentral, "polardb", region),
            "Vpc" => Either(VpcCentral, "vpc", region),
            "Ecs" => region.Value switch
            {
                "cn-hangzhou" or "us-west-1" => "ecs-cn-hangzhou.aliyuncs.com",
                "us-east-1" => "ecs.aliyuncs.com",
                _ => $"ecs.{region}.aliyuncs.com",
            },
            // One host for every region; the region of the instance is not said at all.
            "DAS" => "das.cn-shanghai.aliyuncs.com",
            // Two sites, not regions: where the instance was bought. Source: WAF, Cloud Firewall and Anti-DDoS in products.json.
            "waf-openapi" or "waf-openapi-2.0" => $"wafopenapi.{SiteOf(region)}.aliyuncs.com",
            "ddoscoo" => $"ddoscoo.{SiteOf(region)}.aliyuncs.com",
            "Cloudfw" => SiteOf(region) is Mainland ? "cloudfw.aliyuncs.com" : "cloudfw.ap-southeast-1.aliyuncs.com",
            "ddosbgp" => region.Value switch
            {
                "cn-hongkong" or "us-west-1" or "us-east-1" => $"ddosbgp.{region}.aliyuncs.com",
                _ => SiteOf(region) is Mainland ? "ddosbgp.aliyuncs.com" : "ddosbgp.ap-southeast-1.aliyuncs.com",
            },
            // Here the mainland's site serves cn-hongkong too.
            "Sas" => region.Value.StartsWith("cn-", StringComparison.Ordinal)
                ? "tds.cn-shanghai.aliyuncs.com"
                : "tds.ap-southeast-1.aliyuncs.com",
            // One place for all regions of an account. Source: github alibabacloud-go/config-20200907, the endpoint table.
            "Config" => abroad ? "config.ap-southeast-1.aliyuncs.com" : "config.cn-shanghai.aliyuncs.com",
            "Yundun-bastionhost" => BastionhostOwn.Contains(region.Value)
                ? $"bastionhost.{region}.aliyuncs.com"
                : "yundun-bastionhost.aliyuncs.com",
            // Neither has regions.
            "Alidns" => "alidns.aliyuncs.com",
            "pvtz" => "pvtz.aliyuncs.com",
            "CS" => $"cs.{region}.aliyuncs.com",
            "Kms" => $"kms.{region}.aliyuncs.com",
            "NAS" => $"nas.{region}.aliyuncs.com",
            "CloudAPI" => $"apigateway.{region}.aliyuncs.com",
            // Source: endpoint rule of the official SDK, drds-20190123.
            "Drds" => region.Value is "cn-chengdu" ? "drds.aliyuncs.com"
            : DrdsAbroad.Contains(region.Value) ? "drds.ap-southeast-1.aliyuncs.com"
            : $"drds.{region}.aliyuncs.com",
            "eventbridge" => $"eventbridge-console.{region}.aliyuncs.com",
            "FC" => $"fcv3.{region}.aliyuncs.com",
            "Oss" => $"oss-{region}.aliyuncs.com",
            _ => throw new InvalidOperationException(
                $"No host is known for the product {product.Code}. Set one for it in the endpoint settings, for example {product.Code}: example.{{region}}.aliyuncs.com."
            ),
        };
    }

    private const string Mainland = "cn-hangzhou";

    // Hong Kong belongs to the site outside the mainland.
    private static string SiteOf(RegionId region) =>
        region.Value.StartsWith("cn-", StringComparison.Ordinal) && region.Value is not "cn-hongkong"
            ? Mainland
            : "ap-southeast-1";

    private static string Either(FrozenSet<string> central, string name, RegionId region) =>
        central.Contains(region.Value) ? $"{name}.aliyuncs.com" : $"{name}.{region}.aliyuncs.com";

    private static FrozenSet<string> Set(string regions) =>
        regions.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);
}
