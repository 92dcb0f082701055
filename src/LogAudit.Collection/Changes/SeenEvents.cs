namespace LogAudit.Collection;

/// <summary>Remembers the last events, because one event may come twice and by two roads. Forgetting one costs only a look.</summary>
internal sealed class SeenEvents
{
    private const int Most = 20_000;

    private readonly Lock gate = new();
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);
    private readonly Queue<string> order = new();

    /// <summary>Whether an event is new; without an id it always is.</summary>
    public bool IsNew(Change change)
    {
        var key = $"{change.EventId}/{change.Product}";
        lock (gate)
        {
            if (change.EventId.Length == 0)
            {
                return true;
            }

            if (!seen.Add(key))
            {
                return false;
            }

            order.Enqueue(key);
            if (order.Count > Most)
            {
                seen.Remove(order.Dequeue());
            }

            return true;
        }
    }

    /// <summary>Forgets a change whose reconcile failed, so that its repetition is not dropped.</summary>
    public void Forget(Change change)
    {
        lock (gate)
        {
            seen.Remove($"{change.EventId}/{change.Product}");
        }
    }
}
