namespace LogAudit.Collection;

/// <summary>The work of the function <c>Discover</c>: the full reconcile of every account, region and product in scope, and of the central side.</summary>
public sealed class DiscoverFunction
{
    private readonly IReconciler reconciler;

    internal DiscoverFunction(IReconciler reconciler) => this.reconciler = reconciler;

    /// <summary>Handles one invocation; what the timer sent does not matter.</summary>
    /// <param name="deadline">When the work must have ended; the next invocation goes on where this one ended.</param>
    /// <param name="cancel">Ends the work at once.</param>
    public Task<RunReport> InvokeAsync(Deadline deadline, CancellationToken cancel) =>
        reconciler.RunAsync("timer", deadline, cancel);
}
