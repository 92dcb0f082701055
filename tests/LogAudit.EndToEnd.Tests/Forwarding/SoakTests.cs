using System.Globalization;
using LogAudit.Testing;
using Newtonsoft.Json.Linq;
using Xunit.Abstractions;

namespace LogAudit.EndToEnd.Tests.Forwarding;

/// <summary>A short run of <c>scripts/soak</c>: every record is followed through killed processes, failing receivers, a failing cloud and changing shards.</summary>
/// <param name="output">Gets the seed and the result.</param>
public sealed class SoakTests(ITestOutputHelper output)
{
    /// <summary>Repeats a run that failed.</summary>
    private const string SeedVariable = "LOGAUDIT_SOAK_SEED";

    private const string Minutes = "2";
    private const string RecordsPerSecond = "1500";

    [Fact]
    public async Task Nothing_is_lost_invented_or_altered_while_faults_strike()
    {
        var seed = Environment.GetEnvironmentVariable(SeedVariable) is { Length: > 0 } given
            ? given
            : Random.Shared.Next(1, 1_000_000).ToString(CultureInfo.InvariantCulture);
        output.WriteLine($"{SeedVariable}={seed}");
        var configuration = Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/'));

        var (exit, said, told) = await Peers.RunAsync(
            "dotnet",
            Peers.Repository,
            environment: null,
            Path.Combine(Peers.Repository, "artifacts/bin/LogAudit.Soak", configuration, "LogAudit.Soak.dll"),
            "--minutes",
            Minutes,
            "--records-per-second",
            RecordsPerSecond,
            "--seed",
            seed,
            "--sync",
            FunctionPackage.Of("sync").Folder,
            "--command",
            LocalProcess.Command,
            "--json"
        );

        var last = said.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault("");
        output.WriteLine(last);
        Assert.True(exit == 0, $"{SeedVariable}={seed}\n{last}\n{told}");
        var result = JObject.Parse(last);
        Assert.Equal(seed, (string?)result["seed"]);
        Assert.All(
            (string[])["lost", "invented", "altered", "duplicatesWithOtherId"],
            name => Assert.Equal(0, (int)result[name]!)
        );
        Assert.All(
            (string[])["records", "faults", "delivered", "duplicates", "acknowledged", "freshAfterFaults"],
            name => Assert.True((int)result[name]! > 0, name)
        );
    }
}
