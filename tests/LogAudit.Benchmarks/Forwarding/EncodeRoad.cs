using LogAudit.Forwarding;
using LogAudit.Sls;

namespace LogAudit.Benchmarks;

/// <summary>Our road from pulled bodies to the bytes of a batch, with what a worker keeps from batch to batch.</summary>
internal sealed class EncodeRoad(MixedCorpus corpus, IFormat format, RecordMask? mask = null) : IDisposable
{
    // Asked of every record, true of none, so that the plain way needs no filter to make the same.
    private const string Filter = """drop event.action == "NoSuchCall*" or account.id == "2*" """;

    private readonly RecordFilter filter = new(PolicyExpression.Parse(Filter, out _)!);
    private readonly PooledBuffer filterRoom = new(256);
    private readonly RecordNormaliser normaliser = new(format.WantsFields);
    private readonly MaskPass? masking = mask is null ? null : new MaskPass(mask);

    /// <summary>The batch of the last pull.</summary>
    public EncodedBatch Batch { get; } = new();

    /// <summary>Encodes every pull of the corpus, a batch each.</summary>
    public void Run()
    {
        foreach (var pull in corpus.Pulls)
        {
            Run(pull);
        }
    }

    /// <summary>Encodes one pull.</summary>
    public void Run(CorpusPull pull)
    {
        Batch.Clear();
        Add(pull);
    }

    /// <summary>Adds one pull to the batch.</summary>
    public void Add(CorpusPull pull)
    {
        using var pulled = PulledLogs.Decode(pull.Source, pull.Headers, pull.Packed, pull.Raw.Length);
        for (var group = pulled.Groups(); group.Next(); )
        {
            normaliser.BeginGroup(pull.Shard, pulled.GroupCursor(group.Index));
            for (var log = group.Logs(); log.Next(); )
            {
                var record = LogNormaliser.Read(normaliser, pull.Mappings, pulled.Body, group, log);
                if (filter.Takes(record, filterRoom))
                {
                    Batch.Add(masking is null ? record : normaliser.Mask(masking, record), format);
                }
            }
        }
    }

    /// <summary>Refuses output other than that of the plain way.</summary>
    public void CheckAgainst(PlainEncoder plain)
    {
        foreach (var pull in corpus.Pulls)
        {
            Run(pull);
            SameRecords.Check(Batch, plain.Encode(pull));
        }
    }

    /// <summary>Bytes that a record costs the collector once the buffers have their size.</summary>
    public double AllocatedBytesPerRecord()
    {
        const int Times = 10;
        Run();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < Times; round++)
        {
            Run();
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Times / corpus.Records;
    }

    public void Dispose()
    {
        normaliser.Dispose();
        masking?.Dispose();
        filterRoom.Dispose();
        Batch.Dispose();
    }
}
