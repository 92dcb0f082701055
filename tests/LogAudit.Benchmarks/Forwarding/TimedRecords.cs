using System.Globalization;
using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Sls;
using LogAudit.LocalCloud.Sls.Storage;

namespace LogAudit.Benchmarks;

/// <summary>Records that carry the time at which they were written, in a tag of their group.</summary>
internal sealed class TimedRecords
{
    /// <summary>Name of the tag.</summary>
    public const string Tag = "bench_sent";

    /// <summary>Shards of the Logstore.</summary>
    public const int Shards = 8;

    /// <summary>Records of one round over all shards.</summary>
    public const int PerRound = Shards * PerGroup;

    private const int PerGroup = 125;

    private static readonly UInt128 ShardWidth = UInt128.MaxValue / Shards;

    private readonly SlsLogstore logstore;
    private readonly List<LogItem> items = [];
    private readonly string topic = "";

    public TimedRecords(BenchCloud cloud, int seed)
    {
        var samples = new SampleRecords(seed);
        var kind = SampleRecords.Kinds.First(one => one.Logstore == "rds_log");
        for (var number = 0; number < PerGroup; number++)
        {
            items.Add(
                new LogItem((uint)TimeProvider.System.GetUtcNow().ToUnixTimeSeconds(), samples.Fields(kind, out topic))
            );
        }

        logstore = cloud.EnsureLogstore(kind.Logstore, Shards);
    }

    /// <summary>Writes a group to every shard.</summary>
    /// <param name="isCounted">Whether the receiver counts their delay.</param>
    public void Write(bool isCounted)
    {
        for (var shard = 0; shard < Shards; shard++)
        {
            var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
            var sent = isCounted ? now.ToString(CultureInfo.InvariantCulture) : "warm-up";
            logstore.Append(
                CheckedGroup.Of(items, topic, "", [new(Tag, sent)]),
                (ShardWidth * (UInt128)shard) + 1,
                clientIp: null
            );
        }
    }
}
