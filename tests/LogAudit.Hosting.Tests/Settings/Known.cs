namespace LogAudit.Hosting.Tests.Settings;

/// <summary>What the libraries of these tests know.</summary>
internal static class Known
{
    public static SettingsKnowledge All { get; } =
        new(
            [
                new("rds_enabled", CollectVariableType.Switch, "false", "rds", "audit"),
                new("rds_ttl", CollectVariableType.Days, "180", "rds", "audit"),
                new("rds_audit_collection_policy", CollectVariableType.Policy, "", "rds", "audit"),
            ],
            ["rds", "slb"],
            ["syslog", "webhook"],
            ["rfc5424", "json"]
        )
        {
            KindsOf = product => product is "slb" ? ["access"] : ["audit", "slow"],
        };
}
