using System.Diagnostics;

namespace LogAudit.Soak;

/// <summary>A command of <c>logaudit</c> as a process of its own; what it says on standard error goes to a file.</summary>
internal sealed class ForwardProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly StreamWriter log;
    private readonly Task<string> output;

    private ForwardProcess(Process process, StreamWriter log)
    {
        (this.process, this.log) = (process, log);
        log.AutoFlush = true;
        process.ErrorDataReceived += (_, line) =>
        {
            lock (log)
            {
                log.WriteLine(line.Data);
            }
        };
        process.BeginErrorReadLine();
        output = process.StandardOutput.ReadToEndAsync();
    }

    public bool HasExited => process.HasExited;

    /// <summary>Starts it.</summary>
    /// <param name="command">Path of <c>logaudit.dll</c>.</param>
    /// <param name="environment">Variables of its environment.</param>
    /// <param name="logFile">Gets what it says on standard error, behind what is there.</param>
    /// <param name="arguments">Its command line.</param>
    public static ForwardProcess Start(
        string command,
        IReadOnlyDictionary<string, string> environment,
        string logFile,
        params string[] arguments
    )
    {
        var start = new ProcessStartInfo("dotnet", [command, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new ForwardProcess(
            Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start"),
            File.AppendText(logFile)
        );
    }

    /// <summary>Kills it with signal 9.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Asks it to end as an init system does, by its pid.</summary>
    public async Task TerminateAsync()
    {
        using var kill = Process.Start(
            "kill",
            ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]
        );
        await kill.WaitForExitAsync();
    }

    /// <summary>Its exit code and the document on its standard output.</summary>
    public async Task<(int Exit, string Output)> EndAsync(TimeSpan most)
    {
        using var limit = new CancellationTokenSource(most, TimeProvider.System);
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, await output);
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            await KillAsync();
        }

        process.Dispose();
        lock (log)
        {
            log.Dispose();
        }
    }
}
