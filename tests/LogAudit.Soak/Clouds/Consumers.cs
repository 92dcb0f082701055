using LogAudit.LocalCloud.Kernel;

namespace LogAudit.Soak;

/// <summary>The processes of <c>logaudit forward</c>, which share the shards of their roads.</summary>
internal sealed class Consumers(SoakCloud cloud, SoakOptions options, IReadOnlyList<Receiver> receivers)
    : IAsyncDisposable
{
    private const int Processes = 2;

    private readonly string folder = Directory.CreateTempSubdirectory("logaudit-soak-").FullName;
    private readonly List<(string Name, ForwardProcess Process)> running = [];
    private readonly SemaphoreSlim gate = new(1);
    private IReadOnlyDictionary<string, string> environment = new Dictionary<string, string>(StringComparer.Ordinal);
    private int names;
    private long arrivedBefore;

    /// <summary>What they said on standard error.</summary>
    public string LogFile(string name) => Path.Combine(folder, $"{name}.log");

    public string Folder => folder;

    private string Settings => Path.Combine(folder, "logaudit.yaml");

    private string WrongSettings => Path.Combine(folder, "wrong.yaml");

    /// <summary>Starts them.</summary>
    public async Task StartAsync()
    {
        await File.WriteAllTextAsync(Settings, SoakSettings.Of(receivers, wrong: null));
        environment = cloud.ForwarderEnvironment(Settings);
        for (var number = 0; number < Processes; number++)
        {
            var name = NewName();
            running.Add((name, Start(name, Settings)));
        }
    }

    /// <summary>Kills one with signal 9 and starts it again: under its name, which has its shards back at once, or under a new one, which has them after the group's time-out.</summary>
    /// <remarks>Only once the processes deliver: on a busy machine one takes longer to start than the next fault to come, and would never hold a shard.</remarks>
    public async Task<long> KillAsync(Random random, bool sameName)
    {
        await gate.WaitAsync();
        try
        {
            if (await Waiting.UntilStruckAsync(Delivered, 40, CancellationToken.None) == 0)
            {
                return 0;
            }

            arrivedBefore += Delivered();
            var at = random.Next(running.Count);
            var (name, process) = running[at];
            await process.KillAsync();
            await process.DisposeAsync();
            await Waiting.ForAsync(random, 0, 2, CancellationToken.None);
            name = sameName ? name : NewName();
            running[at] = (name, Start(name, Settings));
            return 1;
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Starts one anew with settings in which the name of a receiver is not found, and puts it right again.</summary>
    public async Task<long> MisnameAsync(Random random, CancellationToken cancel)
    {
        await gate.WaitAsync(cancel);
        try
        {
            if (await Waiting.UntilStruckAsync(Delivered, 40, cancel) == 0)
            {
                return 0;
            }

            arrivedBefore += Delivered();
            var at = random.Next(running.Count);
            var (name, process) = running[at];
            await process.KillAsync();
            await process.DisposeAsync();
            await File.WriteAllTextAsync(
                WrongSettings,
                SoakSettings.Of(receivers, receivers[random.Next(receivers.Count)]),
                CancellationToken.None
            );
            var wrong = Start($"{name}", WrongSettings);
            await Waiting.ForAsync(random, 4, 8, CancellationToken.None);
            await wrong.KillAsync();
            await wrong.DisposeAsync();
            running[at] = (name, Start(name, Settings));
            return (await File.ReadAllLinesAsync(LogFile(name), CancellationToken.None)).Count(line =>
                line.Contains(SoakSettings.NoHost, StringComparison.Ordinal)
            );
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Ends them in order.</summary>
    /// <returns>Those that did not end with exit code 0.</returns>
    public async Task<IReadOnlyList<string>> StopAsync()
    {
        var failed = new List<string>();
        foreach (var (name, process) in running)
        {
            await process.TerminateAsync();
            var (exit, said) = await process.EndAsync(TimeSpan.FromMinutes(1));
            await File.AppendAllTextAsync(Path.Combine(folder, $"{name}.json"), said);
            if (exit != 0)
            {
                failed.Add($"consumer {name} ended with {exit}; see {LogFile(name)}");
            }
        }

        return failed;
    }

    /// <summary>Sends dead letters again, as an operator does once the receivers are right.</summary>
    /// <param name="of">Whose.</param>
    public async Task<int> ReplayAsync(IEnumerable<Receiver> of)
    {
        var file = Path.Combine(folder, "replay.yaml");
        await File.WriteAllTextAsync(file, SoakSettings.Of(of, wrong: null));
        await using var replay = ForwardProcess.Start(
            options.Command,
            cloud.ForwarderEnvironment(file),
            LogFile("replay"),
            ["replay", "--settings", file, .. of.SelectMany(one => (string[])["--destination", one.Road.Name])]
        );
        return (await replay.EndAsync(TimeSpan.FromMinutes(5))).Exit;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, process) in running)
        {
            await process.DisposeAsync();
        }

        gate.Dispose();
    }

    private long Delivered() => receivers.Sum(one => (long)one.Receipts.Arrived) - arrivedBefore;

    private string NewName() => $"pod-{names++}";

    private ForwardProcess Start(string name, string settings) =>
        ForwardProcess.Start(
            options.Command,
            environment,
            LogFile(name),
            "forward",
            "--settings",
            settings,
            "--output",
            "json",
            "--consumer",
            name,
            "--progress-seconds",
            "10"
        );
}
