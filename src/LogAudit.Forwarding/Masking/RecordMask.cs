using System.Runtime.CompilerServices;

namespace LogAudit.Forwarding;

/// <summary>What one destination must not see of a record, beside the credentials that nobody sees.</summary>
/// <remarks>Immutable and safe for several threads; each worker applies it by a <see cref="MaskPass"/> of its own.</remarks>
public sealed class RecordMask
{
    private readonly MaskRule[] rules;
    private readonly ConditionalWeakTable<CompiledMapping, MaskPlan> plans = [];

    private RecordMask(IEnumerable<MaskRule> rules) => this.rules = [.. rules];

    /// <summary>No rules.</summary>
    public static RecordMask None { get; } = new([]);

    /// <summary>Whether it has no rules.</summary>
    public bool IsEmpty => rules.Length == 0;

    /// <summary>Makes it from settings, with the keys that they name.</summary>
    /// <param name="settings">The rules, in order.</param>
    /// <param name="options">Resolves the keys and notes mistakes.</param>
    internal static RecordMask Make(IReadOnlyList<MaskSettings> settings, OptionReader options) =>
        new(settings.Select((rule, number) => new MaskRule(rule, Key(rule, number, options))));

    internal MaskPlan PlanFor(CompiledMapping mapping) =>
        // Asked first, since making the delegate allocates.
        plans.TryGetValue(mapping, out var plan)
            ? plan
            : plans.GetValue(mapping, made => new MaskPlan(rules, made));

    private static Secret? Key(MaskSettings rule, int number, OptionReader options) =>
        rule.Action == MaskAction.Hash ? options.MaskKey(rule, number) : null;
}
