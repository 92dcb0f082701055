namespace LogAudit.Testing;

/// <summary>A clock on which every pause is over at once: it moves on by what was waited for.</summary>
/// <remarks>For code that only pauses. A time-out on this clock would be over at once too.</remarks>
public sealed class InstantTime(DateTimeOffset start) : TimeProvider
{
    private long ticks = start.Ticks;

    /// <summary>Begins on a fixed day.</summary>
    public InstantTime()
        : this(new DateTimeOffset(2026, 3, 2, 0, 0, 0, TimeSpan.Zero)) { }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref ticks), TimeSpan.Zero);

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Interlocked.Add(ref ticks, Math.Max(0, dueTime.Ticks));
        return base.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }
}
