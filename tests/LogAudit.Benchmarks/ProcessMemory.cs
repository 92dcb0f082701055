using System.Globalization;

namespace LogAudit.Benchmarks;

/// <summary>Memory of a process, MB. Source: proc(5).</summary>
internal static class ProcessMemory
{
    /// <summary>What is resident now.</summary>
    public static double ResidentMb(int process) => Read(process, "VmRSS:");

    /// <summary>The most that was resident.</summary>
    public static double PeakResidentMb(int process) => Read(process, "VmHWM:");

    private static double Read(int process, string name)
    {
        var line = File.ReadLines($"/proc/{process}/status")
            .First(one => one.StartsWith(name, StringComparison.Ordinal));
        var kilobytes = line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1];
        return double.Parse(kilobytes, CultureInfo.InvariantCulture) / 1024;
    }
}
