namespace LogAudit.Collection;

/// <summary>Names of the roles that LogAudit makes, and of its sessions.</summary>
public static class OwnRoles
{
    /// <summary>Role of the functions, in the central account.</summary>
    public const string Function = "logaudit-function";

    /// <summary>Role in each member that the functions assume.</summary>
    public const string Member = "logaudit-member";

    /// <summary>Role in each account with which jobs read the regional Logstores.</summary>
    public const string Etl = "logaudit-etl";

    /// <summary>Role in the central account with which jobs of all accounts write the central Logstores.</summary>
    public const string EtlSink = "logaudit-etl-sink";

    /// <summary>Role in the central account with which SLS calls the functions.</summary>
    public const string Trigger = "logaudit-trigger";

    /// <summary>Whether a user name of an audit event is a session of ours: <c>logaudit-member:logaudit</c>.</summary>
    /// <remarks>By role and not by session: Function Compute names the sessions of the function role, by a rule that is not documented.</remarks>
    public static bool IsOwnSession(string userName) =>
        userName.Split(':', 2) is [var role, _]
        && (
            role.Equals(Function, StringComparison.OrdinalIgnoreCase)
            || role.Equals(Member, StringComparison.OrdinalIgnoreCase)
        );
}
