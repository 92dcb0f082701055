namespace LogAudit.Collection;

/// <summary>What the state in the central project says about earlier runs.</summary>
public sealed class RunHistory
{
    private readonly IRunStore store;

    internal RunHistory(IRunStore store) => this.store = store;

    /// <summary>The newest report of a full run that is kept, and what <c>Poll</c> last had to say; null where there is none. What says nothing new is written a few times a day.</summary>
    public async Task<(RunReport? Run, PollNote? Poll)> LastAsync(CancellationToken cancel)
    {
        var memory = await store.RecallAsync(cancel);
        return (memory.LastFull, memory.Polled.Note);
    }
}
