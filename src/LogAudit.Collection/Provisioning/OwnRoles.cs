namespace LogAudit.Collection;

/// <summary>Names of the roles that LogAudit makes.</summary>
public static class OwnRoles
{
    /// <summary>Role of the functions, in the central account.</summary>
    public const string Function = "logaudit-function";

    /// <summary>Role in each member that the functions assume, unless the settings name another (<c>accounts.memberRole</c>).</summary>
    public const string Member = "logaudit-member";

    /// <summary>Role in each account with which jobs read the regional Logstores.</summary>
    public const string Etl = "logaudit-etl";

    /// <summary>Role in the central account with which jobs of all accounts write the central Logstores.</summary>
    public const string EtlSink = "logaudit-etl-sink";

    /// <summary>Role in the central account with which SLS calls the functions.</summary>
    public const string Trigger = "logaudit-trigger";
}
