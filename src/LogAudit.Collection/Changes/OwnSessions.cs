using LogAudit.OpenApi;

namespace LogAudit.Collection;

/// <summary>Tells LogAudit's own sessions from everybody else's, by the user name of an audit event: <c>logaudit-member:logaudit</c>.</summary>
/// <remarks>
/// In members role and session must both be ours, because a person may share a role that the settings name. In the central account the role
/// alone decides: Function Compute names its sessions by a rule that is not documented.
/// Source: ActionTrail, userIdentity of an assumed role: <c>role:session</c>.
/// </remarks>
/// <param name="memberRole">Role by which members are entered.</param>
public sealed class OwnSessions(string memberRole)
{
    /// <summary>Whether a user name is a session of ours.</summary>
    public bool Contains(string userName) =>
        userName.Split(':', 2) is [var role, var session]
        && (
            role.Equals(OwnRoles.Function, StringComparison.OrdinalIgnoreCase)
            || (
                role.Equals(memberRole, StringComparison.OrdinalIgnoreCase)
                && session.Equals(MemberAccess.SessionName, StringComparison.Ordinal)
            )
        );
}
