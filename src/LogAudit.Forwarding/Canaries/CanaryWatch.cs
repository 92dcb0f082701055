using System.Collections.Concurrent;
using System.Globalization;
using LogAudit.Sls;
using Microsoft.Extensions.Logging;

namespace LogAudit.Forwarding;

/// <summary>Writes canaries into the central Logstores on a timer, and tells as an error when none arrives.</summary>
/// <remarks>
/// Arrivals are read from the ledger, since another process may hold the shard that took a canary. Several processes write and watch at
/// once without harm. Silence is told only after this process has written into a Logstore for that long.
/// </remarks>
public sealed partial class CanaryWatch(
    SlsClients clients,
    IStateStore store,
    IReadOnlyList<Destination> destinations,
    MappingCatalogue mappings,
    CanarySettings settings,
    TimeProvider time,
    ILogger<CanaryWatch> logger
)
{
    private const int WritesAtOnce = 8;

    // How often a far end is asked while a canary is looked for: what is found was there so much earlier at most.
    private static readonly TimeSpan AskInterval = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<LogTarget, DateTimeOffset> first = new();
    private readonly Dictionary<(CanaryStage Stage, string Destination, string Id), CanaryArrival> heard = [];
    private DateTimeOffset? last;
    private DateTimeOffset? readTo;

    /// <summary>Writes and watches until it is told to stop.</summary>
    /// <param name="targets">The central Logstores; one that does not exist is passed over.</param>
    /// <param name="stop">Ends it.</param>
    public async Task RunAsync(IReadOnlyList<LogTarget> targets, CancellationToken stop)
    {
        var pause = destinations.Any(one => one.Sink is IFarEnd) ? AskInterval : settings.Interval;
        try
        {
            while (true)
            {
                await TickAsync(targets, stop);
                await Task.Delay(pause, time, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Told to stop.
        }
    }

    /// <summary>Writes a canary into every Logstore and looks for silence when it is time again; asks far ends for those that were accepted.</summary>
    /// <param name="targets">The central Logstores; one that does not exist is passed over.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task TickAsync(IReadOnlyList<LogTarget> targets, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        // A timer that comes a little early is on time.
        var isDue = last is not { } before || now - before >= settings.Interval * 0.9;
        if (isDue)
        {
            last = now;
            await Parallel.ForEachAsync(
                targets,
                new ParallelOptions { MaxDegreeOfParallelism = WritesAtOnce, CancellationToken = cancel },
                async (target, stop) => await TryWriteAsync(target, stop)
            );
        }

        try
        {
            await LookAsync(now, isDue, cancel);
        }
        catch (SlsException fault)
        {
            LogNotRead(fault);
        }
    }

    private async Task TryWriteAsync(LogTarget target, CancellationToken cancel)
    {
        try
        {
            await WriteAsync(target, cancel);
            first.TryAdd(target, time.GetUtcNow());
        }
        catch (SlsException fault) when (fault.IsNotFound)
        {
            first.TryRemove(target, out _);
        }
        catch (SlsException fault)
        {
            LogNotWritten(target.ToString(), fault);
        }
    }

    private async Task WriteAsync(LogTarget target, CancellationToken cancel)
    {
        using var writer = new LogGroupWriter(Canary.Topic, source: "logaudit", tags: []);
        var now = time.GetUtcNow();
        writer.BeginLog(now);
        writer.Field("canary", now.UtcTicks.ToString(CultureInfo.InvariantCulture));
        writer.EndLog();
        await clients
            .For(target.Account, target.Region)
            .PutLogsAsync(target.Project, target.Logstore, writer, LogCompression.Lz4, cancel);
    }

    private async Task LookAsync(DateTimeOffset now, bool tellsSilence, CancellationToken cancel)
    {
        await HearAsync(now, cancel);
        if (tellsSilence)
        {
            TellSilence(now - settings.Silence);
        }

        foreach (var destination in destinations)
        {
            if (destination.Sink is IFarEnd farEnd)
            {
                await AskAsync(destination.Name, farEnd, cancel);
            }
        }
    }

    // Only what is new is read: the ledger of a large estate grows by many rows a second. Late rows are met by reading a little again.
    private async Task HearAsync(DateTimeOffset now, CancellationToken cancel)
    {
        var oldest = now - settings.Silence;
        await foreach (var row in store.ReadSinceAsync(Ledger.Logstore, readTo - Overlap ?? oldest, cancel))
        {
            if (CanaryArrival.Parse(row) is { } arrival)
            {
                heard[(arrival.Stage, arrival.Destination, arrival.Id)] = arrival;
            }
        }

        readTo = now;
        foreach (var (key, _) in heard.Where(pair => pair.Value.At < oldest).ToList())
        {
            heard.Remove(key);
        }
    }

    private void TellSilence(DateTimeOffset since)
    {
        var arrived = heard.Values.Select(arrival => (arrival.Destination, arrival.Logstore)).ToHashSet();
        foreach (var target in first.Where(pair => pair.Value <= since).Select(pair => pair.Key))
        {
            foreach (var destination in destinations.Where(one => one.Reads(mappings.For(target.Logstore))))
            {
                if (!arrived.Contains((destination.Name, target.Logstore)))
                {
                    LogSilence(destination.Name, target.Logstore.Value, (long)settings.Silence.TotalSeconds);
                }
            }
        }
    }

    // The newest of each Logstore is looked for until it is found; older ones that were never found do not matter any more.
    private async Task AskAsync(string destination, IFarEnd farEnd, CancellationToken cancel)
    {
        var newest = heard
            .Values.Where(one => one.Stage == CanaryStage.Accepted && one.Destination == destination)
            .GroupBy(one => one.Logstore)
            .Select(same => same.MaxBy(one => one.Written)!)
            .Where(one => !heard.ContainsKey((CanaryStage.Found, destination, one.Id)));
        foreach (var arrival in newest.ToList())
        {
            switch (await farEnd.AskAsync(arrival.Id, cancel))
            {
                case FarEndAnswer.Found:
                    var seen = arrival with { Stage = CanaryStage.Found, At = time.GetUtcNow() };
                    await store.AppendAsync(Ledger.Logstore, [seen.ToState()], cancel);
                    heard[(seen.Stage, destination, seen.Id)] = seen;
                    break;
                case FarEndAnswer.CannotTell(var why):
                    LogCannotAsk(destination, why);
                    return;
            }
        }
    }

    [LoggerMessage(
        6040,
        LogLevel.Error,
        "No canary of {Logstore} has reached destination {Destination} for {SilenceSeconds} s: look at logaudit status, at the destination and at whoever forwards"
    )]
    private partial void LogSilence(string destination, string logstore, long silenceSeconds);

    [LoggerMessage(
        6041,
        LogLevel.Warning,
        "No canary could be written into {Logstore}; check the right log:PostLogStoreLogs"
    )]
    private partial void LogNotWritten(string logstore, Exception fault);

    [LoggerMessage(6043, LogLevel.Warning, "Destination {Destination} cannot be asked for canaries: {Why}")]
    private partial void LogCannotAsk(string destination, string why);

    [LoggerMessage(6042, LogLevel.Warning, "Whether canaries arrive cannot be told: the ledger could not be read")]
    private partial void LogNotRead(Exception fault);
}
