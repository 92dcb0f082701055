using LogAudit.Forwarding;

namespace LogAudit.Benchmarks;

/// <summary>The hot path of forwarding: from the body of an answer of PullLogs to the bytes of the outgoing batch, in every format that there is.</summary>
internal static class Forward
{
    private const int Warmups = 12;
    private const int RoundCount = 25;

    /// <summary>The format that the targets are about; the others must come within a factor of two of it.</summary>
    private const string Main = "rfc5424";

    public static void Run(int seed, Report report)
    {
        var corpus = MixedCorpus.Make(seed);
        report.Figure("corpusRecords", corpus.Records);
        report.Ratio("corpusRecordBytes", (double)corpus.RawBytes / corpus.Records, 1_000, 1_400);
        report.Ratio("corpusFieldsPerRecord", corpus.FieldsPerRecord, 20, 40);
        report.Ratio("corpusLz4Ratio", corpus.Lz4Ratio, 2.0, 3.5);
        report.Ratio("corpusNestedShare", corpus.NestedShare, atLeast: 0.3);

        var formats = FormatCatalogue.Names.Order(StringComparer.Ordinal).ToList();
        var compared = formats.FindAll(PlainFormats.All.ContainsKey);
        var roads = formats.ConvertAll(name => new EncodeRoad(corpus, Format(name)));
        var plains = compared.ConvertAll(name => new PlainEncoder(corpus, name));
        var copy = new CopyLoop(corpus);
        foreach (var (name, plain) in compared.Zip(plains))
        {
            roads[formats.IndexOf(name)].CheckAgainst(plain);
        }

        using var masked = new EncodeRoad(corpus, Format(Main), BenchMask.Make());
        var times = Rounds.Medians(
            Warmups,
            RoundCount,
            [
                copy.Run,
                masked.Run,
                .. roads.Select(road => (Action)road.Run),
                .. plains.Select(plain => (Action)plain.Run),
            ]
        );
        var (ours, others) = (times[2..(formats.Count + 2)], times[(formats.Count + 2)..]);
        var main = ours[formats.IndexOf(Main)];
        report.Ratios("vsCopyLoop", By(formats, number => times[0] / ours[number]), Main, atLeast: 0.10);
        report.Ratios(
            "vsPlain",
            By(compared, number => others[number] / ours[formats.IndexOf(compared[number])]),
            Main,
            atLeast: 5
        );
        report.Figures("recordsPerSecondPerCore", By(formats, number => corpus.Records / ours[number].TotalSeconds));
        report.Figures("cpuSecondsPerMillion", By(formats, number => PerMillion(ours[number])));
        report.Ratios("timeVsRfc5424", By(formats, number => ours[number] / main), atMost: 2);
        report.Ratios(
            "allocatedBytesPerRecord",
            By(formats, number => roads[number].AllocatedBytesPerRecord()),
            atMost: 16
        );
        report.Figure("maskedVsCopyLoop", times[0] / times[1]);
        report.Figure("maskedCpuSecondsPerMillion", PerMillion(times[1]));
        report.Ratio("maskedAllocatedBytesPerRecord", masked.AllocatedBytesPerRecord(), atMost: 16);

        TwoCores.Run(corpus, Format(Main), report);

        double PerMillion(TimeSpan time) => time.TotalSeconds * 1_000_000 / corpus.Records;
    }

    private static IEnumerable<KeyValuePair<string, double>> By(List<string> names, Func<int, double> figure) =>
        names.Select((name, number) => KeyValuePair.Create(name, figure(number)));

    /// <summary>A format with the defaults of its options.</summary>
    public static IFormat Format(string name) =>
        FormatCatalogue.Make(
            name,
            new OptionReader(
                new DestinationSettings
                {
                    Name = "bench",
                    Sink = "syslog",
                    Format = name,
                },
                "destinations[0]",
                new SecretReferences(_ => null)
            )
        )!;
}
