using LogAudit.LocalCloud.Kernel;

namespace LogAudit.Benchmarks;

/// <summary>From the start of a process to the answer of its first real event, LocalCloud's own time subtracted, against a bare Kestrel that says hello.</summary>
internal static class ColdStart
{
    private const int Rounds = 31;
    private const string Timer = """{"triggerTime":"2026-01-15T08:30:00Z","triggerName":"reconcile","payload":""}""";

    /// <summary>Measures the three functions.</summary>
    /// <param name="functions">Folder of the published packages.</param>
    /// <param name="bare">Binary of the bare function.</param>
    /// <param name="seed">Fixes LocalCloud's choices.</param>
    /// <param name="report">Takes the figures.</param>
    public static async Task RunAsync(string functions, string bare, int seed, Report report)
    {
        await using var cloud = await BenchCloud.StartAsync(seed);
        // An account of its own, in which nothing changes: what the changes of the other functions leave to read is no work of one account's full run.
        await using var quiet = await BenchCloud.StartAsync(seed);
        await using var receiver = new Receiver();
        var balancers = 0;
        (string Name, string Program, BenchCloud Cloud, Func<string> Event)[] all =
        [
            ("bare", bare, cloud, () => "hello"),
            ("Discover", Program(functions, "Discover"), quiet, () => Timer),
            (
                "OnChange",
                Program(functions, "OnChange"),
                cloud,
                () =>
                {
                    var id = $"lb-{++balancers}";
                    cloud.AddLoadBalancer(id);
                    return Created(id);
                }
            ),
            (
                "Sync",
                Program(functions, "Sync"),
                cloud,
                () =>
                {
                    cloud.AddRecords(groups: 1, perGroup: 100, UInt128.Zero);
                    return Doorbell(shard: 0);
                }
            ),
        ];
        cloud.AddLoadBalancer("lb-0");
        quiet.AddLoadBalancer("lb-0");
        // What it provisions is there for the others.
        await OnceAsync(cloud, Program(functions, "Discover"), Timer, receiver.Port);

        var times = all.ToDictionary(one => one.Name, _ => new List<double>(), StringComparer.Ordinal);
        // The first rounds warm LocalCloud up, provision, and are not counted.
        for (var round = -3; round < Rounds; round++)
        {
            foreach (var (name, program, where, makeEvent) in all)
            {
                var milliseconds = await OnceAsync(where, program, makeEvent(), receiver.Port);
                if (round >= 0)
                {
                    times[name].Add(milliseconds);
                }
            }
        }

        var medians = times.ToDictionary(
            pair => pair.Key,
            pair => pair.Value.Order().ElementAt(Rounds / 2),
            StringComparer.Ordinal
        );
        var own = medians.Where(pair => pair.Key != "bare").ToList();
        report.Figure("coldStartBareMs", medians["bare"]);
        report.Figures("coldStartMs", own);
        report.Ratios(
            "coldStartVsBare",
            own.Select(pair => KeyValuePair.Create(pair.Key, pair.Value / medians["bare"])),
            atMost: 2
        );
    }

    private static async Task<double> OnceAsync(BenchCloud cloud, string program, string body, int receiverPort)
    {
        var number = cloud.Requests.Latest;
        var began = TimeProvider.System.GetUtcNow();
        using var process = cloud.Start(program, receiverPort);
        await process.InvokeAsync(cloud.Key, body, timeoutSeconds: 60);
        var ended = TimeProvider.System.GetUtcNow();
        // A function that may not do its work is done sooner, or later, than one that may: neither is what is asked.
        if (cloud.Requests.Since(number).FirstOrDefault(one => one.Status is 401 or 403) is { } refused)
        {
            throw new InvalidOperationException(
                $"{program}: {refused.Product} {refused.Action} was refused: {refused.ErrorCode}."
            );
        }

        return (ended - began - Answering(cloud.Requests.Since(number))).TotalMilliseconds;
    }

    // Time in which at least one request was with LocalCloud.
    private static TimeSpan Answering(IEnumerable<RequestEntry> requests)
    {
        var (sum, until) = (TimeSpan.Zero, DateTimeOffset.MinValue);
        foreach (var (from, to) in requests.Select(one => (one.Time - one.Took, one.Time)).Order())
        {
            var start = from > until ? from : until;
            if (to > start)
            {
                sum += to - start;
                until = to;
            }
        }

        return sum;
    }

    private static string Program(string functions, string name) => Path.Combine(functions, name, $"LogAudit.{name}");

    private static string Created(string id) =>
        $$"""
            {
              "specversion": "1.0", "id": "{{id}}", "source": "acs.slb", "type": "slb:ActionTrail:ApiCall",
              "aliyunaccountid": "{{BenchCloud.Uid}}", "aliyunregionid": "{{BenchCloud.Region}}",
              "data": {
                "eventId": "{{id}}", "eventRW": "Write", "serviceName": "Slb", "eventName": "CreateLoadBalancer",
                "acsRegion": "{{BenchCloud.Region}}", "recipientAccountId": "{{BenchCloud.Uid}}",
                "userIdentity": { "userName": "alice", "accountId": "{{BenchCloud.Uid}}" },
                "responseElements": { "LoadBalancerId": "{{id}}" }
              }
            }
            """;

    private static string Doorbell(int shard) =>
        $$"""{"source":{"projectName":"{{BenchCloud.Project}}","logstoreName":"rds_log","shardId":{{shard}},"beginCursor":"MTQ=","endCursor":"MTU="},"jobName":"log","taskId":"t","cursorTime":1768465845}""";
}
