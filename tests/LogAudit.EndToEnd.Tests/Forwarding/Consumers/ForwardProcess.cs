using System.Diagnostics;
using System.Text;
using LogAudit.Testing;

namespace LogAudit.EndToEnd.Tests.Forwarding;

/// <summary><c>logaudit forward</c>, or another command with the rights of a forwarder, as a process of its own.</summary>
internal sealed class ForwardProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly string settings;
    private readonly StringBuilder progress = new();
    private readonly Task<string> output;

    private ForwardProcess(Process process, string settings)
    {
        (this.process, this.settings) = (process, settings);
        output = process.StandardOutput.ReadToEndAsync();
        process.ErrorDataReceived += (_, line) =>
        {
            lock (progress)
            {
                progress.AppendLine(line.Data);
            }
        };
        process.BeginErrorReadLine();
    }

    /// <summary>What it told on standard error.</summary>
    public string Progress
    {
        get
        {
            lock (progress)
            {
                return progress.ToString();
            }
        }
    }

    /// <summary>Starts it.</summary>
    /// <param name="cloud">Where it reads.</param>
    /// <param name="settings">Text of its settings file.</param>
    /// <param name="arguments">More words of its command line.</param>
    public static ForwardProcess Start(FunctionCloud cloud, string settings, params string[] arguments) =>
        Run(cloud, "forward", settings, arguments);

    /// <summary>Starts a command.</summary>
    public static ForwardProcess Run(FunctionCloud cloud, string command, string settings, params string[] arguments)
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, settings);
        var start = new ProcessStartInfo(
            "dotnet",
            [LocalProcess.Command, command, "--settings", file, "--output", "json", .. arguments]
        )
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in cloud.ForwarderEnvironment(file))
        {
            start.Environment[name] = value;
        }

        return new(Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start"), file);
    }

    /// <summary>Kills it with signal 9.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Asks it to end as an init system does, by its pid.</summary>
    public Task TerminateAsync() => Peers.RunAsync("sh", "/", null, "-c", $"kill -TERM {process.Id}");

    /// <summary>Its exit code and the document on its standard output.</summary>
    public async Task<(int Exit, string Output)> EndAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
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
        File.Delete(settings);
    }
}
