using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Products.Logs;
using LogAudit.LocalCloud.Sls;
using LogAudit.LocalCloud.Sls.Storage;

namespace LogAudit.Soak;

/// <summary>Writes numbered records into the Logstore of one road: fields of the product as LocalCloud makes them, and the text that is checked at the far end.</summary>
internal sealed class RecordWriter
{
    // Fields of the product in a record: enough for its mapping to have work, few enough for millions of records on a small machine.
    private const int MostFields = 12;
    private const int Variants = 16;

    private readonly SlsLogstore logstore;
    private readonly Receipts receipts;
    private readonly int seed;
    private readonly List<(string Topic, IReadOnlyList<KeyValuePair<string, string>> Fields)> variants;

    public RecordWriter(SlsLogstore logstore, Receipts receipts, int seed)
    {
        (this.logstore, this.receipts, this.seed) = (logstore, receipts, seed);
        var (dice, markers) = (new Dice(new Random(seed)), new Markers(seed));
        variants =
        [
            .. Enumerable
                .Range(0, Variants)
                .Select(_ => Sample(receipts.Road.Product, markers.Next(), dice))
                .Select(one =>
                    (one.Topic, (IReadOnlyList<KeyValuePair<string, string>>)[.. one.Fields.Take(MostFields)])
                ),
        ];
    }

    /// <summary>Bytes of the groups written so far, as SLS keeps them.</summary>
    public long Bytes { get; private set; }

    public Receipts Receipts => receipts;

    /// <summary>Writes a group of <see cref="Receipts.GroupRecords"/>; the shards take groups in turn.</summary>
    public void WriteGroup()
    {
        lock (receipts.Writing)
        {
            Write();
        }
    }

    private void Write()
    {
        var first = receipts.Issue();
        var time = (uint)TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var topic = variants[0].Topic;
        var items = new LogItem[Receipts.GroupRecords];
        for (var index = 0; index < items.Length; index++)
        {
            var text = RecordText.Of(seed, receipts.Road.Logstore, first + index);
            items[index] = new LogItem(
                time,
                [.. variants[(first + index) % Variants].Fields, new(RecordText.Field, text)]
            );
        }

        var group = CheckedGroup.Of(items, topic, "", []);
        Bytes += group.Bytes.Length;
        var (shard, cursor) = logstore.Append(group, hashKey: null, clientIp: null);
        receipts.Wrote(shard, cursor);
    }

    private static LogRecord Sample(string product, string marker, Dice dice)
    {
        const string Account = SoakCloud.Uid;
        const string Region = SoakCloud.Region;
        var at = TimeProvider.System.GetUtcNow();
        return product switch
        {
            "slb" => SlbRecords.Access(Account, Region, "lb-1", "shop", "VPC", "vpc-1", https: true, at, marker, dice),
            "alb" => AlbRecords.Access("alb-1", encrypted: true, at, marker, dice),
            "rds" => RdsRecords.Audit(Account, Region, "rm-1", "orders", "MySQL", "8.0", at, marker, dice),
            "nas" => NasRecords.Nfs(Account, "31a8e40000", extreme: false, at, marker, dice),
            "vpc" => VpcRecords.Flow(Account, Region, "vpc-1", 10, at, marker, dice),
            "dns" => DnsRecords.Intranet(Account, Region, "vpc-1", at, marker, dice) with
            {
                Topic = "dns_intranet_log",
            },
            "oss" => OssRecords.Access(Account, Region, "audit-demo", at, marker, dice),
            "drds" => DrdsRecords.Audit("drdshbga1", "orders", at, marker, dice) with { Topic = "drds_audit_log" },
            _ => throw new ArgumentOutOfRangeException(nameof(product), product, "no records of this product"),
        };
    }
}
