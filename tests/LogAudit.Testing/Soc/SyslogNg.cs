using System.Diagnostics;
using System.Globalization;

namespace LogAudit.Testing;

/// <summary>How a real syslog-ng listens.</summary>
/// <param name="Certificates">For TLS; null for TCP.</param>
/// <param name="AsksForCertificate">Whether a client must show a certificate of the authority.</param>
/// <param name="Lines">Whether messages end at a line feed (<c>network()</c>) instead of being counted (<c>syslog()</c>).</param>
public sealed record SyslogNgInput(TestCertificates? Certificates, bool AsksForCertificate = false, bool Lines = false);

/// <summary>A real syslog-ng on loopback that parses RFC 5424 and the JSON in it, and writes what it understood to a file.</summary>
/// <remarks>Debian keeps it from being installed beside rsyslog; <c>scripts/peers</c> unpacks it into <c>artifacts/peers</c>.</remarks>
public sealed class SyslogNg : IAsyncDisposable
{
    private readonly string folder;
    private Process? process;

    private SyslogNg(string folder) => this.folder = folder;

    /// <summary>Folder into which the package is unpacked.</summary>
    public static string Unpacked { get; } = Path.Combine(Peers.Repository, "artifacts/peers/syslog-ng");

    /// <summary>Port on which it listens.</summary>
    public int Port { get; private set; }

    /// <summary>What it wrote: for each message the id and the account of the structured data, the test's mark out of the parsed JSON, and the JSON, between tabs.</summary>
    public string File => Path.Combine(folder, "received.log");

    /// <summary>Starts it.</summary>
    public static async Task<SyslogNg> StartAsync(SyslogNgInput input)
    {
        var syslogNg = new SyslogNg(Directory.CreateTempSubdirectory("logaudit-syslog-ng-").FullName);
        syslogNg.Port = Peers.FreePort();
        await System.IO.File.WriteAllTextAsync(
            Path.Combine(syslogNg.folder, "syslog-ng.conf"),
            syslogNg.Configuration(input)
        );
        await syslogNg.RunAsync();
        return syslogNg;
    }

    /// <summary>The lines of the file, once there are so many: it writes after it has closed the connection.</summary>
    public Task<IReadOnlyList<string>> LinesAsync(int count) => Peers.LinesAsync(File, count);

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        Directory.Delete(folder, recursive: true);
    }

    private string Configuration(SyslogNgInput input)
    {
        var tls = input.Certificates is { } certificates
            ? $"""tls(key-file("{certificates.ServerKeyFile}") cert-file("{certificates.ServerFile}") ca-file("{certificates.CaFile}") peer-verify({(input.AsksForCertificate ? "required-trusted" : "optional-untrusted")}))"""
            : "";
        var source = input.Lines ? "network" : "syslog";
        var flags = input.Lines ? "flags(syslog-protocol)" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            @version: 3.38
            options { stats-freq(0); };
            source s {
              {{source}}(ip("127.0.0.1") port({{Port}}) transport("{{(
                input.Certificates is null ? "tcp" : "tls"
            )}}") log-msg-size(65536) {{flags}} {{tls}});
            };
            parser json { json-parser(prefix(".json.")); };
            destination d {
              file("{{File}}" template("${.SDATA.logaudit@32473.event_id}\t${.SDATA.logaudit@32473.account}\t${.json.aliyun.test_log.mark}\t${MESSAGE}\n"));
            };
            log { source(s); parser(json); destination(d); flags(flow-control); };

            """
        );
    }

    private async Task RunAsync()
    {
        var start = new ProcessStartInfo(Path.Combine(Unpacked, "usr/sbin/syslog-ng"))
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        foreach (
            var argument in new[]
            {
                "--foreground",
                "--no-caps",
                "--stderr",
                $"--module-path={Path.Combine(Unpacked, "usr/lib/syslog-ng/3.38")}",
                $"--cfgfile={Path.Combine(folder, "syslog-ng.conf")}",
                $"--persist-file={Path.Combine(folder, "persist")}",
                $"--pidfile={Path.Combine(folder, "pid")}",
                $"--control={Path.Combine(folder, "control")}",
            }
        )
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["LD_LIBRARY_PATH"] = Path.Combine(Unpacked, "usr/lib/syslog-ng");
        process = Process.Start(start) ?? throw new InvalidOperationException("syslog-ng did not start");
        var errors = process.StandardError.ReadToEndAsync();
        await Peers.ListensAsync(Port, process, errors);
    }
}
