using LogAudit.Forwarding;

namespace LogAudit.Benchmarks;

/// <summary>How much faster two workers of one process are than one, and what two cores give a loop that only calculates, measured in turns.</summary>
internal static class TwoCores
{
    private const int RoundCount = 15;

    public static void Run(MixedCorpus corpus, IFormat format, Report report)
    {
        using var first = new EncodeRoad(corpus, format);
        using var second = new EncodeRoad(corpus, format);
        var (road, loop) = (new List<double>(), new List<double>());
        for (var round = -3; round < RoundCount; round++)
        {
            var (ours, plain) = (
                Speedup(() => Repeat(20, first.Run), () => Repeat(20, second.Run)),
                Speedup(Calculate, Calculate)
            );
            if (round >= 0)
            {
                road.Add(ours);
                loop.Add(plain);
            }
        }

        report.Figure("twoCoreSpeedup", Median(road));
        report.Figure("twoCoreSpeedupOfPlainLoop", Median(loop));
        report.Ratio("twoCoreShare", Median(road) / Median(loop), atLeast: 0.85);
    }

    // The same work twice, one after the other and side by side.
    private static double Speedup(Action one, Action other)
    {
        var start = TimeProvider.System.GetTimestamp();
        one();
        other();
        var behind = TimeProvider.System.GetTimestamp();
        var beside = new Thread(() => other());
        beside.Start();
        one();
        beside.Join();
        return TimeProvider.System.GetElapsedTime(start, behind) / TimeProvider.System.GetElapsedTime(behind);
    }

    private static void Repeat(int times, Action work)
    {
        for (var time = 0; time < times; time++)
        {
            work();
        }
    }

    private static void Calculate()
    {
        var number = 1UL;
        for (var step = 0; step < 100_000_000; step++)
        {
            number = (number * 6364136223846793005) + 1442695040888963407;
        }

        GC.KeepAlive(number);
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
