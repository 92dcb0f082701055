namespace LogAudit.Soak;

/// <summary>How many faults of a kind there were.</summary>
/// <param name="Planned">In the schedule.</param>
/// <param name="Made">That struck somebody.</param>
/// <param name="Struck">Connections, requests, processes or records that they struck.</param>
internal sealed record FaultCount(int Planned, int Made, long Struck);

/// <summary>Counts the faults of a run by kind.</summary>
internal sealed class FaultTally
{
    private readonly Lock gate = new();
    private readonly SortedDictionary<string, FaultCount> counts = new(StringComparer.Ordinal);

    /// <summary>By name of the kind.</summary>
    public IReadOnlyDictionary<string, FaultCount> Counts
    {
        get
        {
            lock (gate)
            {
                return new SortedDictionary<string, FaultCount>(counts, StringComparer.Ordinal);
            }
        }
    }

    /// <summary>Faults that struck somebody.</summary>
    public int Made => Counts.Values.Sum(count => count.Made);

    public void Plan(FaultKind kind) => Change(kind, count => count with { Planned = count.Planned + 1 });

    public void Note(FaultKind kind, long struck) =>
        Change(
            kind,
            count => struck == 0 ? count : count with { Made = count.Made + 1, Struck = count.Struck + struck }
        );

    private void Change(FaultKind kind, Func<FaultCount, FaultCount> change)
    {
        lock (gate)
        {
            counts[kind.Name] = change(counts.GetValueOrDefault(kind.Name) ?? new FaultCount(0, 0, 0));
        }
    }
}
