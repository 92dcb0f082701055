using System.Text;
using LogAudit.Forwarding;
using LogAudit.Products;
using LogAudit.Sls;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LogAudit.Benchmarks;

/// <summary>A pulled body to RFC 5424 bytes: our road against the plain way, whose output is first compared record by record.</summary>
internal static class Encode
{
    // Those of the corpus. Others share a topic with one of them, and so do copies of a trail: only a Logstore of their own tells them apart.
    private static readonly string[] Products = ["actiontrail", "oss", "rds", "slb", "vpc"];

    public static void Run(int seed, Report report)
    {
        var corpus = EncodeCorpus.Make(seed);
        var topics = new HashSet<string>(StringComparer.Ordinal);
        IReadOnlyList<LogKind> kinds =
        [
            .. new ProductCatalogue()
                .LogKinds.Where(kind => Products.Contains(kind.Product, StringComparer.Ordinal))
                .Where(kind => kind.Topics.All(topics.Add))
                .Select(kind => kind with { Logstore = EncodeCorpus.Target.Logstore.Value }),
        ];
        var plain = new PlainEncoder(kinds);
        var mappings = new MappingCatalogue(kinds).For(EncodeCorpus.Target.Logstore);
        var format = new Rfc5424(new Rfc5424Options());
        using var normaliser = new RecordNormaliser();
        using var batch = new EncodedBatch();
        Ours(corpus, mappings, format, normaliser, batch);
        Same(batch, plain.Encode(corpus));

        var times = Rounds.Medians(
            warmups: 15,
            rounds: 40,
            () => Ours(corpus, mappings, format, normaliser, batch),
            () => plain.Encode(corpus)
        );

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 20; round++)
        {
            Ours(corpus, mappings, format, normaliser, batch);
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        report.Ratio("encodeVsPlain", times[1] / times[0], atLeast: 4);
        report.Figure("recordsPerSecond", corpus.Records / times[0].TotalSeconds);
        report.Ratio("allocatedBytesPerRecord", allocated / 20.0 / corpus.Records, atMost: 64);
        report.Figure("encodeNanosecondsPerRecord", times[0].TotalNanoseconds / corpus.Records);
        report.Figure("encodeRecordBytes", (double)corpus.Raw.Length / corpus.Records);
    }

    private static void Ours(
        EncodeCorpus corpus,
        LogstoreMappings mappings,
        Rfc5424 format,
        RecordNormaliser normaliser,
        EncodedBatch batch
    )
    {
        batch.Clear();
        using var pulled = PulledLogs.Decode(corpus.Source, corpus.Headers, corpus.Packed, corpus.Raw.Length);
        var shard = new ShardAddress(EncodeCorpus.Target, 0);
        for (var group = pulled.Groups(); group.Next(); )
        {
            normaliser.BeginGroup(shard, pulled.GroupCursor(group.Index));
            for (var log = group.Logs(); log.Next(); )
            {
                batch.Add(LogNormaliser.Read(normaliser, mappings, pulled.Body, group, log), format);
            }
        }
    }

    private static void Same(EncodedBatch ours, List<byte[]> plain)
    {
        if (ours.Count != plain.Count)
        {
            throw new InvalidOperationException($"{ours.Count} records against {plain.Count} of the plain way.");
        }

        for (var index = 0; index < ours.Count; index++)
        {
            var (one, other) = (Encoding.UTF8.GetString(ours.Body(index).Span), Encoding.UTF8.GetString(plain[index]));
            var (at, otherAt) = (
                one.IndexOf('{', StringComparison.Ordinal),
                other.IndexOf('{', StringComparison.Ordinal)
            );
            if (
                !string.Equals(one[..at], other[..otherAt], StringComparison.Ordinal)
                || !JToken.DeepEquals(Sorted(one[at..]), Sorted(other[otherAt..]))
            )
            {
                throw new InvalidOperationException($"Record {index} differs:\n{one}\n{other}");
            }
        }
    }

    private static JToken Sorted(string json)
    {
        using var reader = new JsonTextReader(new StringReader(json)) { DateParseHandling = DateParseHandling.None };
        return JToken.Load(reader);
    }
}
