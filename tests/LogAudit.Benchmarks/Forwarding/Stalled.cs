using System.Net.Sockets;

namespace LogAudit.Benchmarks;

/// <summary>Memory of <c>logaudit forward</c> whose receiver accepts connections and never reads, while far more waits in SLS than it may hold.</summary>
internal static class Stalled
{
    private const int Workers = TimedRecords.Shards;
    private const int Rounds = 600;

    // Of each shard that is worked on: a batch that is filled and one on its way, each up to its limit in a buffer that doubles, and a pull, packed and unpacked.
    private const double BatchMb = 4;
    private const double PullMb = 2 * 10;

    private static readonly TimeSpan Start = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Stall = TimeSpan.FromSeconds(25);

    public static async Task RunAsync(int seed, Report report)
    {
        await using var cloud = await BenchCloud.StartAsync(seed);
        await using var receiver = new Receiver(NeverReadAsync);
        var records = new TimedRecords(cloud, seed);
        using var forward = ForwardProcess.Start(cloud, receiver.Port, Workers);
        await Task.Delay(Start, TimeProvider.System);
        forward.CheckRunning();
        var idle = forward.ResidentMb;
        for (var round = 0; round < Rounds; round++)
        {
            records.Write(isCounted: false);
        }

        await Task.Delay(Stall, TimeProvider.System);
        forward.CheckRunning();
        var bound = idle + (Workers * ((2 * 2 * BatchMb) + PullMb));
        report.Figure("stalledWaitingRecords", Rounds * TimedRecords.PerRound);
        report.Figure("stalledBoundMb", bound);
        report.Ratio("stalledResidentMb", forward.PeakResidentMb, atMost: bound);
    }

    private static Task NeverReadAsync(Socket socket, CancellationToken stop) =>
        Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop);
}
