using System.Collections.Concurrent;
using System.Globalization;

namespace LogAudit.LocalCloud.Kernel;

/// <summary>Outcome of one RAM question.</summary>
internal sealed record RamDecision(bool Allowed, string Why, AccessDeniedDetail? Denied)
{
    public static RamDecision Allow { get; } = new(true, "", null);
}

/// <summary>A question that RAM was asked.</summary>
/// <param name="Principal">ARN of the user or of the role, without the session.</param>
/// <param name="Action">Action asked for.</param>
/// <param name="Resource">Resource asked for.</param>
/// <param name="Keys">Condition keys of the product, each as <c>key=value</c>, in the order of their names.</param>
/// <param name="Allowed">The answer.</param>
internal sealed record RamQuestion(string Principal, string Action, string Resource, string Keys, bool Allowed);

/// <summary>
/// Decides what a caller may do: Deny wins, nothing is allowed by silence, and an action that LocalCloud does not know
/// is denied to everybody but the root account.
/// </summary>
internal sealed class RamEvaluator(Cloud cloud)
{
    private readonly ConcurrentDictionary<string, byte> _known = new(StringComparer.OrdinalIgnoreCase);

    private readonly ConcurrentDictionary<RamQuestion, byte> _asked = new();

    /// <summary>Every question about users and roles since <see cref="Forget"/>, each once: tells which rights are needed.</summary>
    public IReadOnlyCollection<RamQuestion> Asked => [.. _asked.Keys];

    /// <summary>Control policies of the resource directory by account id: they bound every RAM identity of that account.</summary>
    public ConcurrentDictionary<string, PolicyDocument> ControlPolicies { get; } = new(StringComparer.Ordinal);

    /// <summary>Makes RAM actions known. Registered API actions do it by themselves; other gateways declare theirs.</summary>
    public void Declare(params IEnumerable<string> actions)
    {
        foreach (var action in actions)
        {
            _known[action] = 0;
        }
    }

    public IReadOnlyCollection<string> KnownActions => [.. _known.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Forgets the questions asked so far.</summary>
    public void Forget() => _asked.Clear();

    /// <summary>May the caller do this? Condition keys of the product come besides the common ones.</summary>
    public RamDecision Decide(
        Caller caller,
        string action,
        string resource,
        params IEnumerable<KeyValuePair<string, string>> conditionKeys
    )
    {
        if (caller.Kind is CallerKind.Root or CallerKind.Service)
        {
            return RamDecision.Allow;
        }
        if (!_known.ContainsKey(action))
        {
            return Deny(
                caller,
                action,
                resource,
                "Unknown",
                explicitDeny: false,
                $"LocalCloud does not know the action {action}."
            );
        }
        var keys = CommonKeys(caller);
        var own = conditionKeys.OrderBy(pair => pair.Key, StringComparer.Ordinal).ToList();
        foreach (var (key, value) in own)
        {
            keys[key] = value;
        }
        RamDecision decision;
        lock (cloud.Gate)
        {
            decision = Identity(caller, action, resource, keys);
        }
        var principal = caller.Session?.Role.Arn ?? caller.User?.Arn ?? caller.Arn;
        var told = string.Join('\n', own.Select(pair => $"{pair.Key}={pair.Value}"));
        _asked.TryAdd(new(principal, action, resource, told, decision.Allowed), 0);
        return decision;
    }

    /// <summary>As <see cref="Decide"/>, but throws 403 <c>NoPermission</c> as RPC and ROA services answer.</summary>
    public void Demand(
        Caller caller,
        string action,
        string resource,
        params IEnumerable<KeyValuePair<string, string>> conditionKeys
    )
    {
        var decision = Decide(caller, action, resource, conditionKeys);
        if (!decision.Allowed)
        {
            throw new CloudError(
                403,
                "NoPermission",
                $"You are not authorized to do this action. You should be authorized by RAM. {decision.Why}"
            )
            {
                Denied = decision.Denied,
            };
        }
    }

    private RamDecision Identity(Caller caller, string action, string resource, Dictionary<string, string> keys)
    {
        var documents = Documents(caller.Session?.Role.Attached ?? caller.User?.Attached ?? [], caller.Account);
        var identity = Judge(documents, action, resource, keys);
        if (identity is not true)
        {
            return Deny(caller, action, resource, "AccountLevelIdentityBasedPolicy", identity is false, "");
        }
        if (caller.Session?.Policy is { } sessionPolicy && Judge([sessionPolicy], action, resource, keys) is not true)
        {
            return Deny(caller, action, resource, "AssumeRolePolicy", explicitDeny: false, "");
        }
        if (
            ControlPolicies.TryGetValue(caller.Account.Id, out var control)
            && Judge([control], action, resource, keys) is false
        )
        {
            return Deny(caller, action, resource, "ControlPolicy", explicitDeny: true, "");
        }
        return RamDecision.Allow;
    }

    /// <summary>True: allowed; false: denied by a statement; null: nobody said anything.</summary>
    internal static bool? Judge(
        IEnumerable<PolicyDocument> documents,
        string action,
        string resource,
        IReadOnlyDictionary<string, string> keys
    )
    {
        bool? verdict = null;
        foreach (var statement in documents.SelectMany(document => document.Statements))
        {
            if (!Covers(statement, action, resource) || !statement.Conditions.All(condition => condition.Holds(keys)))
            {
                continue;
            }
            if (!statement.Allow)
            {
                return false;
            }
            verdict = true;
        }
        return verdict;
    }

    private static bool Covers(PolicyStatement statement, string action, string resource) =>
        (
            statement.NotActions.Count > 0
                ? !statement.NotActions.Any(pattern => Wildcard.Matches(pattern, action, ignoreCase: true))
                : statement.Actions.Any(pattern => Wildcard.Matches(pattern, action, ignoreCase: true))
        )
        && (
            statement.NotResources.Count > 0
                ? !statement.NotResources.Any(pattern => Wildcard.Matches(pattern, resource, ignoreCase: false))
                : statement.Resources.Any(pattern => Wildcard.Matches(pattern, resource, ignoreCase: false))
        );

    private IEnumerable<PolicyDocument> Documents(IEnumerable<PolicyAttachment> attached, Account account)
    {
        var now = cloud.Clock.GetUtcNow();
        foreach (var attachment in attached.Where(attachment => attachment.EffectiveAt <= now))
        {
            var document =
                attachment.Own
                ?? (
                    attachment.Type == "System"
                        ? SystemPolicies.Find(attachment.Name)
                        : account.Policies.GetValueOrDefault(attachment.Name)?.Default.Document
                );
            if (document is not null)
            {
                yield return document;
            }
        }
    }

    internal Dictionary<string, string> CommonKeys(Caller caller) =>
        new(StringComparer.Ordinal)
        {
            ["acs:SourceIp"] = caller.SourceIp,
            ["acs:SecureTransport"] = caller.Secure ? "true" : "false",
            ["acs:MFAPresent"] = "false",
            ["acs:CurrentTime"] = cloud
                .Clock.GetUtcNow()
                .ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        };

    private static RamDecision Deny(
        Caller caller,
        string action,
        string resource,
        string policyType,
        bool explicitDeny,
        string why
    ) =>
        new(
            false,
            why.Length > 0
                ? why
                : $"Action {action} on {resource} is {(explicitDeny ? "denied" : "not allowed")} for {caller.Arn}.",
            new(
                action,
                resource,
                caller.Arn,
                caller.Kind == CallerKind.Role ? "AssumedRoleUser" : "SubUser",
                caller.Account.Id,
                policyType,
                explicitDeny
            )
        );
}
