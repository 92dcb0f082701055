namespace LogAudit.Collection;

/// <summary>What was found and what will be written: the value that a dry run prints and a real run carries out.</summary>
public sealed class Reconciliation
{
    internal Reconciliation(Plan plan, IReadOnlyList<UnitSurvey> surveys, IReadOnlyList<Outlook> outlooks)
    {
        Plan = plan;
        Surveys = surveys;
        Outlooks = outlooks;
    }

    /// <summary>The changes and findings.</summary>
    public Plan Plan { get; }

    /// <summary>What could not be told, and why: accounts and products that could not be listed, resources whose state could not be read.</summary>
    public IReadOnlyList<string> Unknown => Reporting.UnknownOf(this);

    /// <summary>The same with more findings.</summary>
    internal Reconciliation With(IReadOnlyList<string> findings) =>
        findings.Count == 0 ? this : new(Plan with { Findings = [.. Plan.Findings, .. findings] }, Surveys, Outlooks);

    internal IReadOnlyList<UnitSurvey> Surveys { get; }

    internal IReadOnlyList<Outlook> Outlooks { get; }
}

/// <summary>What can be said of one log kind of one resource, with everything on its way to the centre taken into account.</summary>
/// <param name="Look">What was found.</param>
/// <param name="State">Disabled where the resource's own switch is on but the way to the centre is not.</param>
/// <param name="Fixes">Changes of its own switch that are planned.</param>
/// <param name="Mends">Settings whose planned changes together mend it; empty when nothing planned does.</param>
/// <param name="TargetSettings">Settings that must be in place before its switch is turned.</param>
internal sealed record Outlook(
    Look Look,
    Observation State,
    IReadOnlyList<SettingChange> Fixes,
    IReadOnlyList<SettingRef> Mends,
    IReadOnlyList<SettingRef> TargetSettings
);
