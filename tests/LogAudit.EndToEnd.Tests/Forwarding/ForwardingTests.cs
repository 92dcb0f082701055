using System.Globalization;
using LogAudit.Forwarding;
using LogAudit.LocalCloud.Fc;
using LogAudit.LocalCloud.Kernel;
using LogAudit.Testing;
using Xunit.Abstractions;

namespace LogAudit.EndToEnd.Tests.Forwarding;

public sealed class ForwardingTests(ITestOutputHelper output)
{
    private const int Rounds = 25;
    private const int GroupsPerRound = 40;
    private const int RecordsPerGroup = 101;
    private const int MostKills = 10;

    private static readonly FaultRule[] FivePercent =
    [
        new("500", FaultKind.ServerError) { Product = "Sls", Probability = 0.015 },
        new("503", FaultKind.ServerError)
        {
            Product = "Sls",
            Probability = 0.01,
            Status = 503,
            Code = "ServerBusy",
        },
        new("429", FaultKind.Throttle)
        {
            Product = "Sls",
            Probability = 0.01,
            Status = 429,
        },
        new("lost answer", FaultKind.LostAnswer) { Product = "Sls", Probability = 0.01 },
        new("cut", FaultKind.CutBefore) { Product = "Sls", Probability = 0.005 },
    ];

    [PeerFact("rsyslog", "openssl")]
    public async Task A_hundred_thousand_records_reach_rsyslog_over_TLS_through_stops_cuts_kills_and_errors()
    {
        var seed = int.TryParse(
            Environment.GetEnvironmentVariable("LOGAUDIT_SEED"),
            CultureInfo.InvariantCulture,
            out var given
        )
            ? given
            : 20260115;
        output.WriteLine($"LOGAUDIT_SEED={seed}, package: {FunctionPackage.Of("sync").Mode}");
        using var certificates = new TestCertificates();
        await using var rsyslog = await Rsyslog.StartAsync(certificates);
        await using var proxy = new CuttingProxy(rsyslog.Port, seed);
        await using var cloud = await FunctionCloud.StartAsync(seed, delayScale: 10);
        var settings = FunctionCloud.Central + Destination(proxy.Port, certificates.CaFile);
        var sync = await cloud.DeployAsync("sync", settings, timeoutSeconds: 60, FunctionCloud.Logstores);
        var records = new MarkedRecords(cloud, seed);
        var killer = new Killer(cloud, sync, seed);

        proxy.Chance = 0.25;
        foreach (var rule in FivePercent)
        {
            cloud.Cloud.Faults.Add(rule);
        }

        await DisturbAsync(cloud, records, rsyslog, killer, new Random(seed));

        killer.Armed = false;
        proxy.Chance = 0;
        var struck = cloud.Cloud.Faults.All();
        cloud.Cloud.Faults.Clear();
        var sweeps = await QuietAsync(cloud, settings);

        var received = Received.Of(File.ReadLines(rsyslog.File));
        var notes = cloud.Cloud.Services.Get<FunctionService>().Notes;
        output.WriteLine(
            $"{records.Written.Count} written, {received.Ids.Count} received, {received.Duplicates} duplicates, {received.Torn} torn lines; "
                + $"{killer.Kills} kills between ledger and checkpoint, {proxy.Cuts} cuts, {struck.Sum(rule => rule.Struck)} faults; "
                + $"{sync.Pool.Started} processes, {notes.Count} invocations of which {notes.Count(note => !note.Ok)} failed, {sweeps} sweeps in the quiet"
        );

        Assert.True(records.Written.Count >= 100_000);
        Assert.Empty(records.Written.Where(marker => !received.Ids.ContainsKey(marker)).Take(5));
        Assert.All(received.Ids, copies => Assert.Single(copies.Value.Distinct(StringComparer.Ordinal)));
        Assert.Equal(
            received.Ids.Count,
            received.Ids.Values.Select(copies => copies[0]).Distinct(StringComparer.Ordinal).Count()
        );

        var status = await cloud.StatusAsync(settings);
        Assert.Equal(4, status.Count);
        Assert.All(status, shard => Assert.True(shard.Counts.Balances, shard.ToString()));
        Assert.All(status, shard => Assert.Equal((0, Lag.None), (shard.ExpiredRanges, shard.Lag)));
        Assert.Equal(records.Written.Count, status.Sum(shard => shard.Counts.Read));
        Assert.Equal(records.Written.Count, status.Sum(shard => shard.Counts.Delivered));

        // The disturbances took place.
        Assert.True(struck.Sum(rule => rule.Struck) >= 3, "hardly a fault struck");
        Assert.True(killer.Kills >= 1, "no kill");
        Assert.True(proxy.Cuts >= 1, "no cut");
        Assert.True(received.Duplicates > 0, "no record came twice, so no resend was tried");
        Assert.Contains(notes, note => note.Cause.StartsWith("log ", StringComparison.Ordinal));
        Assert.Empty(cloud.Cloud.Background.Failures);
    }

    // Records come in rounds; the receiver is killed in one, stopped in two others, the process killed at any time in some.
    private static async Task DisturbAsync(
        FunctionCloud cloud,
        MarkedRecords records,
        Rsyslog rsyslog,
        Killer killer,
        Random random
    )
    {
        var (death, stop, again) = (random.Next(9, 16), random.Next(2, 9), random.Next(16, Rounds - 2));
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var logstore in FunctionCloud.Logstores)
            {
                records.Append(logstore, GroupsPerRound / FunctionCloud.Logstores.Length, RecordsPerGroup);
            }

            // The first sweep finds an empty pool, like the first tick after a deployment.
            var sweep = round % 3 == 0 ? cloud.SweepAsync() : null;
            killer.Armed = round > 0;
            await PauseAsync(random.Next(400, 1600));
            if (round == death)
            {
                await rsyslog.KillAsync();
                await PauseAsync(random.Next(200, 1500));
                await rsyslog.RestartAsync();
            }
            else if (round == stop || round == again)
            {
                await rsyslog.StopAsync();
                await PauseAsync(random.Next(200, 1500));
                await rsyslog.RestartAsync();
            }
            else if (random.Next(8) == 0)
            {
                killer.KillNow();
            }

            if (sweep is { IsCompleted: true })
            {
                await sweep;
            }
        }
    }

    // Sweeps until every shard is read to its end; a sweep that finds workers of a doorbell running returns at once.
    private static async Task<int> QuietAsync(FunctionCloud cloud, string settings)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(4));
        for (var sweeps = 1; ; sweeps++)
        {
            var (ok, answer) = await cloud.SweepAsync();
            var status = await cloud.StatusAsync(settings);
            if (ok && status.All(shard => shard.Lag == Lag.None))
            {
                return sweeps;
            }

            Assert.False(patience.IsCancellationRequested, $"never up to date: {answer}; {string.Join(", ", status)}");
            await PauseAsync(500);
        }
    }

    private static Task PauseAsync(int milliseconds) =>
        Task.Delay(TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System, CancellationToken.None);

    private static string Destination(int port, string caFile) =>
        $"""
            destinations:
              - name: soc
                sink: syslog
                format: rfc5424
                options:
                  address: tls://127.0.0.1:{port}
                  server-name: localhost
                  ca-file: {caFile}
                  timeout-seconds: 30

            """;

    /// <summary>Kills the process of the function: between a ledger row, which follows the sending, and the checkpoint, and whenever asked.</summary>
    private sealed class Killer
    {
        private readonly Lock gate = new();
        private readonly Random random;
        private readonly DeployedFunction function;

        public Killer(FunctionCloud cloud, DeployedFunction function, int seed)
        {
            this.function = function;
            random = new Random(seed);
            cloud.Store.OnAppend(
                (logstore, _) =>
                {
                    if (logstore.Name == "logaudit_ledger")
                    {
                        MayKill();
                    }
                }
            );
        }

        public bool Armed { get; set; }

        /// <summary>Kills between ledger and checkpoint so far.</summary>
        public int Kills { get; private set; }

        public void KillNow() => function.Pool.Crash();

        private void MayKill()
        {
            lock (gate)
            {
                if (Armed && Kills < MostKills && random.Next(6) == 0)
                {
                    Kills++;
                    function.Pool.Crash();
                }
            }
        }
    }
}
