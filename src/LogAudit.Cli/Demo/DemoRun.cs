using System.Diagnostics;
using LogAudit.Cli.Commands;
using LogAudit.Cli.Deployment;
using LogAudit.Collection;
using LogAudit.Hosting;
using LogAudit.LocalCloud.Fc;
using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Scenario;
using LogAudit.LocalCloud.Sql;
using LogAudit.OpenApi;
using LogAudit.Products;
using Microsoft.Extensions.DependencyInjection;

namespace LogAudit.Cli.Demo;

/// <summary>One run of the demo, in the order of a real deployment: bootstrap, render, deploy; then the timer finds everything, the timeline plays, and LocalCloud counts.</summary>
internal sealed class DemoRun : IAsyncDisposable
{
    private const int TriggerIntervalSeconds = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Stopwatch watch = Stopwatch.StartNew();
    private readonly Terminal terminal;
    private readonly ScenarioScript script;
    private readonly DirectoryInfo folder;
    private readonly LocalCloudHost host;
    private readonly ScenarioRunner runner;
    private readonly SocReceiver receiver;

    private DemoRun(Terminal terminal, ScenarioScript script, DirectoryInfo folder, LocalCloudHost host)
    {
        this.terminal = terminal;
        this.script = script;
        this.folder = folder;
        this.host = host;
        runner = ScenarioRunner.Prepare(host.Cloud, script);
        receiver = new SocReceiver(ReceiverFile);
        Functions.Directory = Path.Combine(folder.FullName, "functions");
    }

    public string ReceiverFile => Path.Combine(folder.FullName, "received.log");

    private DeployedFunction Discover =>
        Functions.All.First(function => function.Definition.Name == "logaudit-discover");

    private FunctionService Functions => host.Cloud.Services.Get<FunctionService>();

    public static async Task<DemoRun> StartAsync(
        Terminal terminal,
        ScenarioScript script,
        DirectoryInfo folder,
        CancellationToken cancel
    )
    {
        if (folder.Exists)
        {
            folder.Delete(recursive: true);
        }

        folder.Create();
        var host = await LocalCloudHost.StartAsync(
            new LocalCloudOptions
            {
                Seed = script.Seed,
                DelayScale = script.DelayScale,
                Sql = new DuckSqlEngine(),
            },
            cancel
        );
        return new DemoRun(terminal, script, folder, host);
    }

    public async Task<DemoResult> PlayAsync(FileInfo deployment, DirectoryInfo packages, CancellationToken cancel)
    {
        Tell(
            $"LocalCloud plays '{script.Name}' (seed {script.Seed}): {script.Accounts.Count} accounts, {runner.Resources().Count} resources; delays divided by {script.DelayScale}"
        );
        // What an earlier roll-out left behind takes a moment to act, as everything in the cloud does.
        await Task.Delay(TimeSpan.FromMinutes(2) / script.DelayScale, TimeProvider.System, cancel);
        var before = runner.Rows();
        var settings = await SettingsAsync(cancel);
        await using var services = Services(settings);
        await BootstrapAsync(services, settings, cancel);
        await DeployAsync(services, settings, deployment, packages, cancel);

        using var writing = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var logs = runner.WriteLogsAsync(writing.Token);
        Tell("the timer finds everything …");
        await UntilAsync(
            () => runner.Rows().All(row => row.State is not CoverageState.NotCollecting || IsLeftToPerson(row)),
            "first coverage",
            cancel
        );
        var allOn = host.Cloud.Clock.GetUtcNow();
        // Between two runs of the timer, so that the other roads can be first.
        await UntilAsync(
            () => Discover.Pool.Instances.All(instance => instance.Busy == 0),
            "the timer's run to end",
            cancel
        );
        var firstRuns = Functions
            .Notes.Where(note => note is { Function: "logaudit-discover", Ok: true } && note.Began < allOn)
            .OrderBy(note => note.Began)
            .Select(note => note.Took.TotalSeconds)
            .ToList();
        var (first, _) = await services.GetRequiredService<RunHistory>().LastAsync(cancel);
        Tell($"the timeline plays: {script.Timeline.Count} changes …");
        await runner.PlayAsync(cancel);
        await runner.SettleAsync(Patience, cancel);
        await writing.CancelAsync();
        await EndedAsync(logs);

        Tell("the last records are on their way …");
        var written = runner.Written();
        await UntilAsync(
            () =>
                DeliveryCheck.Of(written, ReceiverFile).Lost == 0
                && runner.Points().Values.All(points => points.Stored == points.Shown)
                && runner.Rows().All(row => row.State is not CoverageState.NotCollecting),
            "every record received",
            cancel
        );
        Tell("a second reconcile, with nothing changed …");
        var (writes, seconds, report) = await SecondReconcileAsync(cancel);
        var after = runner.Rows();
        var delivery = DeliveryCheck.Of(written, ReceiverFile);
        return new DemoResult
        {
            Script = script,
            Before = [.. Agreement.Worst(before)],
            After = [.. Agreement.Worst(after)],
            Logs = LogRow.Of(before, after, delivery, runner.Points()),
            ByHand = HandStep.Of(script, first?.Findings ?? [], report?.Findings ?? []),
            Changes = Changes(),
            Delivery = delivery,
            FirstReconcileSeconds = firstRuns,
            SecondReconcileSeconds = seconds,
            SecondReconcileWrites = writes,
            Disagreements = report is null
                ? ["the second reconcile gave no report"]
                : [.. Agreement.Check(report, after, script)],
            Seconds = watch.Elapsed.TotalSeconds,
        };
    }

    public async ValueTask DisposeAsync()
    {
        await host.DisposeAsync();
        await receiver.DisposeAsync();
    }

    private async Task<Settings> SettingsAsync(CancellationToken cancel)
    {
        var file = new FileInfo(Path.Combine(folder.FullName, "logaudit.yaml"));
        await File.WriteAllTextAsync(file.FullName, DemoSettings.Write(script, receiver.Port), cancel);
        return Composition.ReadSettings(file);
    }

    private ServiceProvider Services(Settings settings)
    {
        var (id, secret) = runner.Administrator(script.CentralAccount);
        var place = new CallerPlace(
            new KeyPair(new Credentials(id, new Secret(secret), SecurityToken: null, Expires: null)),
            EndpointSetting.Read(Endpoint)
        );
        return Composition.Services(settings, terminal, Composition.DirectoryAccessRole, place);
    }

    private string Endpoint => host.Address.GetLeftPart(UriPartial.Authority);

    private async Task BootstrapAsync(ServiceProvider services, Settings settings, CancellationToken cancel)
    {
        var bootstrap = services.GetRequiredService<IBootstrap>();
        var plan = await bootstrap.PlanAsync(
            BootstrapCommand.RoleOf(settings, services.GetRequiredService<ProductCatalogue>()),
            cancel
        );
        Tell($"bootstrap: {plan.Changes.Count} changes (roles, central project, Logstores, trail) …");
        var result = await bootstrap.ApplyAsync(plan, Deadline.None, cancel);
        if (!result.Complete)
        {
            var failed = result.Applied.FirstOrDefault(one => !one.InPlace);
            throw new InvalidOperationException(
                $"bootstrap is not complete: {failed?.Planned.Change.Setting} {failed?.Note} {string.Join(", ", result.Missing)}"
            );
        }
    }

    private async Task DeployAsync(
        ServiceProvider services,
        Settings settings,
        FileInfo deployment,
        DirectoryInfo packages,
        CancellationToken cancel
    )
    {
        Tell("deploying the functions from the rendered s.yaml …");
        var file = DeploymentFile.Parse(await File.ReadAllTextAsync(deployment.FullName, cancel));
        file.Add(RenderCommand.Triggers(settings, TriggerIntervalSeconds));
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "s.yaml"), file.ToYaml(), cancel);
        var variables = new Dictionary<string, string>(RenderCommand.Variables(settings), StringComparer.Ordinal)
        {
            ["LOGAUDIT_CODE"] = packages.FullName,
        };
        var deployer = new FunctionDeployer(
            services.GetRequiredService<OpenApiClient>(),
            settings.Central.Account,
            settings.Central.Region
        );
        var files = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["logaudit.yaml"] = await File.ReadAllTextAsync(Path.Combine(folder.FullName, "logaudit.yaml"), cancel),
        };
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [EndpointSetting.Variable] = Endpoint,
            // The real limits of the products are not LocalCloud's.
            ["LOGAUDIT_CALLS_PER_SECOND"] = "50",
        };
        foreach (var (_, props) in file.Functions(variables))
        {
            await deployer.DeployAsync(props, folder.FullName, files, environment, cancel);
        }
    }

    /// <summary>A full reconcile when nothing has changed: what it writes in the estate, and what the product itself reports.</summary>
    private async Task<(int Writes, double Seconds, RunReport? Report)> SecondReconcileAsync(CancellationToken cancel)
    {
        (int, double, RunReport?) last = (-1, 0, null);
        var end = watch.Elapsed + Patience;
        for (var attempt = 0; attempt < 5 && watch.Elapsed < end; )
        {
            var (from, began) = (host.Cloud.Requests.Latest, watch.Elapsed);
            try
            {
                var answer = await Discover.InvokeAsync("demo", Guid.NewGuid().ToString(), "{}"u8.ToArray(), cancel);
                var seconds = (watch.Elapsed - began).TotalSeconds;
                var writes = host.Cloud.Requests.Since(from).Count(RoadFinder.ChangesTheEstate);
                attempt++;
                last = (
                    writes,
                    seconds,
                    answer.Ok ? RunJson.Read(System.Text.Encoding.UTF8.GetString(answer.Body)) : null
                );
                if (answer.Ok && writes == 0)
                {
                    break;
                }
            }
            catch (CloudError error) when (error.Status == 429)
            {
                // The timer's own run is under way: the function has one instance.
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, cancel);
            }
        }

        return last;
    }

    private List<DemoChange> Changes()
    {
        var requests = host.Cloud.Requests.Since(0);
        return
        [
            .. runner
                .Changes.Where(change => !change.Change.IsByHand)
                .Select(change => new DemoChange(
                    $"{change.Change.Do} {change.Change.Resource.Product} {change.Change.Resource.Name} ({script.Accounts.First(account => account.Uid == change.Change.Resource.Account).Name}, {change.Change.Resource.Region})",
                    change.CollectingAt is null ? "" : RoadFinder.Of(change, script, requests, Functions.Notes),
                    change.CollectingAt is { } at ? (at - change.At).TotalSeconds : null,
                    change.NeedsRepair
                )),
        ];
    }

    /// <summary>Whether a log is off until a person of the timeline switches it on.</summary>
    private bool IsLeftToPerson(LogAudit.LocalCloud.Scenario.CoverageRow row) =>
        script.Timeline.Any(change =>
            change.IsByHand
            && change.Resource.Product == row.Product
            && (change.Resource.Id == row.Id || row.Kind is "platform")
        );

    private async Task UntilAsync(Func<bool> holds, string what, CancellationToken cancel)
    {
        var end = watch.Elapsed + Patience;
        while (!holds())
        {
            if (watch.Elapsed > end)
            {
                Tell($"gave up waiting for: {what}");
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(250), TimeProvider.System, cancel);
        }
    }

    private static async Task EndedAsync(Task work)
    {
        try
        {
            await work;
        }
        catch (OperationCanceledException)
        {
            // It was asked to end.
        }
    }

    private void Tell(string line) => terminal.Tell($"[{watch.Elapsed.TotalSeconds, 5:0.0} s] {line}");
}
