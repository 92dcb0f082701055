using System.Globalization;
using LogAudit.Fuzz;

// dotnet run --project tests/LogAudit.Fuzz -- pull --seconds 60 --seed 1
// A parser's name, how long, and the seed that makes a finding repeatable. Exit code 1: a finding.
var parsers = new Dictionary<string, Func<int, Fuzzer>>(StringComparer.Ordinal)
{
    ["pull"] = seed => new PullFuzzer(seed),
    ["relp"] = seed => new RelpFuzzer(seed),
};

if (args.Length == 0 || !parsers.TryGetValue(args[0], out var make))
{
    Console.Error.WriteLine($"usage: <{string.Join('|', parsers.Keys)}> [--seconds N] [--seed S]");
    return 2;
}

var seconds = Option("--seconds", 10);
var fuzzer = make(Option("--seed", 1));
var (start, clock) = (TimeProvider.System.GetTimestamp(), TimeProvider.System);
var inputs = 0L;
while (clock.GetElapsedTime(start) < TimeSpan.FromSeconds(seconds))
{
    inputs += fuzzer.Run(inputs: 200);
    if (fuzzer.Finding is { } finding)
    {
        Console.Error.WriteLine(finding);
        return 1;
    }
}

Console.WriteLine(
    string.Create(
        CultureInfo.InvariantCulture,
        $"{args[0]}: {inputs} inputs, {fuzzer.Taken} taken, {fuzzer.Refused} refused, no finding"
    )
);
return 0;

int Option(string name, int otherwise)
{
    var at = Array.IndexOf(args, name);
    return at >= 0 && at + 1 < args.Length ? int.Parse(args[at + 1], CultureInfo.InvariantCulture) : otherwise;
}
