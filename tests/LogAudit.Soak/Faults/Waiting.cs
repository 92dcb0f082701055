namespace LogAudit.Soak;

/// <summary>Pauses.</summary>
internal static class Waiting
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    /// <summary>A pause between two lengths.</summary>
    public static Task ForAsync(Random random, double least, double most, CancellationToken cancel) =>
        Task.Delay(TimeSpan.FromSeconds(least + (random.NextDouble() * (most - least))), TimeProvider.System, cancel);

    /// <summary>Tries until something was struck, or the time is over.</summary>
    public static async Task<long> UntilStruckAsync(Func<long> strike, double seconds, CancellationToken cancel)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (strike() is > 0 and var struck)
            {
                return struck;
            }

            if (TimeProvider.System.GetElapsedTime(began).TotalSeconds > seconds)
            {
                return 0;
            }

            await Task.Delay(Look, TimeProvider.System, cancel);
        }
    }
}
