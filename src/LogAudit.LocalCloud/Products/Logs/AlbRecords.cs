namespace LogAudit.LocalCloud.Products.Logs;

/// <summary>Access log lines of an application load balancer.</summary>
/// <remarks>Fields: alb reference, section 8: as those of Classic ones, but with <c>app_lb_id</c> and without account, region and name.</remarks>
internal static class AlbRecords
{
    public const string Topic = "alb_layer7_access_log";

    /// <summary>One request. The marker stands in <c>request_uri</c>.</summary>
    public static LogRecord Access(string id, bool encrypted, DateTimeOffset at, string marker, Dice dice) =>
        new(Topic, at, [.. Layer7Fields.Of(encrypted, at, marker, dice), new("app_lb_id", id)], marker);
}
