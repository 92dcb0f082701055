using LogAudit.Cli.Commands;
using LogAudit.Cli.Demo;
using LogAudit.Collection;
using LogAudit.Hosting;
using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Scenario;
using LogAudit.LocalCloud.Sql;
using LogAudit.OpenApi;
using LogAudit.Products;
using Microsoft.Extensions.DependencyInjection;

namespace LogAudit.Cli.Dashboards;

/// <summary>A LocalCloud on which everything of a scenario is collected and has logged for hours: what dashboards are looked at with, without a cloud.</summary>
internal sealed class SampleEstate : IAsyncDisposable
{
    /// <summary>Between two times at which logs are written; dashboards count by five minutes.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(10);

    private const int Steps = 24;

    /// <summary>Days before today with a few lines each, for boards that look back for long.</summary>
    private const int Days = 30;

    private const int LinesPerStep = 300;

    private readonly LocalCloudHost host;
    private readonly ScenarioRunner runner;
    private readonly Terminal terminal;

    private SampleEstate(LocalCloudHost host, ScenarioScript script, Terminal terminal)
    {
        this.host = host;
        this.terminal = terminal;
        runner = ScenarioRunner.Prepare(host.Cloud, script);
    }

    /// <summary>The settings by which it is collected.</summary>
    public Settings Settings { get; private set; } = null!;

    /// <summary>The services of its administrator.</summary>
    public ServiceProvider Services { get; private set; } = null!;

    public static async Task<SampleEstate> StartAsync(
        ScenarioScript script,
        Terminal terminal,
        CancellationToken cancel
    )
    {
        // Waiting times of the cloud show nothing here.
        var options = new LocalCloudOptions
        {
            Seed = script.Seed,
            DelayScale = 1_000_000,
            Sql = new DuckSqlEngine(),
        };
        var estate = new SampleEstate(await LocalCloudHost.StartAsync(options, cancel), script, terminal);
        try
        {
            await estate.CollectAsync(cancel);
            await estate.WriteAsync(cancel);
        }
        catch
        {
            await estate.DisposeAsync();
            throw;
        }

        return estate;
    }

    public async ValueTask DisposeAsync()
    {
        if (Services is not null)
        {
            await Services.DisposeAsync();
        }

        await host.DisposeAsync();
    }

    /// <summary>Bootstrap, what only a person can switch on, and one full run, as an administrator does them.</summary>
    private async Task CollectAsync(CancellationToken cancel)
    {
        var file = new FileInfo(Path.Combine(Path.GetTempPath(), $"logaudit-sample-{Guid.NewGuid():N}.yaml"));
        try
        {
            await File.WriteAllTextAsync(file.FullName, DemoSettings.Write(runner.Script, receiverPort: 1), cancel);
            Settings = Composition.ReadSettings(file);
        }
        finally
        {
            file.Delete();
        }

        var (id, secret) = runner.Administrator(runner.Script.CentralAccount);
        Services = Composition.Services(
            Settings,
            terminal,
            Composition.DirectoryAccessRole,
            new CallerPlace(
                new KeyPair(new Credentials(id, new Secret(secret), SecurityToken: null, Expires: null)),
                EndpointSetting.Read(host.Address.GetLeftPart(UriPartial.Authority))
            ),
            new OpenApiOptions { CallsPerSecond = 1000, Burst = 1000 }
        );
        var catalogue = Services.GetRequiredService<ProductCatalogue>();
        var bootstrap = Services.GetRequiredService<IBootstrap>();
        terminal.Tell($"LocalCloud: switching '{runner.Script.Name}' on …");
        var made = await bootstrap.ApplyAsync(
            await bootstrap.PlanAsync(BootstrapCommand.RoleOf(Settings, catalogue), cancel),
            Deadline.None,
            cancel
        );
        if (!made.Complete)
        {
            throw new InvalidOperationException($"bootstrap is not complete: {string.Join(", ", made.Missing)}");
        }

        runner.DoByHand();
        var report = await Services.GetRequiredService<IReconciler>().RunAsync("command", Deadline.None, cancel);
        foreach (var error in report.Errors)
        {
            terminal.Error($"{error}");
        }
    }

    private async Task WriteAsync(CancellationToken cancel)
    {
        terminal.Tell("LocalCloud: writing logs of the last hours and, fewer, of the days before …");
        var now = TimeProvider.System.GetUtcNow();
        for (var day = Days - 1; day > 0; day--)
        {
            runner.WriteLogs(LinesPerStep, now - TimeSpan.FromDays(day));
        }

        for (var step = Steps - 1; step >= 0; step--)
        {
            // More at some times than at others, so that lines have a shape.
            var lines = LinesPerStep + (int)(LinesPerStep * 0.5 * Math.Sin(step / 3.0));
            runner.WriteLogs(lines, now - (step * Step));
        }

        runner.Carry();
        // What products only offer by API comes by the function that polls.
        await Services.GetRequiredService<PollFunction>().InvokeAsync(Deadline.None, cancel);
    }
}
