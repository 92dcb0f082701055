namespace LogAudit.Collection;

/// <summary>Brings the estate to what the settings ask for.</summary>
public interface IReconciler
{
    /// <summary>Looks at everything in scope and says what a run would write. Changes nothing.</summary>
    Task<Reconciliation> PlanAsync(CancellationToken cancel);

    /// <summary>A full run: looks at everything in scope and carries the plan out.</summary>
    /// <param name="road">What woke it, for the report: <c>timer</c> or <c>command</c>.</param>
    /// <param name="deadline">When the work must have ended; what does not fit is left to the next run, which goes on there.</param>
    /// <param name="cancel">Ends the work at once.</param>
    Task<RunReport> RunAsync(string road, Deadline deadline, CancellationToken cancel);

    /// <summary>A run over some resources only; costs calls for those alone.</summary>
    Task<RunReport> RunAsync(IReadOnlyList<Unit> units, string road, Deadline deadline, CancellationToken cancel);

    /// <summary>Carries a plan out that was shown before. What has changed since is left alone and reported.</summary>
    Task<RunReport> ApplyAsync(Reconciliation shown, string road, Deadline deadline, CancellationToken cancel);
}
