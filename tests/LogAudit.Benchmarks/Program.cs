using LogAudit.Benchmarks;

// dotnet run -c Release --project tests/LogAudit.Benchmarks -- [decode] [encode] [forward] [batches] [memory] [coldstart] [--json] [--seed N] [--records N] [--functions DIR] [--bare DIR]
// Without a name everything is measured. Exit code 3: a target was missed. The functions are those that scripts/bench published.
var json = args.Contains("--json", StringComparer.Ordinal);
var seed = int.Parse(Option("--seed", "20260115"), System.Globalization.CultureInfo.InvariantCulture);
var wanted = args.Where(arg => arg is "decode" or "encode" or "forward" or "batches" or "memory" or "coldstart")
    .ToHashSet(StringComparer.Ordinal);

if (args.Contains("steady", StringComparer.Ordinal))
{
    Steady.Child(seed, Records("10000000"));
    return 0;
}

var corpus = Corpus.Make(seed);
var functions = Path.GetFullPath(Option("--functions", "artifacts/functions"));
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

if (wanted.Count == 0 || wanted.Contains("forward"))
{
    Forward.Run(seed, report);
    Steady.Run(Records("10000000"), report);
    await Stalled.RunAsync(seed, report);
    await Delay.ForwardAsync(seed, report);
    await Delay.SyncAsync(functions, seed, report);
}

if (wanted.Count == 0 || wanted.Contains("batches"))
{
    await Batches.RunAsync(seed, report);
}

report.Text(
    "functionsMode",
    File.Exists($"{functions}/Sync.mode") ? File.ReadAllText($"{functions}/Sync.mode").Trim() : "unknown"
);
if (wanted.Count == 0 || wanted.Contains("memory"))
{
    await Memory.RunAsync(functions, seed, report);
}

if (wanted.Count == 0 || wanted.Contains("coldstart"))
{
    var bare = Path.GetFullPath(Option("--bare", "artifacts/bench/BareFunction"));
    await ColdStart.RunAsync(functions, Path.Combine(bare, "LogAudit.BareFunction"), seed, report);
}

report.Print(Console.Out, json);
return report.Missed.Count == 0 ? 0 : 3;

long Records(string otherwise) =>
    long.Parse(Option("--records", otherwise), System.Globalization.CultureInfo.InvariantCulture);

string Option(string name, string otherwise)
{
    var at = Array.IndexOf(args, name);
    return at >= 0 && at + 1 < args.Length ? args[at + 1] : otherwise;
}
