using System.Globalization;
using Google.Protobuf;
using K4os.Compression.LZ4;
using LogAudit.Forwarding;
using LogAudit.LocalCloud.Products.Logs;
using LogAudit.Products;
using LogAudit.Sls;
using LogAudit.Wire;

namespace LogAudit.Benchmarks;

/// <summary>An answer of PullLogs as it comes from the wire, and what its Logstore holds.</summary>
internal sealed class CorpusPull
{
    private const long FirstCursor = 1_772_439_330_000_000_000;

    public CorpusPull(string logstore, LogGroupList list, MappingCatalogue mappings)
    {
        Target = new LogTarget(
            new AccountId("1000000000000001"),
            new RegionId("cn-shanghai"),
            new ProjectName("logaudit-center-1000000000000001-cn-shanghai"),
            new LogstoreName(logstore)
        );
        Raw = list.ToByteArray();
        var packed = new byte[LZ4Codec.MaximumOutputSize(Raw.Length)];
        Packed = packed[..LZ4Codec.Encode(Raw, packed)];
        Records = list.LogGroups.Sum(group => group.Logs.Count);
        Shard = new ShardAddress(Target, 0);
        Source = new PullSource(Target.Project, Target.Logstore, 0, Cursor.Of(FirstCursor));
        Headers = new PullHeaders(
            Cursor.Of(FirstCursor + list.LogGroups.Count),
            list.LogGroups.Count,
            Raw.Length,
            LogCompression.Lz4,
            FirstCursor + list.LogGroups.Count - 1,
            ""
        );
        Mappings = mappings.For(Target.Logstore);
    }

    public LogTarget Target { get; }
    public ShardAddress Shard { get; }
    public PullSource Source { get; }
    public PullHeaders Headers { get; }
    public LogstoreMappings Mappings { get; }
    public byte[] Raw { get; }
    public byte[] Packed { get; }
    public int Records { get; }

    /// <summary>Cursor of a group.</summary>
    public static Cursor GroupCursor(int index) => Cursor.Of(FirstCursor + index);
}

/// <summary>A fixed seeded corpus: pulls of every central Logstore, one behind the other.</summary>
internal sealed class MixedCorpus
{
    private const int Groups = 4;
    private const int LogsPerGroupAndKind = 32;

    private MixedCorpus(IReadOnlyList<CorpusPull> pulls, double fields, double nested)
    {
        Pulls = pulls;
        Records = pulls.Sum(pull => pull.Records);
        RawBytes = pulls.Sum(pull => (long)pull.Raw.Length);
        Lz4Ratio = (double)RawBytes / pulls.Sum(pull => (long)pull.Packed.Length);
        (FieldsPerRecord, NestedShare) = (fields, nested);
    }

    public IReadOnlyList<CorpusPull> Pulls { get; }
    public int Records { get; }
    public long RawBytes { get; }

    /// <summary>Raw bytes for a packed one.</summary>
    public double Lz4Ratio { get; }

    public double FieldsPerRecord { get; }

    /// <summary>Part of the records with a field that holds a JSON object or list.</summary>
    public double NestedShare { get; }

    /// <summary>The log kinds of the catalogue.</summary>
    public static IReadOnlyList<LogKind> LogKinds { get; } = new ProductCatalogue().LogKinds;

    public static MixedCorpus Make(int seed)
    {
        var samples = new SampleRecords(seed);
        var mappings = new MappingCatalogue(LogKinds);
        var (fields, nested, records) = (0L, 0L, 0L);
        var pulls = new List<CorpusPull>();
        foreach (var logstore in SampleRecords.Kinds.GroupBy(kind => kind.Logstore, StringComparer.Ordinal))
        {
            var list = new LogGroupList();
            for (var number = 0; number < Groups; number++)
            {
                foreach (var kind in logstore)
                {
                    list.LogGroups.Add(Group(samples, kind, one: log => Count(log)));
                }
            }

            pulls.Add(new CorpusPull(logstore.Key, list, mappings));
        }

        return new MixedCorpus(pulls, (double)fields / records, (double)nested / records);

        void Count(Log log)
        {
            records++;
            fields += log.Contents.Count;
            nested += log.Contents.Any(one => one.Value is ['{' or '[', .., '}' or ']']) ? 1 : 0;
        }
    }

    private static LogGroup Group(SampleRecords samples, SampleKind kind, Action<Log> one)
    {
        var group = new LogGroup { Source = "log_service" };
        for (var number = 0; number < LogsPerGroupAndKind; number++)
        {
            var fields = samples.Fields(kind, out var topic);
            group.Topic = topic;
            var log = new Log
            {
                Time = (uint)(1_772_439_330 + number),
                TimeNs = (uint)samples.Dice.Number(0, 1_000_000) * 1_000,
            };
            log.Contents.Add(fields.Select(field => new Log.Types.Content { Key = field.Key, Value = field.Value }));
            group.Logs.Add(log);
            one(log);
        }

        group.LogTags.Add(new LogTag { Key = "__receive_time__", Value = "1772439400" });
        return group;
    }
}
