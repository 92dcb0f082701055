namespace LogAudit.Collection;

/// <summary>RAM actions that the engine itself needs, beside those of the products. Policies for the roles are made of both.</summary>
/// <remarks>Source of the SLS names: SLS, actions for RAM. Assumed: those of collection policies, for which no list is published.</remarks>
public static class EngineRights
{
    private const string OwnProjects = "acs:log:*:{account}:project/logaudit-*";

    /// <summary>What the functions' role in the central account needs.</summary>
    /// <param name="mode">How accounts are found.</param>
    /// <param name="memberRole">Role by which members are entered.</param>
    public static IReadOnlyList<RamAction> Central(AccountsMode mode, string memberRole) =>
        [
            .. Everywhere,
            .. WherePoliciesAre,
            .. CentralOnly,
            .. mode == AccountsMode.Directory ? Directory : [],
            .. mode == AccountsMode.CentralOnly
                ? []
                : new[]
                {
                    new RamAction("sts:AssumeRole", "Sts:AssumeRole", $"acs:ram:*:*:role/{memberRole}", false, false),
                    ReadRole(OwnRoles.EtlSink),
                },
        ];

    /// <summary>What the identity of <c>logaudit forward</c> needs in the central account: consumer groups, reading, and writing state and canaries.</summary>
    /// <param name="project">The central project.</param>
    public static IReadOnlyList<RamAction> Forward(ProjectName project) =>
        [
            .. new[]
            {
                Read("log:ListShards", "ListShards"),
                Read("log:GetCursorOrData", "PullLogs"),
                Read("log:ListConsumerGroup", "ListConsumerGroup"),
                Read("log:GetConsumerGroupCheckPoint", "GetCheckPoint"),
                Write("log:CreateConsumerGroup", "CreateConsumerGroup"),
                Write("log:UpdateConsumerGroup", "UpdateConsumerGroup"),
                Write("log:ConsumerGroupHeartBeat", "ConsumerGroupHeartBeat"),
                Write("log:ConsumerGroupUpdateCheckPoint", "ConsumerGroupUpdateCheckPoint"),
                Write("log:PostLogStoreLogs", "PutLogs"),
            }.Select(action => action with { Resource = $"acs:log:*:{{account}}:project/{project}/*" }),
        ];

    /// <summary>What the role in a member needs. In a directory the policies of the central account serve everybody.</summary>
    /// <param name="mode">How accounts are found.</param>
    public static IReadOnlyList<RamAction> Member(AccountsMode mode) =>
        [.. Everywhere, .. mode == AccountsMode.Directory ? [] : WherePoliciesAre, ReadRole(OwnRoles.Etl)];

    /// <summary>What is needed in the account of a resource whose product chose the project of its logs: keep them long enough, and carry them on.</summary>
    /// <param name="kinds">The log kinds that are asked for.</param>
    public static IReadOnlyList<RamAction> Landing(IEnumerable<LogKind> kinds) =>
        [
            .. kinds
                .SelectMany(kind => kind.LandsIn)
                .Distinct(StringComparer.Ordinal)
                .Select(pattern => $"acs:log:*:{{account}}:project/{Within(pattern)}")
                .SelectMany(projects =>
                    new[]
                    {
                        Read("log:GetLogStore", "GetLogStore"),
                        Write("log:UpdateLogStore", "UpdateLogStore"),
                        Read("log:GetJob", "GetETL"),
                        Write("log:CreateJob", "CreateETL"),
                        Write("log:UpdateJob", "UpdateETL"),
                    }.Select(action => action with { Resource = projects })
                ),
        ];

    /// <summary>What is needed in the central account to tell from their records whether logs are on that no call tells of.</summary>
    /// <param name="kinds">The log kinds that are asked for.</param>
    public static IReadOnlyList<RamAction> Arrivals(IEnumerable<LogKind> kinds) =>
        kinds.Any(kind => kind.Route == Routes.Manual) ? [Read("log:GetLogStoreLogs", "GetLogsV2")] : [];

    /// <summary>What is needed in the central account for kinds that gather in Metricstores.</summary>
    /// <remarks>Assumed: the names of the actions, after their calls.</remarks>
    /// <param name="kinds">The log kinds that are asked for.</param>
    public static IReadOnlyList<RamAction> Metrics(IEnumerable<LogKind> kinds) =>
        kinds.Any(kind => kind.Metricstore)
            ?
            [
                Read("log:GetMetricStore", "GetMetricStore"),
                Write("log:CreateMetricStore", "CreateMetricStore"),
                Write("log:UpdateMetricStore", "UpdateMetricStore"),
            ]
            : [];

    /// <summary>What is in the projects of a name pattern: one that ends with a star takes its parts in already, a whole name does not.</summary>
    internal static string Within(string pattern) => pattern.EndsWith('*') ? pattern : $"{pattern}/*";

    // Every account: regional projects and the jobs that carry logs from there.
    private static IReadOnlyList<RamAction> Everywhere { get; } =
    [
        Read("log:GetProject", "GetProject"),
        Write("log:CreateProject", "CreateProject"),
        Read("log:ListLogStores", "ListLogStores"),
        Read("log:GetLogStore", "GetLogStore"),
        Write("log:CreateLogStore", "CreateLogStore"),
        Write("log:UpdateLogStore", "UpdateLogStore"),
        Read("log:GetIndex", "GetIndex"),
        Write("log:CreateIndex", "CreateIndex"),
        Write("log:UpdateIndex", "UpdateIndex"),
        Read("log:GetJob", "GetETL"),
        Write("log:CreateJob", "CreateETL"),
        Write("log:UpdateJob", "UpdateETL"),
        PassRole(OwnRoles.Etl),
    ];

    // Accounts with collection policies of their own.
    private static IReadOnlyList<RamAction> WherePoliciesAre { get; } =
    [
        Policy("log:ListCollectionPolicies", "ListCollectionPolicies", writes: false),
        Policy("log:GetCollectionPolicy", "GetCollectionPolicy", writes: false),
        Policy("log:UpsertCollectionPolicy", "UpsertCollectionPolicy", writes: true),
        new("ram:CreateServiceLinkedRole", "Sls:UpsertCollectionPolicy", "*", Writes: true, Assumed: true)
        {
            Conditions = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["ram:ServiceName"] = "audit.log.aliyuncs.com",
            },
        },
    ];

    private static IReadOnlyList<RamAction> Directory { get; } =
    [
        new("resourcemanager:GetResourceDirectory", "ResourceDirectoryMaster:GetResourceDirectory", "*", false, false),
        new("resourcemanager:ListAccounts", "ResourceDirectoryMaster:ListAccounts", "*", false, false),
    ];

    // LogAudit's own state, dashboards, the trail's events.
    private static IReadOnlyList<RamAction> CentralOnly { get; } =
    [
        // Its own jobs name the sink's role too, which is a role of this very account.
        PassRole(OwnRoles.EtlSink),
        Read("log:ListDashboard", "ListDashboard"),
        Read("log:GetDashboard", "GetDashboard"),
        Write("log:CreateDashboard", "CreateDashboard"),
        Write("log:UpdateDashboard", "UpdateDashboard"),
        Read("log:ListShards", "ListShards"),
        Read("log:GetCursorOrData", "PullLogs"),
        Write("log:PostLogStoreLogs", "PutLogs"),
        Read("log:ListConsumerGroup", "ListConsumerGroup"),
        Read("log:GetConsumerGroupCheckPoint", "GetCheckPoint"),
        Write("log:CreateConsumerGroup", "CreateConsumerGroup"),
        Write("log:ConsumerGroupUpdateCheckPoint", "ConsumerGroupUpdateCheckPoint"),
    ];

    private static RamAction PassRole(string role) =>
        new("ram:PassRole", "Sls:CreateETL", $"acs:ram:*:{{account}}:role/{role}", Writes: true, Assumed: true)
        {
            Conditions = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["acs:Service"] = "log.aliyuncs.com",
            },
        };

    // Whether an account that joined is trusted.
    private static RamAction ReadRole(string role) =>
        new("ram:GetRole", "Ram:GetRole", $"acs:ram:*:{{account}}:role/{role}", Writes: false, Assumed: false);

    private static RamAction Read(string action, string call) => new(action, $"Sls:{call}", OwnProjects, false, false);

    private static RamAction Write(string action, string call) => new(action, $"Sls:{call}", OwnProjects, true, false);

    private static RamAction Policy(string action, string call, bool writes) =>
        new(action, $"Sls:{call}", "acs:log:*:{account}:*", writes, true);
}
