namespace LogAudit.Collection;

/// <summary>What runs tell each other: reports, positions, delayed looks.</summary>
internal interface IRunStore
{
    /// <summary>What the recent runs left; empty when nothing is there yet.</summary>
    Task<RunMemory> RecallAsync(CancellationToken cancel);

    /// <summary>Leaves a report for the next run and for <c>status</c>.</summary>
    Task RememberAsync(RunReport report, string digest, CancellationToken cancel);

    /// <summary>Leaves delayed looks; one with <see cref="DelayedLook.Done"/> closes an earlier one.</summary>
    Task RememberAsync(IReadOnlyList<DelayedLook> looks, CancellationToken cancel);
}

/// <summary>What the recent runs left.</summary>
/// <param name="LastFull">The newest report of a full run; null when there is none.</param>
/// <param name="Digest">Hash of what it said, so that an unchanged report is not written again.</param>
/// <param name="Looks">Delayed looks that are open.</param>
internal sealed record RunMemory(RunReport? LastFull, string Digest, IReadOnlyList<DelayedLook> Looks)
{
    /// <summary>What <c>Poll</c> left.</summary>
    public PollMemory Polled { get; init; } = PollMemory.Empty;

    public static RunMemory Empty { get; } = new(null, "", []);
}

/// <summary>A resource that was not ready and is to be looked at again.</summary>
/// <param name="Account">Its account.</param>
/// <param name="Region">Its region.</param>
/// <param name="Product">Its product.</param>
/// <param name="Id">Its id.</param>
/// <param name="Due">When to look.</param>
/// <param name="Times">Looks so far.</param>
/// <param name="Done">Whether no further look is needed.</param>
internal sealed record DelayedLook(
    AccountId Account,
    RegionId Region,
    string Product,
    string Id,
    DateTimeOffset Due,
    int Times,
    bool Done
);
