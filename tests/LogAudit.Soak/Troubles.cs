using System.Collections.Concurrent;

namespace LogAudit.Soak;

/// <summary>What went wrong, told at once; the first hundred are kept.</summary>
internal sealed class Troubles(Action<string> tell)
{
    private const int Most = 100;

    private readonly ConcurrentQueue<string> kept = new();
    private int count;

    /// <summary>How many there were.</summary>
    public int Count => count;

    public IReadOnlyCollection<string> Kept => kept;

    public void Add(string what)
    {
        if (Interlocked.Increment(ref count) <= Most)
        {
            kept.Enqueue(what);
            tell($"TROUBLE {what}");
        }
    }
}
