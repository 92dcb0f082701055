using System.Collections.Concurrent;

namespace LogAudit.OpenApi;

/// <summary>A token bucket per API and account: no more calls start than the limit allows; throttling halves the rate, success restores it.</summary>
internal sealed class RateLimits(OpenApiOptions options, TimeProvider time)
{
    private const int MaxBuckets = 10_000;
    private readonly ConcurrentDictionary<(string Product, string Action, AccountId Account), Bucket> buckets = new();

    /// <summary>The bucket of one API in one account.</summary>
    public Bucket For(string product, string action, AccountId account)
    {
        if (buckets.Count >= MaxBuckets)
        {
            // A bucket forgotten early only forgets a limit that the service keeps anyway.
            buckets.Clear();
        }

        return buckets.GetOrAdd(
            (product, action, account),
            static (_, owner) => new Bucket(owner.options, owner.time),
            (options, time)
        );
    }

    /// <summary>The tokens of one API in one account.</summary>
    internal sealed class Bucket(OpenApiOptions options, TimeProvider time)
    {
        private readonly Lock gate = new();
        private double rate = options.CallsPerSecond;
        private double tokens = options.Burst;
        private DateTimeOffset at = time.GetUtcNow();

        /// <summary>Takes a token that is there now or later.</summary>
        /// <returns>The pause before the call may start.</returns>
        public TimeSpan Take()
        {
            lock (gate)
            {
                var now = time.GetUtcNow();
                var grown = (now - at).TotalSeconds * rate;
                tokens = Math.Min(options.Burst, tokens + Math.Max(grown, 0));
                at = now;
                tokens -= 1;
                return tokens >= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(-tokens / rate);
            }
        }

        /// <summary>Tells the outcome of a call.</summary>
        public void Tell(bool throttled)
        {
            lock (gate)
            {
                rate = throttled
                    ? Math.Max(options.CallsPerSecond / 16, rate / 2)
                    : Math.Min(options.CallsPerSecond, rate * 1.25);
                if (throttled)
                {
                    tokens = Math.Min(tokens, 0);
                }
            }
        }
    }
}
