namespace LogAudit.LocalCloud.Kernel;

/// <summary>Reads trust policies: who may become a role.</summary>
internal sealed class TrustEvaluator(Cloud cloud)
{
    /// <summary>Whether the trust policy of the role names this user or role (or its whole account).</summary>
    public bool Trusts(RamRole role, Caller caller, string? externalId)
    {
        var keys = cloud.Ram.CommonKeys(caller);
        if (externalId is not null)
        {
            keys["sts:ExternalId"] = externalId;
        }
        return Judge(role.Trust, "RAM", principal => Names(principal, caller), keys);
    }

    /// <summary>
    /// Whether the role trusts a service: plainly when the service acts for the role's own account, as
    /// <c>{uid}@{service}</c> when it acts for another one.
    /// </summary>
    public static bool TrustsService(RamRole role, string service, string actingForAccount)
    {
        var foreign = $"{actingForAccount}@{service}";
        var own = string.Equals(role.Account.Id, actingForAccount, StringComparison.Ordinal);
        return Judge(
            role.Trust,
            "Service",
            principal =>
                string.Equals(principal, foreign, StringComparison.OrdinalIgnoreCase)
                || (own && string.Equals(principal, service, StringComparison.OrdinalIgnoreCase)),
            new Dictionary<string, string>(StringComparer.Ordinal)
        );
    }

    /// <summary>
    /// A service takes a role of a customer (an SLS job, FC, ActionTrail). Null when the role is missing, not yet in
    /// force, or does not trust the service.
    /// </summary>
    public Caller? AssumeAsService(string roleArn, string service, string actingForAccount)
    {
        lock (cloud.Gate)
        {
            var role = cloud.FindRole(roleArn);
            if (
                role is null
                || cloud.Clock.GetUtcNow() < role.EffectiveAt
                || !TrustsService(role, service, actingForAccount)
            )
            {
                return null;
            }
            var session = new RoleSession(role, service, "", DateTimeOffset.MaxValue);
            return new(CallerKind.Role, role.Account, session.Arn, $"{role.Id}:{service}", "")
            {
                Session = session,
                Secure = true,
            };
        }
    }

    private static bool Judge(
        PolicyDocument trust,
        string kind,
        Func<string, bool> names,
        IReadOnlyDictionary<string, string> keys
    )
    {
        var allowed = false;
        foreach (var statement in trust.Statements)
        {
            var applies =
                statement.Actions.Any(action => Wildcard.Matches(action, "sts:AssumeRole", ignoreCase: true))
                && statement.Principals.TryGetValue(kind, out var principals)
                && principals.Any(names)
                && statement.Conditions.All(condition => condition.Holds(keys));
            if (applies && !statement.Allow)
            {
                return false;
            }
            allowed |= applies;
        }
        return allowed;
    }

    private static bool Names(string principal, Caller caller)
    {
        if (principal == "*" || string.Equals(principal, caller.Account.RootArn, StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }
        var arn = caller.Session?.Role.Arn ?? caller.Arn;
        return string.Equals(principal, arn, StringComparison.OrdinalIgnoreCase);
    }
}
