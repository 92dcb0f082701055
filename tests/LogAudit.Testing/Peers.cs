using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Xunit;

namespace LogAudit.Testing;

/// <summary>Programs and folders that tests talk to and that this project did not write.</summary>
public static class Peers
{
    /// <summary>The top of the checkout.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>Folder of the reference material, from <c>LOGAUDIT_REFERENCE</c>; null when not given.</summary>
    public static string? Reference =>
        Environment.GetEnvironmentVariable("LOGAUDIT_REFERENCE") is { Length: > 0 } folder ? folder : null;

    /// <summary>Whether a missing peer is a failure (<c>LOGAUDIT_REQUIRE_PEERS=1</c>) rather than a skip.</summary>
    public static bool Required =>
        string.Equals(Environment.GetEnvironmentVariable("LOGAUDIT_REQUIRE_PEERS"), "1", StringComparison.Ordinal);

    /// <summary>Why a peer cannot be used; null when it can.</summary>
    public static string? Missing(string peer) =>
        peer switch
        {
            "rsyslog" => Program("/usr/sbin/rsyslogd", "rsyslog")
                ?? Program("/usr/lib/x86_64-linux-gnu/rsyslog/lmnsd_ossl.so", "rsyslog-openssl"),
            "rsyslog-relp" => Missing("rsyslog")
                ?? Program("/usr/lib/x86_64-linux-gnu/rsyslog/imrelp.so", "rsyslog-relp"),
            "syslog-ng" => Folder("artifacts/peers/syslog-ng/usr/sbin"),
            "node" => OnPath("node"),
            "npm" => OnPath("node") ?? Folder("tests/LogAudit.LocalCloud.Tests/Npm/node_modules"),
            "npm-sinks" => OnPath("node") ?? Folder("tests/LogAudit.Forwarding.Tests/Npm/node_modules"),
            "serverless-devs" => OnPath("node")
                ?? Folder("tests/LogAudit.Architecture.Tests/ServerlessDevs/node_modules"),
            "openssl" => OnPath("openssl"),
            "chromium" => OnPath("chromium"),
            "echarts" => Folder("tests/LogAudit.Cli.Tests/ECharts/node_modules"),
            "reference" => Reference is null ? "LOGAUDIT_REFERENCE does not name the reference folder"
            : Directory.Exists(Reference) ? null
            : $"{Reference} does not exist",
            "functions" => Folder("artifacts/functions/Sync"),
            _ => throw new ArgumentOutOfRangeException(nameof(peer), peer, "unknown peer"),
        };

    private static string? Program(string path, string package) =>
        File.Exists(path) ? null : $"{path} is absent (Debian: apt-get install {package})";

    private static string? Folder(string path) =>
        Directory.Exists(Path.Combine(Repository, path)) ? null : $"{path} is absent (scripts/test makes it)";

    private static string? OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':')
            .Any(folder => File.Exists(Path.Combine(folder, program)))
            ? null
            : $"{program} is not on the path";

    private static string FindRepository()
    {
        var folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "LogAudit.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException($"no LogAudit.sln above {AppContext.BaseDirectory}");
    }

    /// <summary>A port on loopback that nobody listens on, below those that the system gives away itself: nobody takes it while a program starts or restarts.</summary>
    public static int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(10_000, 32_768);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken: another one.
            }
        }
    }

    /// <summary>Waits until a program listens on a port.</summary>
    /// <param name="port">The port.</param>
    /// <param name="program">The program; its end is a failure.</param>
    /// <param name="errors">What it says on standard error.</param>
    public static async Task ListensAsync(int port, Process program, Task<string> errors)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync(IPAddress.Loopback, port, patience.Token);
                return;
            }
            catch (SocketException) when (!program.HasExited)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
            }
            catch (SocketException refused)
            {
                throw new InvalidOperationException($"{program.StartInfo.FileName} ended: {await errors}", refused);
            }
        }
    }

    /// <summary>The lines of a file that a program writes, once there are so many.</summary>
    public static async Task<IReadOnlyList<string>> LinesAsync(string file, int count)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var lines = File.Exists(file) ? await File.ReadAllLinesAsync(file, patience.Token) : [];
            if (lines.Length >= count)
            {
                return lines;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
        }
    }

    /// <summary>Runs a program and gives its exit code and what it printed.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(
        string program,
        string folder,
        IReadOnlyDictionary<string, string>? environment,
        params string[] arguments
    )
    {
        var start = new ProcessStartInfo(program)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await errors);
    }
}

/// <summary>A fact that needs peers: skipped by name where one is missing, failed there when peers are required.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PeerFactAttribute : FactAttribute
{
    /// <summary>Names the peers, see <see cref="Peers.Missing"/>.</summary>
    public PeerFactAttribute(params string[] peers)
    {
        var missing = peers.Select(Peers.Missing).FirstOrDefault(why => why is not null);
        // Required peers are not skipped: the test runs and fails on what is absent.
        Skip = missing is null || Peers.Required ? null : $"left out: {missing}";
    }
}

/// <summary>A theory that needs peers, like <see cref="PeerFactAttribute"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PeerTheoryAttribute : TheoryAttribute
{
    /// <summary>Names the peers, see <see cref="Peers.Missing"/>.</summary>
    public PeerTheoryAttribute(params string[] peers)
    {
        var missing = peers.Select(Peers.Missing).FirstOrDefault(why => why is not null);
        Skip = missing is null || Peers.Required ? null : $"left out: {missing}";
    }
}
