using System.CommandLine;
using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Scenario;
using LogAudit.LocalCloud.Sql;

namespace LogAudit.Cli.Commands;

/// <summary><c>logaudit local</c>: LocalCloud alone, and how to point a client at it.</summary>
internal static class LocalCommand
{
    public static Command Create(Terminal terminal)
    {
        var scenario = new Option<FileInfo?>("--scenario")
        {
            Description = "Organisation to start with; the built-in demo when not given.",
        };
        var port = new Option<int>("--port")
        {
            Description = "Port of plain HTTP on 127.0.0.1; 0 takes any free one.",
            DefaultValueFactory = _ => 8080,
        };
        var secure = new Option<int>("--https-port")
        {
            Description = "Port of HTTPS on 127.0.0.1; 0 takes any free one.",
            DefaultValueFactory = _ => 8443,
        };
        port.Within(0, 65_535);
        secure.Within(0, 65_535);
        var seed = new Option<int?>("--seed")
        {
            Description = "Fixes every random choice; the scenario's own when not given.",
        };
        var command = new Command(
            "local",
            "Starts LocalCloud (Alibaba Cloud on loopback) and runs until it is interrupted."
        )
        {
            scenario,
            port,
            secure,
            seed,
        };
        command.SetWork(
            terminal,
            async (parsed, cancel) =>
            {
                var script = ScenarioSource.Read(parsed.GetValue(scenario), parsed.GetValue(seed));
                var options = new LocalCloudOptions
                {
                    HttpPort = parsed.GetValue(port),
                    HttpsPort = parsed.GetValue(secure),
                    Seed = script.Seed,
                    DelayScale = script.DelayScale,
                    Sql = new DuckSqlEngine(),
                };
                await using var host = await LocalCloudHost.StartAsync(options, cancel);
                var runner = ScenarioRunner.Prepare(host.Cloud, script);
                var preload = Path.Combine(Path.GetTempPath(), $"localcloud-preload-{host.Address.Port}.js");
                await File.WriteAllTextAsync(preload, NodePreload.For(host), cancel);
                terminal.Write(Guide(host, script, runner.Administrator(script.CentralAccount), preload));
                var writing = runner.WriteLogsAsync(cancel);
                try
                {
                    await writing;
                }
                catch (OperationCanceledException)
                {
                    terminal.Tell("LocalCloud ends; its state is gone.");
                }
                finally
                {
                    File.Delete(preload);
                }

                return ExitCodes.Done;
            }
        );
        return command;
    }

    private static string Guide(
        LocalCloudHost host,
        ScenarioScript script,
        (string Id, string Secret) key,
        string preload
    ) =>
        $"""
            LocalCloud listens on {host.Address} and {host.SecureAddress}, for as long as this command runs.
            Organisation: {script.Name}, {script.Accounts.Count} accounts, {script.Resources.Count} resources; central account {script.CentralAccount}, region {script.CentralRegion}.
            Delays of the cloud are divided by {script.DelayScale}; signatures, token expiry and trigger limits run in real time.

            An administrator of the central account, valid here only:
              export ALIBABA_CLOUD_ACCESS_KEY_ID={key.Id}
              export ALIBABA_CLOUD_ACCESS_KEY_SECRET={key.Secret}
            LogAudit:
              export LOGAUDIT_ENDPOINT={host.Address.GetLeftPart(UriPartial.Authority)}
            The official Node.js clients, unmodified (the preload leads every name of the cloud to LocalCloud):
              node --require {preload} your-script.js
            Anything else: connect to {host.Address.Authority} and keep the real name in the Host header.
            What it knows: {host.Address}__localcloud/state, /requests, /faults, /delays
            """;
}
