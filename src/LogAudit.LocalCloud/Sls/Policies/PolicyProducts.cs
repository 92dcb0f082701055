namespace LogAudit.LocalCloud.Sls.Policies;

/// <summary>One kind of log that collection policies know.</summary>
/// <param name="ProductCode">Product code.</param>
/// <param name="DataCode">Kind of log.</param>
/// <param name="Mode">Resource mode that a policy must have, null for any.</param>
/// <param name="NeedsDataRegion">Whether <c>dataConfig.dataRegion</c> is required, as for logs without a region.</param>
/// <param name="Project">Default project, with the account and region to be put in.</param>
/// <param name="Logstore">Default Logstore.</param>
internal sealed record PolicyProduct(
    string ProductCode,
    string DataCode,
    string? Mode,
    bool NeedsDataRegion,
    string Project,
    string Logstore
)
{
    public string ProjectFor(string account, string region) =>
        Project
            .Replace("{uid}", account, StringComparison.Ordinal)
            .Replace("{region}", region, StringComparison.Ordinal);
}

/// <summary>
/// The kinds of log of collection policies. Rules of mode and data region: the vendor's landing-zone accelerator. Default
/// names: sls by the API page, oss and rds' slow log by documents; all other default names are assumed after that pattern.
/// </summary>
internal static class PolicyProducts
{
    private static readonly PolicyProduct[] All =
    [
        new("sls", "audit_log", "all", true, "log-service-{uid}-{region}", "internal-audit_log"),
        new("sls", "error_log", "all", true, "log-service-{uid}-{region}", "internal-error_log"),
        new("sls", "monitor_metric", "all", true, "log-service-{uid}-{region}", "internal-monitor-metric"),
        new("sls", "operation_log", null, false, "log-service-{uid}-{region}", "internal-operation_log"),
        new("sls", "run_log", null, false, "log-service-{uid}-{region}", "internal-diagnostic_log"),
        new("oss", "access_log", null, false, "oss-log-{uid}-{region}", "oss-log-store"),
        new("oss", "metering_log", null, true, "oss-log-{uid}-{region}", "oss-metering-store"),
        new("rds", "audit_log", null, false, "rds-log-{uid}-{region}", "rds_audit_log"),
        new("rds", "slow_log", null, false, "rds-log-{uid}-{region}", "slow_error_log"),
        new("rds", "error_log", null, false, "rds-log-{uid}-{region}", "slow_error_log"),
        .. Same("polardb", ["audit_log", "slow_log", "error_log"], null),
        Own("waf", "access_log", "waf-logstore"),
        Own("wafnew", "access_log", "wafnew-logstore"),
        Own("wafng", "access_log", "wafng-logstore"),
        .. Same("sas", ["sas_log"], "attributeMode"),
        .. Same(
            "sasnew",
            [
                "http",
                "session",
                "dns",
                "local_dns",
                "snapshot_process",
                "snapshot_port",
                "snapshot_host",
                "login",
                "network",
                "process",
                "dns_query",
                "crack",
                "client",
                "security",
            ],
            "attributeMode"
        ),
        Own("ddosbgp", "access_log", "ddosbgp-logstore"),
        Own("ddoscoo", "access_log", "ddoscoo-logstore"),
        Own("ddosdip", "access_log", "ddoscoo-logstore"),
        .. Same("kms", ["audit_log"], "attributeMode"),
        Own("cloudfirewall", "firewall_log", "cloudfirewall-logstore"),
        Own("cloudfirewallnew", "firewall_log", "cloudfirewall-logstore"),
        // Made up: that there are codes for DNS is known, which is not.
        .. Same("dns", ["intranet_log", "resolve_log", "gtm_log"], null),
        .. Same("slb", ["access_log"], null),
        .. Same("alb", ["access_log"], null),
        .. Same("vpc", ["flow_log"], null),
    ];

    public static PolicyProduct? Find(string productCode, string dataCode) =>
        Array.Find(All, one => one.ProductCode == productCode && one.DataCode == dataCode);

    /// <summary>A product that keeps its logs in a project of its own. Names: sections 1 and 2 of the waf, cloudfirewall and ddos references.</summary>
    private static PolicyProduct Own(string product, string kind, string logstore) =>
        new(product, kind, "attributeMode", false, product + "-project-{uid}-{region}", logstore);

    private static IEnumerable<PolicyProduct> Same(string product, string[] kinds, string? mode) =>
        kinds.Select(kind => new PolicyProduct(
            product,
            kind,
            mode,
            false,
            product + "-log-{uid}-{region}",
            product + "_" + kind
        ));
}
