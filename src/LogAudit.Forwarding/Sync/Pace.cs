namespace LogAudit.Forwarding;

/// <summary>Keeps a destination's rate: what was sent must have its time before more goes. Shared by all workers of the destination in this process.</summary>
/// <remarks>The average is kept: what several workers send at the same instant is waited for together afterwards.</remarks>
internal sealed class Pace(DestinationLimits limits, TimeProvider time)
{
    private readonly Lock gate = new();
    private DateTimeOffset free = DateTimeOffset.MinValue;

    /// <summary>Takes note of what is being sent.</summary>
    public void Note(long records, long bytes)
    {
        var seconds = Math.Max(Seconds(records, limits.RecordsPerSecond), Seconds(bytes, limits.BytesPerSecond));
        if (seconds > 0)
        {
            lock (gate)
            {
                var now = time.GetUtcNow();
                free = (free > now ? free : now) + TimeSpan.FromSeconds(seconds);
            }
        }
    }

    /// <summary>Waits until more may be sent.</summary>
    /// <returns>False when that is not before the deadline, or the work was told to end; then nothing was waited for.</returns>
    public async Task<bool> ReadyAsync(Deadline deadline, CancellationToken enough, CancellationToken cancel)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(enough, cancel);
        while (Left() is var pause && pause > TimeSpan.Zero)
        {
            if (pause >= deadline.Remaining(time.GetUtcNow()))
            {
                return false;
            }

            try
            {
                await Task.Delay(pause, time, either.Token);
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
                return false;
            }
        }

        return true;
    }

    private TimeSpan Left()
    {
        lock (gate)
        {
            return free - time.GetUtcNow();
        }
    }

    private static double Seconds(long amount, long perSecond) => perSecond > 0 ? (double)amount / perSecond : 0;
}
