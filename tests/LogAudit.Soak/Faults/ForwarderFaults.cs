using System.Text;

namespace LogAudit.Soak;

/// <summary>Faults of whoever forwards: killed processes, tokens that end, triggers that come twice, names that are not found.</summary>
internal sealed class ForwarderFaults(SoakCloud cloud, Consumers consumers, IReadOnlyList<Receiver> receivers)
{
    private readonly IReadOnlyList<Receiver> ofFunction =
    [
        .. receivers.Where(one => one.Road.By == Forwarder.Function),
    ];

    /// <summary>Of the function.</summary>
    public IReadOnlyList<FaultKind> OfFunction =>
        [
            new("kill-function", KillAsync),
            new("kill-function", KillAsync),
            new("token-expiry", (_, cancel) => Waiting.UntilStruckAsync(EndToken, 5, cancel)),
            new("duplicate-trigger", DuplicateAsync),
            new("overlapping-triggers", OverlappingAsync),
            new("two-sweeps", TwoSweepsAsync),
            new("two-instances", TwoInstancesAsync),
        ];

    /// <summary>Of the function, by a deployment with a wrong name and another that puts it right.</summary>
    public FaultKind NameOfFunction =>
        new(
            "dns-failure",
            async (random, cancel) =>
            {
                var wrong = ofFunction[random.Next(ofFunction.Count)];
                await cloud.DeployAsync(SoakSettings.Of(ofFunction, wrong), []);
                try
                {
                    await Waiting.ForAsync(random, 3, 6, cancel);
                    return File.ReadLines(cloud.Function.LogFile)
                        .Count(line => line.Contains(SoakSettings.NoHost, StringComparison.Ordinal));
                }
                finally
                {
                    await cloud.DeployAsync(SoakSettings.Of(ofFunction, wrong: null), []);
                }
            }
        );

    /// <summary>Of the consumers.</summary>
    public IReadOnlyList<FaultKind> OfConsumers =>
        [
            new("kill-consumer", (random, _) => consumers.KillAsync(random, sameName: true)),
            new("kill-consumer", (random, _) => consumers.KillAsync(random, sameName: true)),
            new("kill-consumer", (random, _) => consumers.KillAsync(random, sameName: true)),
            new("replace-consumer", (random, _) => consumers.KillAsync(random, sameName: false)),
        ];

    // In the middle of an invocation, or there is nothing to lose.
    private async Task<long> KillAsync(Random random, CancellationToken cancel)
    {
        var busy = await Waiting.UntilStruckAsync(
            () => cloud.Function.Pool.Instances.Count(one => one.Busy > 0),
            5,
            cancel
        );
        await Waiting.ForAsync(random, 0, 0.5, cancel);
        var killed = cloud.Function.Pool.Instances.Count;
        cloud.Function.Pool.Crash();
        return Math.Min(busy, killed);
    }

    private long EndToken() =>
        cloud.Function.Pool.Instances.Any(one => one.Busy > 0) && cloud.Function.EndSession() ? 1 : 0;

    private async Task<long> DuplicateAsync(Random random, CancellationToken cancel)
    {
        var road = ofFunction[random.Next(ofFunction.Count)].Road;
        var shards = cloud.Logstore(road.Logstore).Shards;
        var doorbell = SoakCloud.Doorbell(road.Logstore, shards[random.Next(shards.Count)].Id);
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => cloud.InvokeAsync(doorbell, cancel)));
        return 2;
    }

    private async Task<long> OverlappingAsync(Random random, CancellationToken cancel)
    {
        var bodies = ofFunction
            .SelectMany(one =>
                cloud
                    .Logstore(one.Road.Logstore)
                    .Shards.Select(shard => SoakCloud.Doorbell(one.Road.Logstore, shard.Id))
            )
            .Append(SoakCloud.Sweep)
            .ToArray();
        random.Shuffle(bodies);
        await Task.WhenAll(bodies.Select(body => cloud.InvokeAsync(body, cancel)));
        return bodies.Length;
    }

    private async Task<long> TwoSweepsAsync(Random random, CancellationToken cancel)
    {
        await Task.WhenAll(cloud.InvokeAsync(SoakCloud.Sweep, cancel), cloud.InvokeAsync(SoakCloud.Sweep, cancel));
        return 2;
    }

    // Another process sweeps the same shards at the same time, as the old and the new one do on a deployment; then it is killed.
    private async Task<long> TwoInstancesAsync(Random random, CancellationToken cancel)
    {
        var (other, credentials) = await cloud.StartAnotherInstanceAsync(cancel);
        try
        {
            var sweeps = Task.WhenAll(
                cloud.InvokeAsync(SoakCloud.Sweep, cancel),
                other.InvokeAsync(
                    Guid.NewGuid().ToString(),
                    Encoding.UTF8.GetBytes(SoakCloud.Sweep),
                    credentials,
                    cancel
                )
            );
            await Task.WhenAny(sweeps, Waiting.ForAsync(random, 1, 6, cancel));
            other.Kill();
            await sweeps;
        }
        finally
        {
            other.Kill();
        }

        return 2;
    }
}
