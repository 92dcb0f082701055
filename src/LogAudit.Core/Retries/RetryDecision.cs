namespace LogAudit;

/// <summary>What to do with a failed call.</summary>
public abstract record RetryDecision
{
    private RetryDecision() { }

    /// <summary>Give up: trying again cannot help, or there is no time or try left.</summary>
    public sealed record Stop : RetryDecision
    {
        /// <summary>The one value.</summary>
        public static Stop Now { get; } = new();
    }

    /// <summary>Try again after a pause.</summary>
    /// <param name="After">The pause.</param>
    public sealed record Again(TimeSpan After) : RetryDecision;
}

/// <summary>Exponential back-off with full jitter: a pause is drawn evenly from zero to the cap of its attempt.</summary>
/// <param name="First">Cap of the first pause.</param>
/// <param name="Most">Cap that no pause exceeds.</param>
/// <param name="Attempts">Tries in all, the first included.</param>
public sealed record Backoff(TimeSpan First, TimeSpan Most, int Attempts)
{
    /// <summary>The default of every client: 5 tries, 0.5 s doubling to 20 s.</summary>
    public static Backoff Default { get; } = new(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(20), 5);

    /// <summary>Decides whether another try fits.</summary>
    /// <param name="attempt">Tries made so far, from 1.</param>
    /// <param name="draw">A random number in [0, 1).</param>
    /// <param name="retryAfter">The pause that the service asked for; it is kept even where it exceeds <see cref="Most"/>.</param>
    /// <param name="left">Time left until the deadline; a pause that does not fit ends the tries.</param>
    public RetryDecision Next(int attempt, double draw, TimeSpan? retryAfter, TimeSpan left)
    {
        if (attempt >= Attempts)
        {
            return RetryDecision.Stop.Now;
        }

        var cap = Math.Min(First.TotalMilliseconds * Math.Pow(2, attempt - 1), Most.TotalMilliseconds);
        var pause = retryAfter ?? TimeSpan.FromMilliseconds(cap * draw);
        return pause < left ? new RetryDecision.Again(pause) : RetryDecision.Stop.Now;
    }
}
