using System.Text.Json;
using LogAudit.Collection;
using LogAudit.LocalCloud.Kernel;

namespace LogAudit.EndToEnd.Tests.Permissions;

/// <summary>One action on one resource that a generated policy of a role allows.</summary>
internal sealed record Grant(string Account, string Role, string Action, string Resource, string Condition)
{
    /// <summary>Whether a question of its role is answered by it.</summary>
    public bool Answers(RamQuestion question) =>
        string.Equals(question.Principal, $"acs:ram::{Account}:role/{Role}", StringComparison.Ordinal)
        && RamEvaluator.Judge([Document([this])!], question.Action, question.Resource, Keys(question)) is true;

    public override string ToString() =>
        $"{Role}: {Action} on {Resource}{(Condition.Length == 0 ? "" : " when " + Condition)}";

    /// <summary>All that the generated policies of a role allow now.</summary>
    public static IReadOnlyList<Grant> Of(Cloud cloud, string account, string role)
    {
        var grants = new List<Grant>();
        foreach (var policy in Policies(cloud, account, role))
        {
            using var json = JsonDocument.Parse(policy.Default.Document.Text);
            foreach (var statement in json.RootElement.GetProperty("Statement").EnumerateArray())
            {
                var condition = statement.TryGetProperty("Condition"u8, out var given) ? given.GetRawText() : "";
                grants.AddRange(
                    from action in statement.GetProperty("Action"u8).EnumerateArray()
                    from resource in statement.GetProperty("Resource"u8).EnumerateArray()
                    select new Grant(account, role, action.GetString()!, resource.GetString()!, condition)
                );
            }
        }

        return grants;
    }

    /// <summary>Makes a role allow exactly this, in as many policies as it had.</summary>
    public static void Give(Cloud cloud, string account, string role, IReadOnlyList<Grant> grants)
    {
        lock (cloud.Gate)
        {
            var policies = Policies(cloud, account, role);
            foreach (var (index, policy) in policies.Index())
            {
                var part = index == 0 ? Document(grants) : Document([]);
                policy.Versions.Clear();
                policy.Versions.Add(new RamPolicyVersion("v1", part, cloud.Clock.GetUtcNow()) { IsDefault = true });
            }
        }
    }

    private static IReadOnlyList<RamPolicy> Policies(Cloud cloud, string account, string role)
    {
        var owner = cloud.FindAccount(account)!;
        return [.. owner.Roles[role].Attached.Select(attachment => owner.Policies[attachment.Name])];
    }

    private static PolicyDocument Document(IReadOnlyList<Grant> grants) =>
        // A policy needs a statement; this one says nothing.
        PolicyDocument.Parse(
            $$"""
            {"Version":"1","Statement":[{"Effect":"Deny","Action":["none:None"],"Resource":["none"]}{{string.Concat(
                grants.Select(grant => "," + grant.Statement())
            )}}]}
            """
        );

    private string Statement() =>
        $$"""{"Effect":"Allow","Action":["{{Action}}"],"Resource":["{{Resource}}"]{{(Condition.Length == 0 ? "" : $",\"Condition\":{Condition}")}}}""";

    private static Dictionary<string, string> Keys(RamQuestion question) =>
        question
            .Keys.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1]);
}
