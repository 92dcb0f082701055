using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Kernel;

/// <summary>A RAM policy or trust policy, read once.</summary>
internal sealed class PolicyDocument
{
    private PolicyDocument(string text, IReadOnlyList<PolicyStatement> statements)
    {
        Text = text;
        Statements = statements;
    }

    /// <summary>The document as it was given.</summary>
    public string Text { get; }

    public IReadOnlyList<PolicyStatement> Statements { get; }

    /// <exception cref="CloudError">400 <c>MalformedPolicyDocument</c>: not a policy in the grammar of RAM.</exception>
    public static PolicyDocument Parse(string text)
    {
        JObject root;
        try
        {
            root = WireJson.Object(text);
        }
        catch (Newtonsoft.Json.JsonException failure)
        {
            throw Malformed(failure.Message);
        }
        if ((string?)root["Version"] != "1")
        {
            throw Malformed("Version must be \"1\".");
        }
        var statements = root["Statement"] switch
        {
            JArray array => array,
            JObject single => [single],
            _ => throw Malformed("Statement is missing."),
        };
        if (statements.Count == 0)
        {
            throw Malformed("Statement is empty.");
        }
        return new(text, [.. statements.Select(PolicyStatement.Parse)]);
    }

    internal static CloudError Malformed(string why) =>
        new(400, "MalformedPolicyDocument", "The policy document is malformed: " + why);
}

/// <summary>One statement. <c>Actions</c>/<c>Resources</c> empty with the <c>Not…</c> list filled is the negated form.</summary>
internal sealed record PolicyStatement(
    bool Allow,
    IReadOnlyList<string> Actions,
    IReadOnlyList<string> NotActions,
    IReadOnlyList<string> Resources,
    IReadOnlyList<string> NotResources,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Principals,
    IReadOnlyList<PolicyCondition> Conditions
)
{
    internal static PolicyStatement Parse(JToken token)
    {
        if (token is not JObject statement)
        {
            throw PolicyDocument.Malformed("a statement is not an object.");
        }
        var effect = (string?)statement["Effect"];
        if (effect is not ("Allow" or "Deny"))
        {
            throw PolicyDocument.Malformed("Effect must be Allow or Deny.");
        }
        var principals = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        if (statement["Principal"] is JObject named)
        {
            foreach (var property in named.Properties())
            {
                principals[property.Name] = Strings(property.Value);
            }
        }
        else if (statement["Principal"] is { } all)
        {
            principals["RAM"] = Strings(all);
        }
        var parsed = new PolicyStatement(
            effect == "Allow",
            Strings(statement["Action"]),
            Strings(statement["NotAction"]),
            Strings(statement["Resource"]),
            Strings(statement["NotResource"]),
            principals,
            [.. PolicyCondition.ParseAll(statement["Condition"])]
        );
        if (parsed.Actions.Count == 0 && parsed.NotActions.Count == 0)
        {
            throw PolicyDocument.Malformed("Action is missing.");
        }
        if (principals.Count == 0 && parsed.Resources.Count == 0 && parsed.NotResources.Count == 0)
        {
            throw PolicyDocument.Malformed("Resource is missing.");
        }
        return parsed;
    }

    internal static IReadOnlyList<string> Strings(JToken? token) =>
        token switch
        {
            null => [],
            JArray array => [.. array.Select(item => (string?)item ?? "")],
            JValue value => [value.ToString(System.Globalization.CultureInfo.InvariantCulture)],
            _ => throw PolicyDocument.Malformed("a list of texts was expected."),
        };
}
