using LogAudit.Benchmarks;

// dotnet run -c Release --project tests/LogAudit.Benchmarks -- [decode] [encode] [--json] [--seed N]
// Without a name everything is measured. Exit code 3: a target was missed.
var json = args.Contains("--json", StringComparer.Ordinal);
var seedAt = Array.IndexOf(args, "--seed");
var seed = seedAt >= 0 ? int.Parse(args[seedAt + 1], System.Globalization.CultureInfo.InvariantCulture) : 20260115;
var wanted = args.Where((arg, i) => !arg.StartsWith("--", StringComparison.Ordinal) && (seedAt < 0 || i != seedAt + 1))
    .ToHashSet();

var corpus = Corpus.Make(seed);
var report = new Report();
report.Figure("recordBytes", (double)corpus.Raw.Length / corpus.Records);
report.Figure("lz4Ratio", (double)corpus.Raw.Length / corpus.Packed.Length);
if (wanted.Count == 0 || wanted.Contains("decode"))
{
    Decode.Run(corpus, report);
}

if (wanted.Count == 0 || wanted.Contains("encode"))
{
    Encode.Run(seed, report);
}

report.Print(Console.Out, json);
return report.Missed.Count == 0 ? 0 : 3;
