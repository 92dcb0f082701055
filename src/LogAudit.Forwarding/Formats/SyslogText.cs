namespace LogAudit.Forwarding;

/// <summary>What stands as text in a syslog message.</summary>
internal static class SyslogText
{
    /// <summary>Reads option <c>message</c>: <c>ecs</c> (default), the object of format <c>json</c>, or <c>raw</c>, that of format <c>raw</c>.</summary>
    public static IFormat From(OptionReader options) =>
        options.Text("message", "ecs", text => text is "ecs" or "raw", "ecs or raw", "ecs") is "raw"
            ? new Raw()
            : new Json();
}
