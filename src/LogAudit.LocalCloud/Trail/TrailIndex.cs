using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Trail;

/// <summary>The index that ActionTrail makes for its Logstore: full text and the common fields of the event.</summary>
internal static class TrailIndex
{
    private static readonly string[] Fields =
    [
        "acsRegion",
        "errorCode",
        "errorMessage",
        "eventId",
        "eventName",
        "eventRW",
        "eventSource",
        "eventType",
        "recipientAccountId",
        "requestId",
        "resourceName",
        "resourceType",
        "serviceName",
        "sourceIpAddress",
        "userAgent",
        "userIdentity.accessKeyId",
        "userIdentity.accountId",
        "userIdentity.principalId",
        "userIdentity.type",
        "userIdentity.userName",
    ];

    public static JObject Body() =>
        new()
        {
            ["line"] = new JObject
            {
                ["token"] = Tokens(),
                ["caseSensitive"] = false,
                ["chn"] = false,
            },
            ["keys"] = new JObject
            {
                ["__topic__"] = Text(),
                ["event"] = new JObject
                {
                    ["type"] = "json",
                    ["token"] = Tokens(),
                    ["caseSensitive"] = false,
                    ["doc_value"] = true,
                    ["index_all"] = true,
                    ["max_depth"] = -1,
                    ["json_keys"] = new JObject(
                        Fields.Select(field => new JProperty(
                            field,
                            new JObject { ["type"] = "text", ["doc_value"] = true }
                        ))
                    ),
                },
            },
        };

    private static JObject Text() =>
        new()
        {
            ["type"] = "text",
            ["token"] = Tokens(),
            ["caseSensitive"] = false,
            ["doc_value"] = true,
        };

    private static JArray Tokens() => new(", '\";=()[]{}?@&<>/:\n\t\r".Distinct().Select(letter => letter.ToString()));
}
