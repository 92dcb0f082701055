namespace LogAudit.Collection;

/// <summary>What became of a planned change.</summary>
/// <param name="Planned">The change.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Note">The reason, where the outcome is no success.</param>
public sealed record Applied(PlannedChange Planned, Outcome Outcome, string Note = "")
{
    /// <summary>Whether the wanted state is in place.</summary>
    public bool InPlace => Outcome is Outcome.Done or Outcome.Already;
}

/// <summary>What became of a planned change.</summary>
public enum Outcome
{
    /// <summary>Written and in place.</summary>
    Done,

    /// <summary>Found in place; nothing was written.</summary>
    Already,

    /// <summary>Neither the state before nor the state wanted was found: somebody else changed it, and nothing was written.</summary>
    Overtaken,

    /// <summary>Tried and not in place.</summary>
    Failed,

    /// <summary>Tried, and neither the answer nor the state after it could be read; the next full run looks again.</summary>
    Unclear,

    /// <summary>Not tried, because something that it needs failed.</summary>
    Skipped,

    /// <summary>Not made in this run, because its time was up or the service takes the change only later.</summary>
    NotStarted,
}
