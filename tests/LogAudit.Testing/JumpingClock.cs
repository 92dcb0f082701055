using Microsoft.Extensions.Time.Testing;

namespace LogAudit.Testing;

/// <summary>A clock that jumps over every pause shorter than the time limit of a call, 30 s, and stands still otherwise.</summary>
public sealed class JumpingClock(DateTimeOffset start) : FakeTimeProvider(start)
{
    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime > TimeSpan.Zero && dueTime < TimeSpan.FromSeconds(30))
        {
            Advance(dueTime);
        }

        return timer;
    }
}
