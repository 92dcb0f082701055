using LogAudit.Sls;

namespace LogAudit.Forwarding;

/// <summary>What <c>logaudit status</c> shows of canaries.</summary>
/// <param name="Destination">Name of the destination.</param>
/// <param name="Logstore">The Logstore.</param>
/// <param name="Accepted">The last one that the receiver accepted; null when there is none in the time looked at.</param>
/// <param name="Found">The last one that was found at the far end; null when none was, or the sink cannot ask.</param>
/// <param name="Silent">Whether none was accepted for longer than the settings allow.</param>
public sealed record CanaryStatus(
    string Destination,
    LogstoreName Logstore,
    CanaryArrival? Accepted,
    CanaryArrival? Found,
    bool Silent
);

/// <summary>Reads arrivals of canaries from the ledger.</summary>
public sealed class CanaryReader(
    ILogSource source,
    IStateStore store,
    IReadOnlyList<Destination> destinations,
    MappingCatalogue mappings,
    CanarySettings settings,
    TimeProvider time
)
{
    /// <summary>How far back arrivals are looked for, in silences.</summary>
    private const int Silences = 12;

    /// <summary>One row per destination and Logstore that exists; none when canaries are switched off.</summary>
    /// <param name="targets">The central Logstores.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<IReadOnlyList<CanaryStatus>> ReadAsync(IReadOnlyList<LogTarget> targets, CancellationToken cancel)
    {
        if (!settings.IsOn)
        {
            return [];
        }

        var now = time.GetUtcNow();
        var latest = new Dictionary<(CanaryStage, string, LogstoreName), CanaryArrival>();
        await foreach (var row in store.ReadSinceAsync(Ledger.Logstore, now - (settings.Silence * Silences), cancel))
        {
            if (CanaryArrival.Parse(row) is { } arrival)
            {
                var key = (arrival.Stage, arrival.Destination, arrival.Logstore);
                if (!latest.TryGetValue(key, out var before) || before.Written < arrival.Written)
                {
                    latest[key] = arrival;
                }
            }
        }

        var rows = new List<CanaryStatus>();
        foreach (var target in targets)
        {
            if (await source.ShardsAsync(target, cancel) is null)
            {
                continue;
            }

            foreach (var destination in destinations.Where(one => one.Reads(mappings.For(target.Logstore))))
            {
                var accepted = latest.GetValueOrDefault((CanaryStage.Accepted, destination.Name, target.Logstore));
                rows.Add(
                    new CanaryStatus(
                        destination.Name,
                        target.Logstore,
                        accepted,
                        latest.GetValueOrDefault((CanaryStage.Found, destination.Name, target.Logstore)),
                        Silent: accepted is null || now - accepted.At > settings.Silence
                    )
                );
            }
        }

        return rows;
    }
}
