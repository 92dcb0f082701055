using System.Globalization;
using System.Text;

namespace LogAudit.Collection;

/// <summary>Prints a plan for a person.</summary>
public static class PlanText
{
    private const int MaxValueLength = 80;

    /// <summary>One line a change, grouped by phase; what cannot be taken back is said beside it.</summary>
    public static string Print(Plan plan)
    {
        var text = new StringBuilder();
        foreach (var phase in plan.Changes.GroupBy(planned => planned.Phase))
        {
            text.Append(CultureInfo.InvariantCulture, $"{phase.Key}: {phase.Count()} change(s)").AppendLine();
            foreach (var planned in phase)
            {
                text.Append("  ").AppendLine(Line(planned.Change));
            }
        }

        foreach (var finding in plan.Findings)
        {
            text.Append(finding.StartsWith("by hand: ", StringComparison.Ordinal) ? "" : "note: ").AppendLine(finding);
        }

        return text.Length == 0 ? "nothing to change" + Environment.NewLine : text.ToString();
    }

    /// <summary>One change on one line.</summary>
    public static string Line(SettingChange change)
    {
        var line = $"{Sign(change)} {change.Setting}: {Difference(change.From, change.To)} ({change.Why})";
        return change.Reversal switch
        {
            Reversal.DeletesLogs => $"{line} [undo would delete logs]",
            Reversal.Cannot => $"{line} [cannot be undone]",
            _ => line,
        };
    }

    private static char Sign(SettingChange change) =>
        change.From is null ? '+'
        : change.To is null ? '-'
        : '~';

    private static string Difference(SettingState? from, SettingState? to) =>
        string.Join(
            ", ",
            (from?.Keys ?? [])
                .Union(to?.Keys ?? [], StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
                .Select(key => (key, before: from?.GetValueOrDefault(key), after: to?.GetValueOrDefault(key)))
                .Where(member => !string.Equals(member.before, member.after, StringComparison.Ordinal))
                .Select(member =>
                    member.before is null ? $"{member.key}={Short(member.after)}"
                    : member.after is null ? $"{member.key}={Short(member.before)} → none"
                    : $"{member.key}={Short(member.before)} → {Short(member.after)}"
                )
        );

    private static string Short(string? value) =>
        value is null ? "none"
        : value.Length <= MaxValueLength ? value
        : $"{value.AsSpan(0, MaxValueLength)}…";
}
