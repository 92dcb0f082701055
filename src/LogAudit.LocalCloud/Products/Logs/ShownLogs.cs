using LogAudit.LocalCloud.Kernel;

namespace LogAudit.LocalCloud.Products.Logs;

/// <summary>A value of a performance metric that a product showed.</summary>
/// <param name="Product">Product code.</param>
/// <param name="Source">What was measured: a database, or a node of it.</param>
/// <param name="At">The minute.</param>
/// <param name="Value">The value as the API wrote it.</param>
internal readonly record struct ShownPoint(string Product, string Source, DateTimeOffset At, string Value);

/// <summary>What the API of products showed of logs that they keep themselves: all of it must come to the centre, because only who collects asks for it here.</summary>
internal sealed class ShownLogs : IPart
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ShownPoint, int> _points = [];
    private readonly HashSet<string> _rows = new(StringComparer.Ordinal);
    private Cloud _cloud = null!;

    public void Register(Cloud cloud)
    {
        _cloud = cloud;
        cloud.Services.Add(this);
    }

    /// <summary>Notes rows of a page.</summary>
    /// <param name="resource">Whose log it is.</param>
    /// <param name="kind">Kind of log.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="to">End of the window: what happened in that very moment belongs to the window that begins with it, and counts when that is asked for.</param>
    public void Rows(ResourceKey resource, string kind, IEnumerable<ReadableRow> rows, DateTimeOffset to)
    {
        var ledger = _cloud.Services.Get<LogWriter>().Ledger;
        foreach (var row in rows.Where(row => row.Time < to).DistinctBy(row => row.Marker, StringComparer.Ordinal))
        {
            lock (_gate)
            {
                if (!_rows.Add(row.Marker))
                {
                    continue;
                }
            }
            ledger.Add(
                new WrittenRecord(
                    resource.Product,
                    kind,
                    resource.Account,
                    resource.Id,
                    row.Marker,
                    Project: "",
                    Logstore: "",
                    _cloud.Clock.GetUtcNow()
                )
                {
                    Copies = row.Copies,
                }
            );
        }
    }

    /// <summary>Notes the values of one metric; a value that was shown before counts once.</summary>
    /// <param name="product">Product code.</param>
    /// <param name="source">What was measured.</param>
    /// <param name="metric">Name of the metric in the API.</param>
    /// <param name="points">Minutes and values.</param>
    /// <param name="to">End of the window, as of <see cref="Rows"/>.</param>
    public void Points(
        string product,
        string source,
        string metric,
        IEnumerable<(DateTimeOffset At, string Value)> points,
        DateTimeOffset to
    )
    {
        lock (_gate)
        {
            foreach (var (at, value) in points.Where(point => point.At < to))
            {
                if (_rows.Add($"{product} {source} {metric} {at:O}"))
                {
                    var point = new ShownPoint(product, source, at, value);
                    _points[point] = _points.GetValueOrDefault(point) + 1;
                }
            }
        }
    }

    /// <summary>Every value shown so far, with the number of metrics that have it.</summary>
    public IReadOnlyDictionary<ShownPoint, int> Points()
    {
        lock (_gate)
        {
            return new Dictionary<ShownPoint, int>(_points);
        }
    }
}
