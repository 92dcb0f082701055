using LogAudit.Testing;

namespace LogAudit.Soak;

/// <summary>A receiver that stores before it acknowledges, at the end of a road.</summary>
/// <param name="Receipts">Its book.</param>
/// <param name="Listener">What listens.</param>
/// <param name="Acknowledged">Acknowledgements given so far: answers of success, or orderly ends.</param>
/// <param name="Faults">What can be done to it.</param>
/// <param name="Settings">Its destination in <c>logaudit.yaml</c>, reached under a host name.</param>
/// <param name="Owner">Ends it.</param>
internal sealed record Receiver(
    Receipts Receipts,
    SocListener Listener,
    Func<long> Acknowledged,
    IReadOnlyList<FaultKind> Faults,
    Func<string, string> Settings,
    IAsyncDisposable Owner
)
{
    public Road Road => Receipts.Road;
}
