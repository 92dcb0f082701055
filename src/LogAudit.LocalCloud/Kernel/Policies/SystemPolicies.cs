namespace LogAudit.LocalCloud.Kernel;

/// <summary>System policies that the cloud brings along. Documents are reduced to what LocalCloud serves.</summary>
internal static class SystemPolicies
{
    private static readonly Dictionary<string, PolicyDocument> Known = new(StringComparer.Ordinal)
    {
        ["AdministratorAccess"] = Allow("*"),
        ["ReadOnlyAccess"] = Allow("*:Describe*", "*:List*", "*:Get*", "*:Search*"),
        ["AliyunSTSAssumeRoleAccess"] = Allow("sts:AssumeRole"),
        ["AliyunRAMFullAccess"] = Allow("ram:*"),
        ["AliyunRAMReadOnlyAccess"] = Allow("ram:Get*", "ram:List*"),
        ["AliyunLogFullAccess"] = Allow("log:*"),
        ["AliyunLogReadOnlyAccess"] = Allow("log:Get*", "log:List*", "log:Query*"),
        ["AliyunOSSFullAccess"] = Allow("oss:*"),
        ["AliyunOSSReadOnlyAccess"] = Allow("oss:Get*", "oss:List*"),
        ["AliyunFCFullAccess"] = Allow("fc:*"),
        ["AliyunFCInvocationAccess"] = Allow("fc:InvokeFunction"),
        ["AliyunActionTrailFullAccess"] = Allow("actiontrail:*"),
        ["AliyunEventBridgeFullAccess"] = Allow("eventbridge:*"),
        ["AliyunEventBridgePutEventsPolicy"] = Allow("eventbridge:PutEvents"),
        ["AliyunResourceDirectoryFullAccess"] = Allow("resourcemanager:*"),
        ["AliyunResourceDirectoryReadOnlyAccess"] = Allow("resourcemanager:Get*", "resourcemanager:List*"),
    };

    public static IReadOnlyCollection<string> Names => Known.Keys;

    public static PolicyDocument? Find(string name) => Known.GetValueOrDefault(name);

    private static PolicyDocument Allow(params IEnumerable<string> actions) =>
        PolicyDocument.Parse(
            $$"""{"Version":"1","Statement":[{"Effect":"Allow","Action":[{{string.Join(',', actions.Select(a => $"\"{a}\""))}}],"Resource":"*"}]}"""
        );
}
