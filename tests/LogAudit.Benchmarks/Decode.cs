using K4os.Compression.LZ4;
using LogAudit.Sls;
using LogAudit.Wire;

namespace LogAudit.Benchmarks;

/// <summary>LZ4 alone, LZ4 with our reader over every field, LZ4 with Google.Protobuf's generated parser: on the same bytes.</summary>
internal static class Decode
{
    public static void Run(Corpus corpus, Report report)
    {
        var buffer = new byte[corpus.Raw.Length];
        Same(corpus);

        var times = Rounds.Medians(
            warmups: 40,
            rounds: 120,
            () => LZ4Codec.Decode(corpus.Packed, buffer),
            () => Ours(corpus),
            () =>
            {
                LZ4Codec.Decode(corpus.Packed, buffer);
                GC.KeepAlive(LogGroupList.Parser.ParseFrom(buffer));
            }
        );

        Ours(corpus);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 20; i++)
        {
            Ours(corpus);
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        report.Ratio("decodeVsProtobuf", times[2] / times[1], atLeast: 5);
        report.Ratio("decodeVsLz4", times[1] / times[0], atMost: 1.6);
        report.Figure("decodeAllocatedBytesPerRecord", allocated / 20.0 / corpus.Records);
        report.Figure("decodeNanosecondsPerRecord", times[1].TotalNanoseconds / corpus.Records);
        report.Figure("decodeRecordsPerSecond", corpus.Records / times[1].TotalSeconds);
    }

    /// <summary>Goes over everything there is, as a consumer would; the sum keeps the work from being left out.</summary>
    private static long Ours(Corpus corpus)
    {
        using var pulled = PulledLogs.Decode(corpus.Source, corpus.Headers, corpus.Packed, corpus.Raw.Length);
        long sum = 0;
        for (var groups = pulled.Groups(); groups.Next(); )
        {
            sum += groups.Topic.Length + groups.Source.Length;
            for (var tags = groups.Tags(); tags.Next(); )
            {
                sum += tags.Key.Length + tags.Value.Length;
            }

            for (var logs = groups.Logs(); logs.Next(); )
            {
                sum += logs.Time + logs.TimeNs;
                for (var fields = logs.Fields(); fields.Next(); )
                {
                    sum += fields.Key.Length + fields.Value.Length;
                }
            }
        }

        return sum;
    }

    private static void Same(Corpus corpus)
    {
        long sum = 0;
        foreach (var group in corpus.List.LogGroups)
        {
            sum += Size(group.Topic) + Size(group.Source) + group.LogTags.Sum(tag => Size(tag.Key) + Size(tag.Value));
            foreach (var log in group.Logs)
            {
                sum += log.Time + log.TimeNs + log.Contents.Sum(one => Size(one.Key) + Size(one.Value));
            }
        }

        if (sum != Ours(corpus))
        {
            throw new InvalidOperationException("The two readers do not see the same.");
        }
    }

    private static long Size(string text) => System.Text.Encoding.UTF8.GetByteCount(text);
}
