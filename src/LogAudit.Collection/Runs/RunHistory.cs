namespace LogAudit.Collection;

/// <summary>What the state in the central project says about earlier runs.</summary>
public sealed class RunHistory
{
    private readonly IRunStore store;

    internal RunHistory(IRunStore store) => this.store = store;

    /// <summary>The newest report of a full run that is kept; null when there is none. A report that says nothing new is written once a day.</summary>
    public async Task<RunReport?> LastAsync(CancellationToken cancel) => (await store.RecallAsync(cancel)).LastFull;
}
