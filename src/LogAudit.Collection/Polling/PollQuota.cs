using System.Collections.Concurrent;

namespace LogAudit.Collection;

/// <summary>Calls that each API of each account may still be asked: a bucket that fills by the minute and holds one minute's calls.</summary>
internal sealed class PollQuota(TimeProvider time)
{
    private readonly ConcurrentDictionary<PollApi, Bucket> buckets = new();

    /// <summary>Takes one call if there is one now.</summary>
    public bool TryTake(PollApi api, int callsPerMinute) => Take(api, callsPerMinute) == TimeSpan.Zero;

    /// <summary>Takes one call, waiting for it as long as new work may start.</summary>
    /// <returns>False when the deadline comes first.</returns>
    public async Task<bool> TakeAsync(PollApi api, int callsPerMinute, Deadline deadline, CancellationToken cancel)
    {
        while (Take(api, callsPerMinute) is { Ticks: > 0 } wait)
        {
            if (deadline.Remaining(time.GetUtcNow()) <= wait)
            {
                return false;
            }

            await Task.Delay(wait, time, cancel);
        }

        return true;
    }

    private TimeSpan Take(PollApi api, int callsPerMinute) =>
        buckets.GetOrAdd(api, _ => new Bucket(callsPerMinute, time.GetUtcNow())).Take(time.GetUtcNow());

    private sealed class Bucket(int callsPerMinute, DateTimeOffset start)
    {
        private readonly Lock gate = new();
        private double calls = callsPerMinute;
        private DateTimeOffset at = start;

        /// <summary>Zero when a call was taken, else how long until there is one.</summary>
        public TimeSpan Take(DateTimeOffset now)
        {
            lock (gate)
            {
                calls = Math.Min(callsPerMinute, calls + (Math.Max((now - at).TotalMinutes, 0) * callsPerMinute));
                at = now;
                if (calls >= 1)
                {
                    calls -= 1;
                    return TimeSpan.Zero;
                }

                return TimeSpan.FromMinutes((1 - calls) / callsPerMinute) + TimeSpan.FromMilliseconds(1);
            }
        }
    }
}
