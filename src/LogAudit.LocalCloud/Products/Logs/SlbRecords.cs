namespace LogAudit.LocalCloud.Products.Logs;

/// <summary>Layer-7 access log lines of a load balancer.</summary>
/// <remarks>Fields: slb reference, section 8. Absent values are <c>-</c> (assumed there).</remarks>
internal static class SlbRecords
{
    public const string Topic = "slb_layer7_access_log";

    /// <summary>One request. The marker stands in <c>request_uri</c>.</summary>
    public static LogRecord Access(
        string account,
        string region,
        string id,
        string name,
        string networkType,
        string vpcId,
        bool https,
        DateTimeOffset at,
        string marker,
        Dice dice
    )
    {
        return new LogRecord(
            Topic,
            at,
            [
                .. Layer7Fields.Of(https, at, marker, dice),
                new("owner_id", account),
                new("region", region),
                new("instance_id", id),
                new("instance_name", name),
                new("network_type", networkType),
                new("vpc_id", vpcId),
                new("slbid", id),
            ],
            marker
        );
    }
}
