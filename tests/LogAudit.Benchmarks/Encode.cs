using LogAudit.Forwarding;

namespace LogAudit.Benchmarks;

/// <summary>A pulled body to RFC 5424 bytes: our road against the plain way, whose output is first compared record by record.</summary>
internal static class Encode
{
    public static void Run(int seed, Report report)
    {
        var corpus = MixedCorpus.Make(seed);
        using var road = new EncodeRoad(corpus, new Rfc5424(new Rfc5424Options()));
        var plain = new PlainEncoder(corpus, "rfc5424");
        road.CheckAgainst(plain);
        var times = Rounds.Medians(warmups: 15, rounds: 40, road.Run, plain.Run);
        report.Ratio("encodeVsPlain", times[1] / times[0], atLeast: 4);
        report.Figure("recordsPerSecond", corpus.Records / times[0].TotalSeconds);
        report.Figure("encodeNanosecondsPerRecord", times[0].TotalNanoseconds / corpus.Records);
        report.Figure("encodeRecordBytes", (double)corpus.RawBytes / corpus.Records);
    }
}
