using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Sls.Storage;

namespace LogAudit.Soak;

/// <summary>Faults of the cloud: its answers, its clock, its shards, its data and its consumer groups.</summary>
/// <param name="cloud">The cloud.</param>
/// <param name="books">The books of all roads.</param>
internal sealed class CloudFaults(SoakCloud cloud, IReadOnlyList<Receipts> books)
{
    // Closed shards are listed for as long as their Logstore keeps data; more of them would cost every sweep.
    private const int MostShards = 24;

    private int rules;

    /// <summary>Answers of SLS.</summary>
    public IReadOnlyList<FaultKind> Answers =>
        [
            Answer("sls-throttle", LocalCloud.Kernel.FaultKind.Throttle),
            Answer("sls-error", LocalCloud.Kernel.FaultKind.ServerError),
            Answer("sls-cut", LocalCloud.Kernel.FaultKind.CutBefore),
            Answer("sls-lost-answer", LocalCloud.Kernel.FaultKind.LostAnswer),
            Answer("sls-malformed", LocalCloud.Kernel.FaultKind.Malformed),
            Answer("sls-time-out", LocalCloud.Kernel.FaultKind.Timeout),
            Answer("sls-slow", LocalCloud.Kernel.FaultKind.Delay),
        ];

    /// <summary>The clients' clocks and that of the cloud move apart, further than signatures allow, and back.</summary>
    public FaultKind ClockStep =>
        new(
            "clock-step",
            async (random, cancel) =>
            {
                var before = cloud.Cloud.Faults.Skewed;
                var step = TimeSpan.FromMinutes(random.Next(16, 120));
                cloud.Cloud.Faults.ClockSkew = random.Next(2) == 0 ? step : -step;
                await Waiting.ForAsync(random, 1, 5, CancellationToken.None);
                cloud.Cloud.Faults.ClockSkew = TimeSpan.Zero;
                return await Waiting.UntilStruckAsync(() => cloud.Cloud.Faults.Skewed - before, 4, cancel);
            }
        );

    /// <summary>Shards, data and consumer groups.</summary>
    public IReadOnlyList<FaultKind> Data =>
        [
            new("shard-split", (random, _) => Task.FromResult(Split(Any(random), random))),
            new("shard-merge", (random, _) => Task.FromResult(Merge(Any(random), random))),
            new("deleted-group", (random, _) => Task.FromResult(DeleteGroup(Any(random)))),
            new(
                "expired-data",
                (random, cancel) => Waiting.UntilStruckAsync(() => Expire(Any(random), random), 6, cancel)
            ),
        ];

    private FaultKind Answer(string name, LocalCloud.Kernel.FaultKind kind) =>
        new(
            name,
            async (random, cancel) =>
            {
                var rule = new FaultRule($"{name}-{Interlocked.Increment(ref rules)}", kind)
                {
                    Product = "Sls",
                    Probability = 0.1 + (0.6 * random.NextDouble()),
                    Count = random.Next(1, 25),
                    Length = TimeSpan.FromSeconds(0.2 + (2 * random.NextDouble())),
                };
                cloud.Cloud.Faults.Add(rule);
                try
                {
                    await Waiting.UntilStruckAsync(() => Struck(rule), 4, cancel);
                    await Waiting.ForAsync(random, 0.2, 2, cancel);
                    return Struck(rule);
                }
                finally
                {
                    cloud.Cloud.Faults.Remove(rule.Name);
                }
            }
        );

    private long Struck(FaultRule rule) =>
        cloud.Cloud.Faults.All().Where(one => one.Rule.Name == rule.Name).Sum(one => one.Struck);

    private Receipts Any(Random random) => books[random.Next(books.Count)];

    private long Split(Receipts book, Random random)
    {
        var logstore = cloud.Logstore(book.Road.Logstore);
        var open = Open(logstore);
        if (logstore.Shards.Count >= MostShards)
        {
            return 0;
        }

        lock (book.Writing)
        {
            logstore.Split(open[random.Next(open.Count)].Id, key: null, parts: 2);
        }

        return 1;
    }

    private long Merge(Receipts book, Random random)
    {
        var logstore = cloud.Logstore(book.Road.Logstore);
        var open = Open(logstore);
        if (open.Count < 2 || logstore.Shards.Count >= MostShards)
        {
            return 0;
        }

        lock (book.Writing)
        {
            logstore.Merge(open[random.Next(open.Count - 1)].Id);
        }

        return 1;
    }

    private long DeleteGroup(Receipts book)
    {
        var groups = cloud.Logstore(book.Road.Logstore).Consumers;
        if (groups.Find(book.Road.Group) is null)
        {
            return 0;
        }

        groups.Delete(book.Road.Group);
        return 1;
    }

    // Data that nobody has read yet, as far as the checkpoint says, goes.
    private long Expire(Receipts book, Random random)
    {
        var logstore = cloud.Logstore(book.Road.Logstore);
        var shards = logstore.Shards.ToArray();
        random.Shuffle(shards);
        foreach (var shard in shards)
        {
            var (begin, end) = (shard.BeginCursor, shard.EndCursor);
            // A shard that nobody has begun to read has a later begin then, and nothing to tell.
            if (
                logstore.Consumers.Find(book.Road.Group)?.SavedCursor(shard.Id) is not { } saved
                || Math.Max(begin, saved) is var read && end - read < 4
            )
            {
                continue;
            }

            var to = read + 2 + random.NextInt64(Math.Min(end - read - 2, 40));
            book.Expire(shard.Id, begin, to);
            shard.ExpireBefore(to);
            return to - read;
        }

        return 0;
    }

    private static List<SlsShard> Open(SlsLogstore logstore) =>
        [.. logstore.Shards.Where(shard => !shard.IsReadonly).OrderBy(shard => shard.Keys.Begin)];
}
