namespace LogAudit.Benchmarks;

/// <summary>From the moment at which a record is in SLS to the moment at which the receiver has it, at a steady rate over several shards.</summary>
internal static class Delay
{
    private const int RecordsPerSecond = 20_000;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Warmup = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(20);

    /// <summary>The shortest interval of a log trigger. Source: SLS trigger of Function Compute.</summary>
    private static readonly TimeSpan Trigger = TimeSpan.FromSeconds(3);

    /// <summary>Measures the function, rung for every shard at the shortest interval.</summary>
    public static async Task SyncAsync(string functions, int seed, Report report)
    {
        await using var cloud = await BenchCloud.StartAsync(seed);
        await using var receiver = new TimingReceiver();
        var records = new TimedRecords(cloud, seed);
        using var sync = cloud.Start(Path.Combine(functions, "Sync", "LogAudit.Sync"), receiver.Port);
        using var stop = new CancellationTokenSource();
        var ringing = RingAsync(cloud, sync, stop.Token);
        report.Ratio("p99DelayMsSync", await MeasureAsync(records, receiver), atMost: 6_000);
        await stop.CancelAsync();
        await ringing;
    }

    /// <summary>Measures <c>logaudit forward</c>, which reads on by itself.</summary>
    public static async Task ForwardAsync(int seed, Report report)
    {
        await using var cloud = await BenchCloud.StartAsync(seed);
        await using var receiver = new TimingReceiver();
        var records = new TimedRecords(cloud, seed);
        using var forward = ForwardProcess.Start(cloud, receiver.Port, TimedRecords.Shards);
        report.Ratio("p99DelayMsForward", await MeasureAsync(records, receiver), atMost: 2_000);
        forward.CheckRunning();
        if (receiver.Count == 0)
        {
            throw new InvalidOperationException($"logaudit forward delivered nothing: {forward.Told}");
        }
    }

    private static async Task RingAsync(BenchCloud cloud, FunctionProcess sync, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Trigger, TimeProvider.System);
        var rung = new List<Task>();
        do
        {
            rung.AddRange(
                Enumerable
                    .Range(0, TimedRecords.Shards)
                    .Select(shard => sync.InvokeAsync(cloud.Key, BenchCloud.Doorbell(shard), timeoutSeconds: 60))
            );
        } while (!stop.IsCancellationRequested && await timer.WaitForNextTickAsync(CancellationToken.None));

        await Task.WhenAll(rung);
    }

    private static async Task<double> MeasureAsync(TimedRecords records, TimingReceiver receiver)
    {
        using var timer = new PeriodicTimer(Tick, TimeProvider.System);
        var began = TimeProvider.System.GetTimestamp();
        var (rounds, counted) = (0L, 0L);
        for (var now = TimeSpan.Zero; now < Warmup + Measured; now = TimeProvider.System.GetElapsedTime(began))
        {
            // What a late tick left out follows at once: the rate holds.
            for (; rounds * TimedRecords.PerRound < now.TotalSeconds * RecordsPerSecond; rounds++)
            {
                records.Write(isCounted: now >= Warmup);
                counted += now >= Warmup ? TimedRecords.PerRound : 0;
            }

            await timer.WaitForNextTickAsync(CancellationToken.None);
        }

        // A machine that cannot write or carry the rate has no delay to tell: what never came counts as having taken the longest that is counted.
        await receiver.WaitForAsync(counted, TimeSpan.FromMinutes(1));
        var least = (long)(Measured.TotalSeconds * RecordsPerSecond * 0.9);
        return receiver.Percentile(0.99, of: Math.Max(counted, least));
    }
}
