using System.Globalization;
using System.Text.Json;

namespace LogAudit.Benchmarks;

/// <summary>Memory of the road over many records, in a process of its own: the comparison with the plain way would hide it.</summary>
internal static class Steady
{
    private const int Samples = 20;

    /// <summary>Runs the child and judges what it saw.</summary>
    /// <param name="records">Records that the child encodes.</param>
    /// <param name="report">Takes the figures.</param>
    public static void Run(long records, Report report)
    {
        using var child = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo(
                Environment.ProcessPath!,
                [
                    typeof(Steady).Assembly.Location,
                    "steady",
                    "--records",
                    records.ToString(CultureInfo.InvariantCulture),
                ]
            )
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
            }
        )!;
        var samples = JsonSerializer.Deserialize<double[]>(child.StandardOutput.ReadToEnd())!;
        child.WaitForExit();
        // The first quarter is the compiler's: it compiles again what runs often.
        var steady = samples[(Samples / 4)..];
        report.Figure("steadyRecords", records);
        report.Figure("residentMb", steady[^1]);
        report.Ratio("residentGrowthMbPerMillion", Slope(steady) * Samples / (records / 1_000_000.0), atMost: 1);
    }

    /// <summary>What the child does: encodes, and prints its resident memory in MB now and then.</summary>
    public static void Child(int seed, long records)
    {
        var corpus = MixedCorpus.Make(seed);
        using var road = new EncodeRoad(corpus, Forward.Format("rfc5424"));
        var samples = new double[Samples];
        long done = 0;
        for (var sample = 0; sample < Samples; sample++)
        {
            for (; done < records * (sample + 1) / Samples; done += corpus.Records)
            {
                road.Run();
            }

            samples[sample] = ProcessMemory.ResidentMb(Environment.ProcessId);
        }

        Console.WriteLine(JsonSerializer.Serialize(samples));
    }

    // Least squares, per sample.
    private static double Slope(double[] values)
    {
        var (middle, mean) = ((values.Length - 1) / 2.0, values.Average());
        return values.Select((value, at) => (at - middle) * (value - mean)).Sum()
            / values.Select((_, at) => (at - middle) * (at - middle)).Sum();
    }
}
