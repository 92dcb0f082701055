using LogAudit.LocalCloud.Kernel;

namespace LogAudit.LocalCloud.Products.Logs;

/// <summary>Makes resources write log lines: only those whose collection is really on, to where it really goes.</summary>
internal sealed class LogGenerator(Cloud cloud, int seed)
{
    private const int LinesPerGroup = 200;

    private readonly Lock _gate = new();
    private readonly Dice _dice = new(new Random(seed));
    private readonly Markers _markers = new(seed);
    private int _turn;

    /// <summary>Has the resources write lines, shared evenly among all that log now. Gives how many were written.</summary>
    /// <param name="count">Lines wanted.</param>
    /// <param name="product">Only this product; null for all.</param>
    /// <param name="at">Time that the lines carry; null for that of each write.</param>
    public int Write(int count, string? product = null, DateTimeOffset? at = null)
    {
        List<LogSource> sources;
        lock (cloud.Gate)
        {
            sources =
            [
                .. cloud
                    .Services.Get<LocalProducts>()
                    .All.Where(one => product is null || one.Product == product)
                    .SelectMany(one => one.Sources()),
            ];
        }
        if (sources.Count == 0)
        {
            return 0;
        }
        lock (_gate)
        {
            var written = 0;
            var share = Math.Max(1, count / sources.Count);
            for (var left = count; left > 0; left -= share)
            {
                written += Write(sources[_turn++ % sources.Count], Math.Min(share, left), at);
            }
            return written;
        }
    }

    private int Write(LogSource source, int count, DateTimeOffset? at)
    {
        var writer = cloud.Services.Get<LogWriter>();
        var written = 0;
        for (var left = count; left > 0; left -= LinesPerGroup)
        {
            var now = at ?? cloud.Clock.GetUtcNow();
            var lines = Enumerable
                .Range(0, Math.Min(LinesPerGroup, left))
                .Select(_ => (source.Resource, Line: source.Line(now, _markers.Next(), _dice)))
                .GroupBy(pair => pair.Line.Topic, StringComparer.Ordinal);
            foreach (var topic in lines)
            {
                var batch = topic.ToList();
                written += writer.Write(source, topic.Key, batch) ? batch.Count : 0;
            }
        }
        return written;
    }
}
