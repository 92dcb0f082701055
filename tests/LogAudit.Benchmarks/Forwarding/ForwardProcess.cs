using System.Diagnostics;
using System.Text;

namespace LogAudit.Benchmarks;

/// <summary><c>logaudit forward</c> as a process of its own.</summary>
internal sealed class ForwardProcess : IDisposable
{
    private const int MostOutput = 20_000;

    private readonly Process process;
    private readonly StringBuilder output = new();

    private ForwardProcess(Process process)
    {
        this.process = process;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>What is resident now, MB.</summary>
    public double ResidentMb => ProcessMemory.ResidentMb(process.Id);

    /// <summary>Most that was resident, MB.</summary>
    public double PeakResidentMb => ProcessMemory.PeakResidentMb(process.Id);

    /// <summary>Starts the command that was built beside this program.</summary>
    /// <param name="cloud">Where it reads.</param>
    /// <param name="receiverPort">Where it sends to.</param>
    /// <param name="workers">Shards that it works on at a time.</param>
    public static ForwardProcess Start(BenchCloud cloud, int receiverPort, int workers)
    {
        var settings = cloud.WriteSettings(receiverPort);
        var start = new ProcessStartInfo(
            "dotnet",
            [
                Path.Combine(AppContext.BaseDirectory, "logaudit.dll"),
                "forward",
                "--settings",
                settings,
                "--workers",
                workers.ToString(System.Globalization.CultureInfo.InvariantCulture),
                "--progress-seconds",
                "5",
                "--drain-seconds",
                "2",
            ]
        )
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in cloud.ForwarderEnvironment())
        {
            start.Environment[name] = value;
        }

        return new(Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start"));
    }

    /// <summary>Refuses a process that ended, with what it told.</summary>
    public void CheckRunning()
    {
        if (process.HasExited)
        {
            throw new InvalidOperationException($"logaudit forward ended: {Told}");
        }
    }

    /// <summary>The end of what it told.</summary>
    public string Told
    {
        get
        {
            lock (output)
            {
                return output.ToString();
            }
        }
    }

    public void Dispose()
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }

    private void Keep(string? line)
    {
        lock (output)
        {
            output.AppendLine(line);
            if (output.Length > MostOutput)
            {
                output.Remove(0, MostOutput / 2);
            }
        }
    }
}
