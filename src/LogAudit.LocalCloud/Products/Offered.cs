using LogAudit.LocalCloud.Kernel;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Products;

/// <summary>Regions in which LocalCloud offers its products.</summary>
internal static class Offered
{
    /// <summary>The regions; a scenario may use all of them.</summary>
    /// <remarks>The union of section 3 of the product references; whether a log is offered there: <see cref="LacksLogs"/>.</remarks>
    public static readonly IReadOnlyList<string> Ids =
    [
        "cn-hangzhou",
        "cn-shanghai",
        "cn-qingdao",
        "cn-beijing",
        "cn-zhangjiakou",
        "cn-huhehaote",
        "cn-wulanchabu",
        "cn-shenzhen",
        "cn-heyuan",
        "cn-guangzhou",
        "cn-chengdu",
        "cn-nanjing",
        "cn-hongkong",
        "ap-southeast-1",
        "ap-southeast-3",
        "ap-southeast-5",
        "ap-southeast-6",
        "ap-southeast-7",
        "ap-northeast-1",
        "ap-northeast-2",
        "us-west-1",
        "us-east-1",
        "me-east-1",
        "me-central-1",
        "eu-central-1",
        "eu-west-1",
    ];

    /// <summary>Whether a region is a local one, in which the logs of no product here are collected.</summary>
    /// <remarks>Source: section 3 of the slb, vpc, rds and oss references: their lists lack it.</remarks>
    public static bool IsLocal(string region) => region is "cn-nanjing";

    /// <summary>Whether a product is on sale in a region and its logs are not collected there.</summary>
    /// <remarks>Source: section 3 of the slb, alb, apigateway, drds, nas and vpc references; the other products lack only the local regions.</remarks>
    public static bool LacksLogs(string product, string region) =>
        IsLocal(region)
        || product switch
        {
            "slb" => region is "ap-southeast-7" or "ap-northeast-2" or "me-central-1",
            "alb" => region
                is "cn-huhehaote"
                    or "cn-heyuan"
                    or "ap-southeast-6"
                    or "ap-southeast-7"
                    or "ap-northeast-2"
                    or "me-east-1"
                    or "me-central-1"
                    or "eu-west-1",
            "apigateway" => region is "ap-northeast-2",
            "drds" => region
                is not (
                    "cn-qingdao"
                    or "cn-shenzhen"
                    or "cn-shanghai"
                    or "cn-beijing"
                    or "cn-hangzhou"
                    or "cn-zhangjiakou"
                    or "cn-chengdu"
                    or "cn-hongkong"
                ),
            "nas" => region is "cn-qingdao",
            "vpc" => region is "ap-southeast-6" or "ap-southeast-7" or "ap-northeast-2" or "me-central-1",
            _ => false,
        };

    /// <summary>Answer of <c>DescribeRegions</c>.</summary>
    /// <param name="row">Name of a row in the wrapped list: <c>Region</c>, <c>RDSRegion</c>.</param>
    /// <param name="endpoint">Host of the product in a region.</param>
    public static JObject Regions(string row, Func<string, string> endpoint) =>
        new()
        {
            ["Regions"] = new JObject
            {
                [row] = new JArray(
                    Ids.Select(id => new JObject
                    {
                        ["RegionId"] = id,
                        ["LocalName"] = id,
                        ["RegionEndpoint"] = endpoint(id),
                    })
                ),
            },
        };

    /// <summary>Refuses a call without region or with one that does not exist.</summary>
    /// <exception cref="CloudError">400 or 404 in the words of the RPC products.</exception>
    public static void Demand(ApiCall call)
    {
        if (call.Region.Length == 0)
        {
            throw new CloudError(400, "MissingRegionId", "RegionId is mandatory for this action.");
        }
        if (!Ids.Contains(call.Region, StringComparer.Ordinal))
        {
            throw new CloudError(
                404,
                "InvalidRegionId.NotFound",
                $"The specified RegionId {call.Region} does not exist."
            );
        }
    }
}
