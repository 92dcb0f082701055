namespace LogAudit.Collection;

/// <summary>The order of a plan: later phases build on earlier ones; undo goes the other way.</summary>
public enum Phase
{
    /// <summary>Roles of the central account and their policies.</summary>
    Roles,

    /// <summary>Roles of members; a trust policy can only name roles that exist.</summary>
    MemberRoles,

    /// <summary>Central project, Logstores, indexes, dashboards.</summary>
    Central,

    /// <summary>Projects and Logstores in the accounts and regions of the resources.</summary>
    Regional,

    /// <summary>Collection policies; where a member serves itself they deliver to a regional project.</summary>
    Policies,

    /// <summary>Switches of the products.</summary>
    Switch,

    /// <summary>Jobs that carry logs to the centre.</summary>
    Carry,
}

/// <summary>A change in a plan.</summary>
/// <param name="Phase">When it is carried out.</param>
/// <param name="Change">The change.</param>
/// <param name="Needs">Settings that must be in place first; where changing one of them failed, this change is left out.</param>
public sealed record PlannedChange(Phase Phase, SettingChange Change, IReadOnlyList<SettingRef> Needs);

/// <summary>Everything that a run will write, in order, and what a person should know. A dry run prints the same value that the real run carries out.</summary>
/// <param name="Changes">The changes, phase by phase, each once.</param>
/// <param name="Findings">What LogAudit saw and leaves alone: an edited dashboard, a setting of the old service, a longer retention.</param>
public sealed record Plan(IReadOnlyList<PlannedChange> Changes, IReadOnlyList<string> Findings)
{
    /// <summary>No changes and no findings.</summary>
    public static Plan Empty { get; } = new([], []);

    /// <summary>A plan from changes in any order, with repetitions.</summary>
    public static Plan Of(IEnumerable<PlannedChange> changes, IEnumerable<string> findings) =>
        new(
            [
                .. changes
                    .DistinctBy(planned => (planned.Change.Setting, planned.Change.From, planned.Change.To))
                    .OrderBy(planned => planned.Phase),
            ],
            [.. findings.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]
        );
}
