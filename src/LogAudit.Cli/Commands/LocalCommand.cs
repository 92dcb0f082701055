using System.CommandLine;
using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Scenario;

namespace LogAudit.Cli.Commands;

/// <summary><c>logaudit local</c>: LocalCloud alone, and how to point a client at it.</summary>
internal static class LocalCommand
{
    public static Command Create(Terminal terminal)
    {
        var scenario = new Option<FileInfo?>("--scenario") { Description = "Organisation to start with; the built-in demo when not given." };
        var port = new Option<int>("--port") { Description = "Port of plain HTTP on 127.0.0.1.", DefaultValueFactory = _ => 8080 };
        var secure = new Option<int>("--https-port") { Description = "Port of HTTPS on 127.0.0.1.", DefaultValueFactory = _ => 8443 };
        var seed = new Option<int?>("--seed") { Description = "Fixes every random choice; the scenario's own when not given." };
        var command = new Command("local", "Starts LocalCloud (Alibaba Cloud on loopback) and runs until it is interrupted.") { scenario, port, secure, seed };
        command.SetAction(
            async (parsed, cancel) =>
            {
                var script = ScenarioSource.Read(parsed.GetValue(scenario));
                await using var host = await LocalCloudHost.StartAsync(
                    new LocalCloudOptions
                    {
                        HttpPort = parsed.GetValue(port),
                        HttpsPort = parsed.GetValue(secure),
                        Seed = parsed.GetValue(seed) ?? script.Seed,
                        DelayScale = script.DelayScale,
                    },
                    cancel
                );
                var organisation = Organisation.Create(host.Cloud, script);
                terminal.Write(Guide(host, organisation));
                try
                {
                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancel);
                }
                catch (OperationCanceledException)
                {
                    terminal.Tell("LocalCloud ends; its state is gone.");
                }

                return ExitCodes.Done;
            }
        );
        return command;
    }
}
