namespace LogAudit.Testing;

/// <summary>The real clock, moved on by hand: pauses and time-outs take as long as they do, but hours can be skipped between two steps of a test.</summary>
public sealed class ShiftedTime : TimeProvider
{
    private long shift;

    /// <summary>Skips some time.</summary>
    public void Skip(TimeSpan time) => Interlocked.Add(ref shift, time.Ticks);

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref shift));
}
