namespace LogAudit.LocalCloud.Scenario;

/// <summary>The words that a scenario may use, by product.</summary>
internal static class ScenarioWords
{
    /// <summary>Regions of the play: those that all five products offer.</summary>
    /// <remarks>Source: section 3 of each product reference; cn-chengdu is missing from the list of the trail.</remarks>
    public static readonly IReadOnlyList<string> Regions =
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
        "ap-northeast-1",
        "us-west-1",
        "us-east-1",
        "me-east-1",
        "eu-central-1",
        "eu-west-1",
    ];

    /// <summary>What can be done to a resource in the timeline.</summary>
    public static readonly IReadOnlyList<string> Verbs =
    [
        "create",
        "delete",
        "tag",
        "untag",
        "switchOff",
        "start",
        "stop",
        "releaseInstances",
    ];

    /// <summary>Kinds of faults that LocalCloud can make.</summary>
    public static readonly IReadOnlyList<string> Faults =
    [
        "Throttle",
        "ServerError",
        "Delay",
        "Timeout",
        "CutBefore",
        "LostAnswer",
        "Malformed",
        "Deny",
        "DuplicateEvent",
        "LateEvent",
    ];

    /// <summary>Products, with the head of their ids and their properties.</summary>
    public static readonly IReadOnlyDictionary<string, ProductWords> Products = new Dictionary<string, ProductWords>(
        StringComparer.Ordinal
    )
    {
        ["slb"] = new(
            "lb-",
            new Dictionary<string, string[]>(StringComparer.Ordinal)
            {
                ["listener"] = ["http", "https", "tcp", "none"],
                ["status"] = ["active", "inactive", "locked"],
                ["network"] = ["vpc", "classic"],
                ["address"] = ["internet", "intranet"],
            }
        ),
        ["vpc"] = new(
            "vpc-",
            new Dictionary<string, string[]>(StringComparer.Ordinal) { ["families"] = [], ["availableAfter"] = [] }
        ),
        ["rds"] = new(
            "rm-",
            new Dictionary<string, string[]>(StringComparer.Ordinal)
            {
                ["engine"] = ["MySQL", "PostgreSQL", "SQLServer", "MariaDB"],
                ["version"] = [],
                ["category"] = ["HighAvailability", "Basic", "cluster", "serverless_basic"],
                ["type"] = ["Primary", "Readonly"],
                ["status"] = ["Running", "Stopped", "Creating"],
                ["runningAfter"] = [],
            }
        ),
        ["oss"] = new(
            "",
            new Dictionary<string, string[]>(StringComparer.Ordinal)
            {
                ["storageClass"] = ["Standard", "IA", "Archive"],
            }
        ),
        ["actiontrail"] = new(
            "",
            new Dictionary<string, string[]>(StringComparer.Ordinal)
            {
                ["organization"] = ["true", "false"],
                ["events"] = ["All", "Write", "Read"],
                ["project"] = [],
            }
        ),
    };
}

/// <summary>How a scenario speaks of a product's resources.</summary>
/// <param name="IdHead">Beginning of its ids; the name follows.</param>
/// <param name="Properties">Property and allowed values; an empty list allows any text.</param>
internal sealed record ProductWords(string IdHead, IReadOnlyDictionary<string, string[]> Properties);
