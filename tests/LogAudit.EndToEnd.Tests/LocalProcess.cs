using System.Diagnostics;
using System.Text.RegularExpressions;
using LogAudit.Testing;

namespace LogAudit.EndToEnd.Tests;

/// <summary><c>logaudit local</c> as a process of its own with a folder for its temporary files, and what it printed.</summary>
internal sealed partial class LocalProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly DirectoryInfo temporary;

    private LocalProcess(Process process, DirectoryInfo temporary, string guide)
    {
        (this.process, this.temporary, Guide) = (process, temporary, guide);
        Endpoint = new Uri(Of(Printed(), "endpoint"));
        KeyId = Of(Printed(), "id");
        KeySecret = Of(Printed(), "secret");
        Preload = Of(Printed(), "preload");
    }

    /// <summary>What it tells a person to do.</summary>
    public string Guide { get; }

    public Uri Endpoint { get; }

    public string KeyId { get; }

    public string KeySecret { get; }

    public string Preload { get; }

    /// <summary>What it left in its temporary folder.</summary>
    public IEnumerable<string> Leftovers =>
        temporary.EnumerateFileSystemInfos("*", SearchOption.AllDirectories).Select(one => one.Name);

    /// <summary>The built command.</summary>
    public static string Command =>
        Path.Combine(
            Peers.Repository,
            "artifacts/bin/LogAudit.Cli",
            Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')),
            "logaudit.dll"
        );

    /// <summary>Starts it on free ports and reads until its guide is complete.</summary>
    public static async Task<LocalProcess> StartAsync()
    {
        var temporary = Directory.CreateTempSubdirectory("logaudit-local-");
        var start = new ProcessStartInfo(
            "dotnet",
            [Command, "local", "--port", "0", "--https-port", "0", "--seed", "5"]
        )
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["TMPDIR"] = temporary.FullName;
        // The runtime's own diagnostic sockets would lie there too.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        var process = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start");
        var errors = process.StandardError.ReadToEndAsync();
        var guide = "";
        while (!guide.Contains("/__localcloud/state", StringComparison.Ordinal))
        {
            guide +=
                await process.StandardOutput.ReadLineAsync()
                ?? throw new InvalidOperationException($"logaudit local ended: {await errors}");
            guide += '\n';
        }

        return new LocalProcess(process, temporary, guide);
    }

    /// <summary>Asks it to end as an init system does, by its pid, and gives its exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        await Peers.RunAsync("sh", "/", null, "-c", $"kill -TERM {process.Id}");
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await process.WaitForExitAsync(limit.Token);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        process.Dispose();
        temporary.Delete(recursive: true);
    }

    private string Of(Regex printed, string name) =>
        printed.Matches(Guide).Select(match => match.Groups[name]).First(group => group.Success).Value;

    [GeneratedRegex(
        @"LOGAUDIT_ENDPOINT=(?<endpoint>\S+)|ACCESS_KEY_ID=(?<id>\S+)|ACCESS_KEY_SECRET=(?<secret>\S+)|--require (?<preload>\S+)",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Printed();
}
