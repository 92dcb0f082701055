using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace LogAudit.Testing;

/// <summary>A real rsyslog on loopback that writes messages to a file: imtcp, direct queue, TCP or TLS by OpenSSL.</summary>
public sealed class Rsyslog : IAsyncDisposable
{
    private readonly string folder;
    private readonly string configuration;
    private Process? process;

    private Rsyslog(string folder, string configuration) => (this.folder, this.configuration) = (folder, configuration);

    /// <summary>Port on which it listens; the same after a restart.</summary>
    public int Port { get; private set; }

    /// <summary>What it wrote: the MSG part of each message, a line each.</summary>
    public string File => Path.Combine(folder, "received.log");

    /// <summary>Starts it.</summary>
    /// <param name="certificates">For TLS; null for TCP.</param>
    public static async Task<Rsyslog> StartAsync(TestCertificates? certificates)
    {
        var folder = Directory.CreateTempSubdirectory("logaudit-rsyslog-").FullName;
        var rsyslog = new Rsyslog(folder, Path.Combine(folder, "rsyslog.conf"));
        rsyslog.Configure(certificates, port: 0);
        await rsyslog.RunAsync();
        rsyslog.Configure(certificates, rsyslog.Port);
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

    private void Configure(TestCertificates? certificates, int port)
    {
        var global = certificates is null
            ? ""
            : $"""defaultNetstreamDriverCAFile="{certificates.CaFile}" defaultNetstreamDriverCertFile="{certificates.ServerFile}" defaultNetstreamDriverKeyFile="{certificates.ServerKeyFile}" """;
        var driver = certificates is null
            ? ""
            : """StreamDriver.Name="ossl" StreamDriver.Mode="1" StreamDriver.AuthMode="anon" """;
        System.IO.File.WriteAllText(
            configuration,
            string.Create(
                CultureInfo.InvariantCulture,
                $$"""
                global(workDirectory="{{folder}}" maxMessageSize="64k" parser.escapeControlCharactersOnReceive="off" {{global}})
                module(load="imtcp" {{driver}})
                template(name="message" type="string" string="%msg%\n")
                ruleset(name="received" queue.type="Direct") {
                  action(type="omfile" file="{{File}}" template="message")
                }
                input(type="imtcp" address="127.0.0.1" port="{{port}}" listenPortFileName="{{folder}}/port" ruleset="received")

                """
            )
        );
    }

    private async Task RunAsync()
    {
        var portFile = Path.Combine(folder, "port");
        System.IO.File.Delete(portFile);
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
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await IsUpAsync(portFile, patience.Token))
        {
            if (process.HasExited)
            {
                throw new InvalidOperationException($"rsyslogd ended: {await errors}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
        }
    }

    // It writes the port file only where it chose the port itself; afterwards a connection tells.
    private async Task<bool> IsUpAsync(string portFile, CancellationToken cancel)
    {
        if (Port == 0)
        {
            var text = System.IO.File.Exists(portFile) ? await System.IO.File.ReadAllTextAsync(portFile, cancel) : "";
            Port = int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : 0;
            return Port != 0;
        }

        try
        {
            using var probe = new TcpClient();
            await probe.ConnectAsync(IPAddress.Loopback, Port, cancel);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
