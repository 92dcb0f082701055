using System.Diagnostics;

namespace LogAudit.Testing;

/// <summary>What a real rsyslog speaks.</summary>
public enum RsyslogProtocol
{
    /// <summary>Plain syslog over TCP or TLS (imtcp).</summary>
    Tcp,

    /// <summary>Plain syslog over UDP (imudp).</summary>
    Udp,

    /// <summary>RELP over TCP or TLS (imrelp).</summary>
    Relp,
}

/// <summary>How a real rsyslog listens.</summary>
/// <param name="Protocol">What it speaks.</param>
/// <param name="Certificates">For TLS; null without.</param>
/// <param name="AsksForCertificate">Whether a client must show a certificate of the authority; with RELP over TLS.</param>
public sealed record RsyslogInput(
    RsyslogProtocol Protocol,
    TestCertificates? Certificates = null,
    bool AsksForCertificate = false
);

/// <summary>A real rsyslog on loopback that writes messages to a file: direct queue, TCP or TLS by OpenSSL.</summary>
public sealed class Rsyslog : IAsyncDisposable
{
    private readonly string folder;
    private readonly string configuration;
    private Process? process;

    private Rsyslog(string folder, string configuration) => (this.folder, this.configuration) = (folder, configuration);

    /// <summary>Port on which it listens; the same after a restart.</summary>
    public int Port { get; private init; }

    /// <summary>What it wrote: the MSG part of each message, a line each.</summary>
    public string File => Path.Combine(folder, "received.log");

    /// <summary>Starts one that speaks plain syslog.</summary>
    /// <param name="certificates">For TLS; null for TCP.</param>
    public static Task<Rsyslog> StartAsync(TestCertificates? certificates) =>
        StartAsync(new RsyslogInput(RsyslogProtocol.Tcp, certificates));

    /// <summary>Starts it.</summary>
    public static async Task<Rsyslog> StartAsync(RsyslogInput input)
    {
        var folder = Directory.CreateTempSubdirectory("logaudit-rsyslog-").FullName;
        var rsyslog = new Rsyslog(folder, Path.Combine(folder, "rsyslog.conf")) { Port = Peers.FreePort() };
        await System.IO.File.WriteAllTextAsync(rsyslog.configuration, rsyslog.Configuration(input));
        await rsyslog.RunAsync();
        return rsyslog;
    }

    /// <summary>Kills it at once, as a failing machine would.</summary>
    public async Task KillAsync()
    {
        if (process is not null)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
            process = null;
        }
    }

    /// <summary>Stops it as a service manager does: it is asked to end, and ends in its own way.</summary>
    public async Task StopAsync()
    {
        if (process is not null)
        {
            await Peers.RunAsync("/bin/sh", folder, environment: null, "-c", $"kill -TERM {process.Id}");
            await process.WaitForExitAsync();
            process.Dispose();
            process = null;
        }
    }

    /// <summary>Starts it again on the same port.</summary>
    public Task RestartAsync() => RunAsync();

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Directory.Delete(folder, recursive: true);
    }

    private string Configuration(RsyslogInput input)
    {
        var listening = input.Protocol switch
        {
            RsyslogProtocol.Relp => Relp(input),
            RsyslogProtocol.Udp => Udp(),
            _ => Tcp(input.Certificates),
        };
        return $$"""
            global(workDirectory="{{folder}}" maxMessageSize="64k" parser.escapeControlCharactersOnReceive="off")
            {{listening.Module}}
            template(name="message" type="string" string="%msg%\n")
            ruleset(name="received" queue.type="Direct") {
              action(type="omfile" file="{{File}}" template="message")
            }
            {{listening.Input}}

            """;
    }

    private (string Module, string Input) Tcp(TestCertificates? certificates) =>
        (
            certificates is null
                ? """module(load="imtcp")"""
                : $"""
                global(defaultNetstreamDriverCAFile="{certificates.CaFile}" defaultNetstreamDriverCertFile="{certificates.ServerFile}" defaultNetstreamDriverKeyFile="{certificates.ServerKeyFile}")
                module(load="imtcp" StreamDriver.Name="ossl" StreamDriver.Mode="1" StreamDriver.AuthMode="anon")
                """,
            $"""input(type="imtcp" address="127.0.0.1" port="{Port}" ruleset="received")"""
        );

    // TCP beside it tells when it is up.
    private (string Module, string Input) Udp()
    {
        var tcp = Tcp(certificates: null);
        return (
            $"""
            {tcp.Module}
            module(load="imudp")
            """,
            $"""
            {tcp.Input}
            input(type="imudp" address="127.0.0.1" port="{Port}" ruleset="received")
            """
        );
    }

    private (string Module, string Input) Relp(RsyslogInput input)
    {
        var tls = input.Certificates is { } certificates
            ? $"""tls="on" tls.caCert="{certificates.CaFile}" tls.myCert="{certificates.ServerFile}" tls.myPrivKey="{certificates.ServerKeyFile}" """
            : "";
        var asks = input.AsksForCertificate ? """tls.authMode="certvalid" """ : "";
        return (
            """module(load="imrelp" tls.tlslib="openssl" ruleset="received")""",
            $"""input(type="imrelp" address="127.0.0.1" port="{Port}" maxDataSize="64k" {tls}{asks})"""
        );
    }

    private async Task RunAsync()
    {
        var start = new ProcessStartInfo("/usr/sbin/rsyslogd")
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        foreach (var argument in new[] { "-n", "-f", configuration, "-i", Path.Combine(folder, "pid") })
        {
            start.ArgumentList.Add(argument);
        }

        process = Process.Start(start) ?? throw new InvalidOperationException("rsyslogd did not start");
        var errors = process.StandardError.ReadToEndAsync();
        await Peers.ListensAsync(Port, process, errors);
    }
}
