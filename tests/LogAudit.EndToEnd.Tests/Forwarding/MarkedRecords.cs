using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Products.Logs;

namespace LogAudit.EndToEnd.Tests.Forwarding;

/// <summary>Writes realistic records into the central Logstores, each with a marker of its own.</summary>
internal sealed class MarkedRecords(FunctionCloud cloud, int seed)
{
    private readonly Markers markers = new(seed);
    private readonly Dice dice = new(new Random(seed));

    /// <summary>Markers written so far, in order.</summary>
    public List<string> Written { get; } = [];

    /// <summary>Writes groups of records; they go to the shards in turn.</summary>
    /// <returns>Their markers.</returns>
    public IReadOnlyList<string> Append(string logstore, int groups, int perGroup)
    {
        var target = cloud.Store.Logstore(FunctionCloud.Project, logstore)!;
        var from = Written.Count;
        for (var group = 0; group < groups; group++)
        {
            var records = Enumerable.Range(0, perGroup).Select(_ => Make(logstore)).ToList();
            target.Append(
                [.. records.Select(one => new LogItem((uint)one.Time.ToUnixTimeSeconds(), one.Fields))],
                records[0].Topic
            );
            Written.AddRange(records.Select(one => one.Marker));
        }

        return Written.GetRange(from, Written.Count - from);
    }

    private LogRecord Make(string logstore)
    {
        var (now, marker) = (TimeProvider.System.GetUtcNow(), markers.Next());
        return logstore switch
        {
            "slb_log" => SlbRecords.Access(
                FunctionCloud.Uid,
                FunctionCloud.Region,
                "lb-1",
                "front",
                "vpc",
                "vpc-1",
                https: true,
                now,
                marker,
                dice
            ),
            "rds_log" => RdsRecords.Audit(
                FunctionCloud.Uid,
                FunctionCloud.Region,
                "rm-1",
                "orders",
                "MySQL",
                "8.0",
                now,
                marker,
                dice
            ),
            _ => throw new ArgumentOutOfRangeException(nameof(logstore), logstore, "no records of this kind"),
        };
    }
}
