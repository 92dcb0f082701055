namespace LogAudit;

/// <summary>When the work at hand must have ended, and how much time is kept back to end it well.</summary>
/// <param name="At">The instant at which the platform cuts the work off.</param>
/// <param name="Reserve">Time kept back before <paramref name="At"/>: inside it no new work starts.</param>
public sealed record Deadline(DateTimeOffset At, TimeSpan Reserve)
{
    /// <summary>No deadline: a command at a terminal, a long-lived consumer.</summary>
    public static Deadline None { get; } = new(DateTimeOffset.MaxValue, TimeSpan.Zero);

    /// <summary>A deadline <paramref name="limit"/> after <paramref name="start"/>; 15 % of it, at least 10 s and at most half, is kept back.</summary>
    public static Deadline After(DateTimeOffset start, TimeSpan limit)
    {
        var reserve = TimeSpan.FromTicks(Math.Max(limit.Ticks * 15 / 100, TimeSpan.FromSeconds(10).Ticks));
        return new Deadline(start + limit, reserve > limit / 2 ? limit / 2 : reserve);
    }

    /// <summary>Whether new work may start.</summary>
    public bool AllowsNewWork(DateTimeOffset now) => At == DateTimeOffset.MaxValue || now < At - Reserve;

    /// <summary>Time left for new work; zero when none may start.</summary>
    public TimeSpan Remaining(DateTimeOffset now) =>
        At == DateTimeOffset.MaxValue ? TimeSpan.MaxValue
        : now < At - Reserve ? At - Reserve - now
        : TimeSpan.Zero;
}
