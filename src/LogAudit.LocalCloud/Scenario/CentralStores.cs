using System.Globalization;
using System.Text;
using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Products;
using LogAudit.LocalCloud.Products.Logs;
using LogAudit.LocalCloud.Sls.Storage;
using LogAudit.LocalCloud.Sls.Wire;

namespace LogAudit.LocalCloud.Scenario;

/// <summary>What is in the central project of logs that products only show by API: no switch and no policy of the cloud tells whether somebody gathers them.</summary>
internal sealed class CentralStores(Cloud cloud, ScenarioScript script)
{
    private readonly HashSet<(ResourceKey Resource, string Kind)> _seen = [];

    /// <summary>Whether anything of a log is there; once seen, it stays so.</summary>
    public bool Holds(ResourceKey resource, string kind)
    {
        if (!_seen.Contains((resource, kind)) && Look(resource, kind))
        {
            _seen.Add((resource, kind));
        }
        return _seen.Contains((resource, kind));
    }

    /// <summary>How many of the values that products showed are in a central Metricstore, with the same minute and value, by product code.</summary>
    public IReadOnlyDictionary<string, (int Shown, int Stored)> Points()
    {
        var stored = new Dictionary<(string Source, DateTimeOffset At, double Value), int>();
        foreach (var (labels, at, value) in Samples())
        {
            foreach (var label in labels)
            {
                stored[(label, at, value)] = stored.GetValueOrDefault((label, at, value)) + 1;
            }
        }
        return cloud
            .Services.Get<ShownLogs>()
            .Points()
            .GroupBy(pair => pair.Key.Product, StringComparer.Ordinal)
            .ToDictionary(
                group => group.Key,
                group =>
                    (
                        group.Sum(pair => pair.Value),
                        group.Sum(pair =>
                            Math.Min(
                                pair.Value,
                                stored.GetValueOrDefault((pair.Key.Source, pair.Key.At, Number(pair.Key.Value)))
                            )
                        )
                    ),
                StringComparer.Ordinal
            );
    }

    private bool Look(ResourceKey resource, string kind)
    {
        if (
            Samples()
                .Any(sample => kind is "performance" && sample.Labels.Contains(resource.Id, StringComparer.Ordinal))
        )
        {
            return true;
        }
        var markers = cloud
            .Services.Get<LogWriter>()
            .Ledger.Since(0)
            .Where(record =>
                record.Project.Length == 0
                && record.Kind == kind
                && (record.Product, record.Account, record.Resource)
                    == (resource.Product, resource.Account, resource.Id)
            )
            .Select(record => Encoding.UTF8.GetBytes(record.Marker))
            .ToList();
        return markers.Count > 0
            && Groups(logstore => logstore.Name.StartsWith($"{resource.Product}_", StringComparison.Ordinal))
                .Any(group => markers.Exists(marker => group.Span.IndexOf(marker) >= 0));
    }

    private IEnumerable<(IReadOnlyList<string> Labels, DateTimeOffset At, double Value)> Samples() =>
        from bytes in Groups(logstore => logstore.Settings.IsMetricstore)
        from log in LogGroup.Parser.ParseFrom(bytes.Span).Logs
        let fields = log.Contents.ToDictionary(
            content => content.Key,
            content => content.Value.ToStringUtf8(),
            StringComparer.Ordinal
        )
        select (
            LabelsOf(fields["__labels__"]),
            DateTimeOffset.UnixEpoch.AddTicks(long.Parse(fields["__time_nano__"], CultureInfo.InvariantCulture) / 100),
            Number(fields["__value__"])
        );

    /// <summary>The values of labels, which stand as <c>name#$#value</c> with <c>|</c> between them.</summary>
    private static IReadOnlyList<string> LabelsOf(string text) =>
        [.. text.Split('|').Select(pair => pair[(pair.IndexOf("#$#", StringComparison.Ordinal) + 3)..])];

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private IEnumerable<ReadOnlyMemory<byte>> Groups(Func<SlsLogstore, bool> wanted) =>
        from logstore in cloud.Services.Get<SlsStore>().Project(script.CentralProject)?.Logstores ?? []
        where wanted(logstore)
        from shard in logstore.Shards
        from stored in shard.Search(0, uint.MaxValue)
        select stored.Bytes;
}
