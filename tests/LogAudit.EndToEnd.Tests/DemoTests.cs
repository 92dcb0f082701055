using LogAudit.Products;
using LogAudit.Testing;
using Newtonsoft.Json.Linq;

namespace LogAudit.EndToEnd.Tests;

/// <summary>The demo, as a newcomer runs it: the command and the published functions as processes of their own.</summary>
public sealed class DemoTests
{
    [PeerFact("functions")]
    public async Task The_demo_covers_everything_by_every_road_and_loses_nothing()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"logaudit-demo-{Guid.NewGuid():n}");
        var configuration = Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/'));
        var command = Path.Combine(Peers.Repository, "artifacts/bin/LogAudit.Cli", configuration, "logaudit.dll");

        var (exit, output, errors) = await Peers.RunAsync(
            "dotnet",
            Peers.Repository,
            null,
            command,
            "demo",
            "--json",
            "--folder",
            folder
        );

        Assert.True(exit == 0, $"{output}\n{errors}");
        var result = JObject.Parse(output.TrimEnd().Split('\n')[^1]);
        Assert.Equal(0, (int)result["recordsLost"]!);
        Assert.True((int)result["recordsDelivered"]! > 0);
        Assert.Equal((int)result["collectableResources"]!, (int)result["collectingAfter"]!);
        Assert.Equal((int)result["changesNeedingRepair"]!, (int)result["changesRepaired"]!);
        Assert.Equal(0, (int)result["secondReconcileWrites"]!);
        Assert.True((int)result["accounts"]! >= 4 && (int)result["regions"]! >= 3 && (int)result["resources"]! >= 60);
        Assert.True((int)result["unknown"]! > 0 && (int)result["notApplicable"]! > 0);
        Assert.Equal(
            ProductCatalogue.Codes.Order(StringComparer.Ordinal),
            result["products"]!.Values<string>().Order(StringComparer.Ordinal)
        );
        Assert.Empty(
            ((JObject)result["changesByRoad"]!)
                .Properties()
                .Select(road => road.Name)
                .Except(["bus", "trail", "timer", "policy"])
        );
        Directory.Delete(folder, recursive: true);
    }

    [PeerFact("functions")]
    public void Where_peers_are_required_the_functions_are_the_AOT_binaries()
    {
        var modes = new[] { "Discover", "OnChange", "Poll", "Sync" }.Select(function =>
            File.ReadAllText(Path.Combine(Peers.Repository, "artifacts/functions", $"{function}.mode")).Trim()
        );

        Assert.All(modes, mode => Assert.Contains(mode, Peers.Required ? ["aot"] : new[] { "aot", "r2r", "build" }));
    }
}
