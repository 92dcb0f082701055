namespace LogAudit;

/// <summary>A policy script of the old service: which resources are collected.</summary>
/// <remarks>
/// One rule a line, from top to bottom; <c>#</c> begins a comment. <c>keep e</c> rejects what is not e, <c>drop e</c> rejects what is e,
/// <c>accept e</c> takes what is e and stops. What reaches the end is taken, so that an empty script takes everything. Shape:
/// <code>
/// keep region == "cn-*"
/// drop tag.env ~= "(?i)^(dev|sandbox)$"
/// accept "*"
/// </code>
/// A comparison with a property that a resource does not have is false. Source: variables <c>*_collection_policy</c> of Log Audit Service.
/// </remarks>
public sealed class PolicyExpression
{
    private PolicyExpression(string script, IReadOnlyList<PolicyLine> rules) => (Script, Rules) = (script, rules);

    /// <summary>The empty script.</summary>
    public static PolicyExpression Everything { get; } = new("", []);

    /// <summary>The text that it was read from.</summary>
    public string Script { get; }

    /// <summary>Its rules from top to bottom, for those who ask it about something else than a resource.</summary>
    public IReadOnlyList<PolicyLine> Rules { get; }

    /// <summary>Whether the script takes every resource, whatever its properties: nothing can be rejected before an <c>accept "*"</c>.</summary>
    public bool TakesEverything => Rules.All(rule => rule.Action == PolicyAction.Accept || rule.Never);

    /// <summary>Reads a script.</summary>
    /// <param name="script">The script; empty takes everything.</param>
    /// <param name="errors">Every mistake, one per line at most; empty when the script is right.</param>
    /// <returns>The expression; null when there is a mistake.</returns>
    public static PolicyExpression? Parse(string script, out IReadOnlyList<PolicyError> errors)
    {
        var read = new List<PolicyLine>();
        var found = new List<PolicyError>();
        var number = 0;
        foreach (var line in script.ReplaceLineEndings("\n").Split('\n'))
        {
            number++;
            try
            {
                if (PolicyParser.Line(line, number) is { } rule)
                {
                    read.Add(rule);
                }
            }
            catch (PolicyMistakeException mistake)
            {
                found.Add(mistake.Error);
            }
        }

        errors = found;
        return found.Count == 0 ? new PolicyExpression(script, read) : null;
    }

    /// <summary>Reads a script that is known to be right.</summary>
    /// <exception cref="FormatException">It is not; the message names every mistake.</exception>
    public static PolicyExpression Parse(string script) =>
        Parse(script, out var errors) ?? throw new FormatException(string.Join(Environment.NewLine, errors));

    /// <summary>Whether a resource is collected.</summary>
    public bool Takes(ResourceRef resource)
    {
        foreach (var rule in Rules)
        {
            if (PolicyLine.Verdict(rule.Action, rule.When.Holds(resource)) is { } taken)
            {
                return taken;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Script;
}

/// <summary>A mistake in a policy script.</summary>
/// <param name="Line">Line, from 1.</param>
/// <param name="Column">Column, from 1.</param>
/// <param name="Problem">What is wrong and what is allowed there.</param>
public sealed record PolicyError(int Line, int Column, string Problem)
{
    /// <inheritdoc/>
    public override string ToString() => $"line {Line}, column {Column}: {Problem}";
}

/// <summary>What a rule does.</summary>
public enum PolicyAction
{
    /// <summary>Rejects what its condition does not hold for.</summary>
    Keep,

    /// <summary>Rejects what its condition holds for.</summary>
    Drop,

    /// <summary>Takes what its condition holds for, and stops.</summary>
    Accept,
}

/// <summary>One line of a policy script.</summary>
/// <param name="Action">What it does.</param>
/// <param name="When">Its condition.</param>
public sealed record PolicyLine(PolicyAction Action, PolicyNode When)
{
    /// <summary>Whether the rule can never reject: <c>keep "*"</c>.</summary>
    public bool Never => Action == PolicyAction.Keep && When is PolicyNode.Anything;

    /// <summary>What a rule decides: taken, rejected, or null for the next rule to say.</summary>
    public static bool? Verdict(PolicyAction action, bool holds) =>
        (action, holds) switch
        {
            (PolicyAction.Keep, false) or (PolicyAction.Drop, true) => false,
            (PolicyAction.Accept, true) => true,
            _ => null,
        };
}

internal sealed class PolicyMistakeException(PolicyError error) : Exception(error.ToString())
{
    public PolicyError Error { get; } = error;
}
