using System.Runtime.CompilerServices;

namespace LogAudit.Forwarding;

/// <summary>Which records a destination wants: the policy language of <see cref="PolicyExpression"/>, asked about records instead of resources.</summary>
/// <remarks>
/// Names are <c>product</c>, <c>log.kind</c>, <c>account.id</c>, <c>region</c>, ECS names (<c>event.action</c>, with the value that the record shows;
/// times in milliseconds), <c>tag.&lt;name&gt;</c> of the log group, and the log's own field names and paths (<c>userIdentity.type</c>, also with <c>log.</c> in front).
/// It is asked before the destination's masking, but behind the masking of credentials. Nothing is allocated per record, and the time grows with the record's
/// size only: patterns never backtrack, wildcards cost at most the product of the two lengths. Safe for several threads.
/// </remarks>
public sealed class RecordFilter(PolicyExpression script)
{
    private readonly bool takesEverything = script.TakesEverything;
    private readonly ConditionalWeakTable<CompiledMapping, Rule[]> plans = [];

    /// <summary>Whether a record is wanted.</summary>
    /// <param name="record">The record.</param>
    /// <param name="room">Room for values that have to be unescaped; the caller's own.</param>
    public bool Takes(in AuditRecord record, PooledBuffer room)
    {
        if (takesEverything)
        {
            return true;
        }

        foreach (
            var rule in plans.TryGetValue(record.Mapping, out var plan) ? plan : plans.GetValue(record.Mapping, Plan)
        )
        {
            if (PolicyLine.Verdict(rule.Action, rule.When.Holds(record, room)) is { } taken)
            {
                return taken;
            }
        }

        return true;
    }

    private Rule[] Plan(CompiledMapping mapping) =>
        [.. script.Rules.Select(rule => new Rule(rule.Action, RecordCondition.Of(rule.When, mapping)))];

    private readonly record struct Rule(PolicyAction Action, RecordCondition When);
}
