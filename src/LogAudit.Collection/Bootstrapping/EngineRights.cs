namespace LogAudit.Collection;

/// <summary>RAM actions that the engine itself needs, beside those of the products. Policies for the roles are made of both.</summary>
/// <remarks>Source of the SLS names: SLS, actions for RAM. Assumed: those of collection policies, for which no list is published.</remarks>
public static class EngineRights
{
    private const string OwnProjects = "acs:log:*:{account}:project/logaudit-*";

    /// <summary>What every account needs: regional projects, collection policies, jobs.</summary>
    public static IReadOnlyList<RamAction> Everywhere { get; } =
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
        PassRole(OwnRoles.Etl),
    ];

    /// <summary>What the central account needs beside that: the directory, member roles, its own state, dashboards, the trail's events.</summary>
    public static IReadOnlyList<RamAction> CentralOnly { get; } =
    [
        new("resourcemanager:GetResourceDirectory", "ResourceDirectoryMaster:GetResourceDirectory", "*", false, false),
        new("resourcemanager:ListAccounts", "ResourceDirectoryMaster:ListAccounts", "*", false, false),
        new("sts:AssumeRole", "Sts:AssumeRole", $"acs:ram:*:*:role/{OwnRoles.Member}", false, false),
        // Its own jobs name the sink's role too, which is a role of this very account.
        PassRole(OwnRoles.EtlSink),
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

    private static RamAction Read(string action, string call) => new(action, $"Sls:{call}", OwnProjects, false, false);

    private static RamAction Write(string action, string call) => new(action, $"Sls:{call}", OwnProjects, true, false);

    private static RamAction Policy(string action, string call, bool writes) =>
        new(action, $"Sls:{call}", "acs:log:*:{account}:*", writes, true);
}
