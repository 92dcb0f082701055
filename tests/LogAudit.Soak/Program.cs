using LogAudit.Soak;

// The conservation test; scripts/soak builds what it needs and calls it. Exit code 0: the run proves that nothing was lost. 1: it does not, and says why. 2: usage.
if (SoakOptions.Read(args) is not { } options)
{
    await Console.Error.WriteLineAsync(SoakOptions.Usage);
    return 2;
}

var began = TimeProvider.System.GetTimestamp();
var result = await new SoakRun(
    options,
    line => Console.Error.WriteLine($"soak {TimeProvider.System.GetElapsedTime(began).TotalSeconds, 6:0} s  {line}")
).RunAsync();
result.Print(Console.Out);
foreach (var failure in result.Failures)
{
    await Console.Error.WriteLineAsync($"FAILED: {failure}");
}

return result.Failures.Count == 0 ? 0 : 1;
