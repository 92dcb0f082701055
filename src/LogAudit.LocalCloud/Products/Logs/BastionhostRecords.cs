namespace LogAudit.LocalCloud.Products.Logs;

/// <summary>Operation records of a bastion host.</summary>
/// <remarks>Fields: bastionhost reference, section 8.</remarks>
internal static class BastionhostRecords
{
    public const string Topic = "bastionhost";

    /// <summary>One operation. The marker, in small letters, is <c>session_id</c>.</summary>
    public static LogRecord Operation(
        string account,
        string region,
        string instance,
        DateTimeOffset at,
        string marker,
        Dice dice
    )
    {
        var (type, content) = dice.Of(
            ("cmd.Command", "systemctl stop auditd"),
            ("cmd.Command", "tail -n 100 /var/log/secure"),
            ("cmd.Command.policy", "rm -rf /"),
            ("file.Upload", "/opt/app/release.tar.gz"),
            ("file.Download", "/etc/passwd"),
            ("file.CreateDir", "/opt/app/new"),
            ("login.CSLogin", "SSH"),
            ("Session.session", "SSH"),
            ("graph.Text", "services.msc")
        );
        var (userId, user) = dice.Of(("12", "alice"), ("14", "bob"), ("21", "ops-shift"));
        var blocked = type is "cmd.Command.policy";
        return new LogRecord(
            Topic,
            at,
            [
                new("owner_id", account),
                new("region", region),
                new("instance_id", instance),
                new("event_type", type),
                new("log_level", blocked ? "WARN" : "INFO"),
                new("content", content),
                new("result", blocked || dice.Once(12) ? "failed" : "success"),
                new("session_id", marker.ToLowerInvariant()),
                new("resource_address", dice.PrivateIp()),
                new("resource_name", dice.Of("web-01", "db-02", "win-jump")),
                new("user_id", userId),
                new("user_name", user),
                new("user_client_ip", dice.PublicIp()),
            ],
            marker.ToLowerInvariant()
        );
    }
}
