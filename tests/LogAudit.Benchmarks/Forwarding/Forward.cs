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

        var formats = FormatCatalogue.Names.Where(PlainFormats.All.ContainsKey).Order(StringComparer.Ordinal).ToList();
        var roads = formats.ConvertAll(name => new EncodeRoad(corpus, Format(name)));
        var plains = formats.ConvertAll(name => new PlainEncoder(corpus, name));
        var copy = new CopyLoop(corpus);
        for (var number = 0; number < formats.Count; number++)
        {
            roads[number].CheckAgainst(plains[number]);
        }

        var times = Rounds.Medians(
            Warmups,
            RoundCount,
            [copy.Run, .. roads.Select(road => (Action)road.Run), .. plains.Select(plain => (Action)plain.Run)]
        );
        var (ours, plain) = (times[1..(formats.Count + 1)], times[(formats.Count + 1)..]);
        report.Ratios("vsCopyLoop", ByFormat(number => times[0] / ours[number]), Main, atLeast: 0.10);
        report.Ratios("vsPlain", ByFormat(number => plain[number] / ours[number]), Main, atLeast: 5);
        report.Figures("recordsPerSecondPerCore", ByFormat(number => corpus.Records / ours[number].TotalSeconds));
        report.Figures(
            "cpuSecondsPerMillion",
            ByFormat(number => ours[number].TotalSeconds * 1_000_000 / corpus.Records)
        );
        report.Ratios("timeVsRfc5424", ByFormat(number => ours[number] / ours[formats.IndexOf(Main)]), atMost: 2);
        report.Ratios(
            "allocatedBytesPerRecord",
            ByFormat(number => roads[number].AllocatedBytesPerRecord()),
            atMost: 16
        );

        TwoCores.Run(corpus, Format(Main), report);

        IEnumerable<KeyValuePair<string, double>> ByFormat(Func<int, double> figure) =>
            formats.Select((name, number) => KeyValuePair.Create(name, figure(number)));
    }

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
