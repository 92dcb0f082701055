namespace LogAudit.LocalCloud.Sls.Http;

/// <summary>
/// All operations of SLS that LocalCloud answers. RAM actions and resources follow the RAM authorization pages of SLS; those of
/// jobs of both path families are taken to be the <c>…Job</c> actions, and those of collection policies, of which nothing is
/// published, to bear the operation's name (both assumed).
/// </summary>
internal static class SlsOperations
{
    public static IEnumerable<SlsOperation> All() =>
        [
            .. ProjectCalls.Operations,
            .. TagCalls.Operations,
            .. LogstoreCalls.Operations,
            .. MetricstoreCalls.Operations,
            .. IndexCalls.Operations,
            .. ShardCalls.Operations,
            .. WriteCalls.Operations,
            .. ReadCalls.Operations,
            .. QueryCalls.Operations,
            .. ConsumerGroupCalls.Operations,
            .. DashboardCalls.Operations,
            .. JobCalls.Operations,
            .. PolicyCalls.Operations,
        ];

    /// <summary>Project that a call without a project in the host is about, <c>*</c> when it is about none.</summary>
    public static string NamedProject(SlsCall call) =>
        !call.Request.Body.IsEmpty
        && SlsJson.TryObject(call.Request.Body) is { } body
        && body.Text("projectName") is { Length: > 0 } name
            ? name
            : "*";
}
