using System.Globalization;

namespace LogAudit.LocalCloud.Products.Logs;

/// <summary>Access log lines of an API gateway.</summary>
/// <remarks>Fields: apigateway reference, section 8. The topic is not documented (assumed: none).</remarks>
internal static class ApiGatewayRecords
{
    /// <summary>One call of an API. The marker is its request id.</summary>
    public static LogRecord Access(
        string account,
        string region,
        string groupId,
        string groupName,
        DateTimeOffset at,
        string marker,
        Dice dice
    )
    {
        var status = dice.Of("200", "200", "200", "201", "403", "429", "500");
        return new LogRecord(
            "",
            at,
            [
                new("providerAliUid", account),
                new("region", region),
                new("apiGroupUid", groupId),
                new("apiGroupName", groupName),
                new("apiUid", dice.Hex(32)),
                new("apiName", dice.Of("getOrder", "listOrders", "createOrder", "cancelOrder")),
                new("apiStageUid", dice.Hex(8)),
                new("apiStageName", dice.Of("RELEASE", "RELEASE", "PRE", "TEST")),
                new("httpMethod", dice.Of("GET", "GET", "POST", "DELETE")),
                new("path", $"/order/{dice.Number(1, 999)}"),
                new("domain", "api.example.com"),
                new("statusCode", status),
                new("errorMessage", status is "403" ? "Unauthorized" : ""),
                new("appId", Text(dice.Number(110_001, 110_009))),
                new("appName", dice.Of("mobile", "web", "partner")),
                new("clientIp", dice.PublicIp()),
                new("exception", status is "500" ? "backend timeout" : ""),
                new("requestHandleTime", ResourceTags.Iso(at)),
                new("requestId", marker),
                new("requestSize", Text(dice.Number(100, 4000))),
                new("responseSize", Text(dice.Number(100, 40_000))),
                new("serviceLatency", Text(dice.Number(1, 900))),
            ],
            marker
        );
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
