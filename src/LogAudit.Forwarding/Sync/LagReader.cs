using LogAudit.Sls;

namespace LogAudit.Forwarding;

/// <summary>How far one destination is behind on one shard.</summary>
/// <param name="Records">Records not yet forwarded.</param>
/// <param name="IsLeast">Whether there are more than were counted.</param>
/// <param name="Age">Age of the first of them; zero when there is none.</param>
public sealed record Lag(long Records, bool IsLeast, TimeSpan Age)
{
    /// <summary>Nothing is left to forward.</summary>
    public static Lag None { get; } = new(0, IsLeast: false, TimeSpan.Zero);
}

/// <summary>Measures lags by reading the shards from the checkpoints on; a backlog is counted once for all destinations.</summary>
/// <remarks>Cursors do not tell how many records stand between them, so they are counted; at most <see cref="MostPulls"/> pulls per shard, that is about 40 MB.</remarks>
internal sealed class LagReader(
    ILogSource source,
    IReadOnlyList<Destination> all,
    MappingCatalogue mappings,
    TimeProvider time
)
{
    /// <summary>Pulls per shard after which a backlog is "at least".</summary>
    public const int MostPulls = 4;

    private const int GroupsPerPull = 1000;

    /// <summary>The lag of every destination on every shard of some Logstores; those that do not exist are left out.</summary>
    public async Task<Dictionary<LedgerKey, Lag>> ReadAsync(IReadOnlyList<LogTarget> targets, CancellationToken cancel)
    {
        var lags = new Dictionary<LedgerKey, Lag>();
        foreach (var target in targets)
        {
            if (await source.ShardsAsync(target, cancel) is not { } shards)
            {
                continue;
            }

            // A destination that wants nothing of a Logstore has no reader there.
            var here = mappings.For(target.Logstore);
            var destinations = all.Where(destination => destination.Reads(here)).ToList();
            var checkpoints = new Dictionary<string, IReadOnlyDictionary<int, Cursor>?>(StringComparer.Ordinal);
            foreach (var destination in destinations)
            {
                checkpoints[destination.Name] = await source.CheckpointsAsync(
                    target,
                    destination.GroupOn(target.Logstore),
                    cancel
                );
            }

            foreach (var shard in shards)
            {
                var address = new ShardAddress(target, shard.Id);
                var begin = await source.CursorAsync(target, shard.Id, CursorFrom.Begin, cancel);
                var end = await source.CursorAsync(target, shard.Id, CursorFrom.End, cancel);
                var readers = destinations
                    .Select(destination => new Reader(
                        new LedgerKey(destination.Name, address),
                        Position(checkpoints[destination.Name], shard.Id, begin)
                    ))
                    .ToList();
                await CountAsync(address, readers, end, cancel);
                foreach (var reader in readers)
                {
                    lags[reader.Key] =
                        reader.At.Number >= end.Number
                            ? Lag.None
                            : new Lag(
                                reader.Records,
                                reader.IsLeast,
                                time.GetUtcNow() - await source.CursorTimeAsync(target, shard.Id, reader.At, cancel)
                            );
                }
            }
        }

        return lags;
    }

    // A checkpoint before the begin points at data that has expired: what is left to forward starts at the begin.
    private static Cursor Position(IReadOnlyDictionary<int, Cursor>? saved, int shard, Cursor begin) =>
        saved is not null && saved.TryGetValue(shard, out var at) && at.Number >= begin.Number ? at : begin;

    private async Task CountAsync(ShardAddress shard, List<Reader> readers, Cursor end, CancellationToken cancel)
    {
        var behind = readers.Where(reader => reader.At.Number < end.Number).ToList();
        if (behind.Count == 0)
        {
            return;
        }

        var at = behind.MinBy(reader => reader.At.Number)!.At;
        for (var pulls = 0; at.Number < end.Number; pulls++)
        {
            if (pulls == MostPulls || await PullAsync(shard, at, behind, cancel) is not { } next)
            {
                behind.ForEach(reader => reader.IsLeast = true);
                return;
            }

            if (next == at)
            {
                return;
            }

            at = next;
        }
    }

    // Null when the groups at the place cannot be read.
    private async Task<Cursor?> PullAsync(ShardAddress shard, Cursor at, List<Reader> behind, CancellationToken cancel)
    {
        try
        {
            using var pulled = await source.PullAsync(shard.Target, shard.Shard, at, GroupsPerPull, cancel);
            for (var groups = pulled.Groups(); groups.Next(); )
            {
                var group = pulled.GroupCursor(groups.Index);
                foreach (var reader in behind)
                {
                    reader.Records += reader.At.Number <= group.Number ? groups.LogCount : 0;
                }
            }

            return pulled.NextCursor;
        }
        catch (Exception broken) when (broken is SlsDataException or CursorLostException)
        {
            return null;
        }
    }

    private sealed class Reader(LedgerKey key, Cursor at)
    {
        public LedgerKey Key { get; } = key;
        public Cursor At { get; } = at;
        public long Records { get; set; }
        public bool IsLeast { get; set; }
    }
}
