namespace LogAudit.LocalCloud.Scenario;

/// <summary>The words that a scenario may use, by product.</summary>
internal static class ScenarioWords
{
    /// <summary>What can be done to a resource in the timeline.</summary>
    public static readonly IReadOnlyList<string> Verbs =
    [
        "create",
        "delete",
        "tag",
        "untag",
        "switchOff",
        "switchOn",
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
        )
        {
            Notes = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["listener"] = "Kind of its listener; only HTTP and HTTPS ones write access logs. Default http.",
            },
        },
        ["alb"] = new(
            "alb-",
            new Dictionary<string, string[]>(StringComparer.Ordinal)
            {
                ["listener"] = ["http", "https", "quic", "none"],
                ["status"] = ["Active", "Inactive", "CreateFailed"],
                ["address"] = ["Internet", "Intranet"],
                ["activeAfter"] = [],
            }
        )
        {
            Notes = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["listener"] = "Kind of its listener; without one it has no requests to log. Default https.",
                ["activeAfter"] = "Time until it leaves Provisioning, not scaled; default: the cloud's named delay.",
            },
        },
        ["nas"] = new(
            "nas-",
            new Dictionary<string, string[]>(StringComparer.Ordinal)
            {
                ["type"] = ["standard", "extreme", "cpfs", "cpfsse"],
                ["protocol"] = ["NFS", "SMB", "cpfs"],
                ["status"] = ["Running", "Stopped", "Pending"],
                ["runningAfter"] = [],
            }
        )
        {
            Notes = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["type"] = "Kind of file system; parallel ones (cpfs) have no access log. Default standard.",
                ["protocol"] = "Default NFS.",
                ["runningAfter"] = "Time until it leaves Pending, not scaled; default: the cloud's named delay.",
            },
        },
        ["drds"] = new(
            "drds",
            new Dictionary<string, string[]>(StringComparer.Ordinal)
            {
                ["databases"] = [],
                ["status"] = ["RUN", "LOCK", "DO_CREATE"],
                ["runningAfter"] = [],
            }
        )
        {
            Notes = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["databases"] = "Its logical databases, for example [orders, stock], or none. Default orders.",
                ["runningAfter"] = "Time until it runs, not scaled; default: the cloud's named delay.",
            },
        },
        ["apigateway"] = new("group-", new Dictionary<string, string[]>(StringComparer.Ordinal) { ["slot"] = [] })
        {
            Notes = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["slot"] = "project/logstore of another use that the log slot of its region goes to already.",
            },
        },
        ["vpc"] = new(
            "vpc-",
            new Dictionary<string, string[]>(StringComparer.Ordinal) { ["families"] = [], ["availableAfter"] = [] }
        )
        {
            Notes = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["families"] =
                    "Families of the ECS instances in it, for example [ecs.g7, ecs.n4]; some exclude flow logs.",
                ["availableAfter"] = "Time until it leaves Pending, not scaled; default: the cloud's named delay.",
            },
        },
        ["waf"] = new(
            "",
            new Dictionary<string, string[]>(StringComparer.Ordinal)
            {
                ["generation"] = ["3.0", "2.0"],
                ["logService"] = ["bought", "none"],
                ["authorised"] = ["true", "false"],
            }
        )
        {
            Notes = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["generation"] = "3.0 protects objects, 2.0 domains. Default 3.0.",
                ["logService"] =
                    "Whether Log Service is bought; that of the first resource holds for its instance. Default bought.",
                ["authorised"] = "Whether WAF may write to SLS; that of the first resource holds for its instance.",
            },
        },
        ["polardb"] = new(
            "pc-",
            new Dictionary<string, string[]>(StringComparer.Ordinal)
            {
                ["type"] = ["MySQL", "PostgreSQL", "Oracle"],
                ["version"] = [],
                ["status"] = ["Running", "Stopped", "Creating"],
                ["runningAfter"] = [],
            }
        )
        {
            Notes = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["runningAfter"] = "Time until it leaves Creating, not scaled; default: the cloud's named delay.",
            },
        },
        ["cloudfirewall"] = new(
            "vipcloudfw-",
            new Dictionary<string, string[]>(StringComparer.Ordinal)
            {
                ["edition"] = ["Free", "Premium", "Enterprise", "Ultimate", "payAsYouGo"],
                ["logAnalysis"] = ["bought", "none"],
                ["opened"] = ["true", "false"],
                ["logVersion"] = ["1", "2"],
            }
        )
        {
            Notes = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["edition"] = "One firewall an account and site of purchase. Default Enterprise.",
                ["logAnalysis"] = "Whether Log Analysis is bought. Default bought.",
                ["opened"] = "Whether its log analysis was opened, which makes its project. Default true.",
                ["logVersion"] = "1 has one Logstore, 2 one in each site. Default 1.",
            },
        },
        ["ddos"] = new(
            "",
            new Dictionary<string, string[]>(StringComparer.Ordinal)
            {
                ["form"] = ["proxy", "origin"],
                ["fullLog"] = ["bought", "none"],
                ["authorised"] = ["true", "false"],
            }
        )
        {
            Notes = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["form"] =
                    "A domain of Proxy (Pro in cn-hangzhou, Premium in ap-southeast-1) or an instance of Origin. Default proxy.",
                ["fullLog"] =
                    "Whether full logs are bought; that of the first resource holds for its host. Default bought.",
                ["authorised"] =
                    "Whether it may write to SLS; that of the first resource holds for its host. Default true.",
            },
        },
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
        )
        {
            Notes = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["runningAfter"] = "Time until it leaves Creating, not scaled; default: the cloud's named delay.",
            },
        },
        ["oss"] = new(
            "",
            new Dictionary<string, string[]>(StringComparer.Ordinal)
            {
                ["storageClass"] = ["Standard", "IA", "Archive"],
            }
        ),
        ["sas"] = new(
            "sas-",
            new Dictionary<string, string[]>(StringComparer.Ordinal)
            {
                ["edition"] = ["Free", "AntiVirus", "Advanced", "Enterprise", "Ultimate"],
                ["logAnalysis"] = ["bought", "payAsYouGo", "none"],
                ["authorised"] = ["true", "false"],
                ["opened"] = ["true", "false"],
            }
        )
        {
            Notes = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["edition"] =
                    "One subscription an account and site; cn-* is one site, the rest the other. Default Enterprise.",
                ["logAnalysis"] = "How its log analysis is paid for. Default bought.",
                ["authorised"] = "Whether it may write to SLS. Default true.",
                ["opened"] = "Whether its log analysis was opened, which makes its project. Default true.",
            },
        },
        ["ack"] = new(
            "c-",
            new Dictionary<string, string[]>(StringComparer.Ordinal)
            {
                ["type"] = ["ManagedKubernetes", "Kubernetes", "ExternalKubernetes"],
                ["profile"] = ["Default", "Edge", "Serverless", "Lingjun"],
                ["status"] = ["running", "initial", "failed", "updating", "inactive"],
                ["components"] = [],
                ["ingressLog"] = ["true", "false"],
                ["runningAfter"] = [],
            }
        )
        {
            Notes = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["components"] =
                    "Installed components, for example [ack-node-problem-detector, logtail-ds]; default: ack-node-problem-detector.",
                ["ingressLog"] = "Whether it has an ingress controller whose log is collected. Default false.",
                ["runningAfter"] = "Time until it leaves initial, not scaled; default: the cloud's named delay.",
            },
        },
        ["bastionhost"] = new(
            "bastionhost-cn-",
            new Dictionary<string, string[]>(StringComparer.Ordinal)
            {
                ["status"] = ["PENDING", "CREATING", "RUNNING", "EXPIRED", "UPGRADING"],
                ["legacy"] = ["true", "false"],
                ["runningAfter"] = [],
            }
        )
        {
            Notes = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["legacy"] = "true for V2 and V3.1, which deliver no logs. Default false.",
                ["runningAfter"] = "Time until it leaves CREATING, not scaled; default: the cloud's named delay.",
            },
        },
        ["cloudconfig"] = new(
            "",
            new Dictionary<string, string[]>(StringComparer.Ordinal) { ["recorder"] = ["on", "off"] }
        )
        {
            Notes = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["recorder"] = "One an account; off where Cloud Config was never started. Default on.",
            },
        },
        ["dns"] = new(
            "",
            new Dictionary<string, string[]>(StringComparer.Ordinal)
            {
                ["kind"] = ["intranet", "public", "gtm"],
                ["analysis"] = ["on", "off"],
                ["service"] = ["OPENED", "CLOSED", "IN_DEBT"],
            }
        )
        {
            Notes = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["kind"] =
                    "What it is: a VPC with private zones (intranet), a public domain, or an access domain of Global Traffic Manager. Default public.",
                ["analysis"] = "Whether its queries are recorded. Default off.",
                ["service"] = "State of PrivateZone in its account, for a VPC. Default OPENED.",
            },
        },
        ["actiontrail"] = new(
            "",
            new Dictionary<string, string[]>(StringComparer.Ordinal)
            {
                ["organization"] = ["true", "false"],
                ["events"] = ["All", "Write", "Read"],
                ["project"] = [],
                ["platform"] = ["true", "false"],
            }
        )
        {
            Notes = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["organization"] = "A trail of the whole directory.",
                ["project"] = "SLS project that it delivers to.",
                ["platform"] = "A platform trail, made in the console: what the platform's staff did. Default false.",
            },
        },
    };
}

/// <summary>How a scenario speaks of a product's resources.</summary>
/// <param name="IdHead">Beginning of its ids; the name follows.</param>
/// <param name="Properties">Property and allowed values; an empty list allows any text, and a name that ends with <c>After</c> is a duration.</param>
internal sealed record ProductWords(string IdHead, IReadOnlyDictionary<string, string[]> Properties)
{
    /// <summary>What a property means, where its name does not say it; shown in the JSON schema.</summary>
    public IReadOnlyDictionary<string, string> Notes { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);
}
