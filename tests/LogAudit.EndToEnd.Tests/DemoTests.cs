using LogAudit.Products;
using LogAudit.Testing;
using Newtonsoft.Json.Linq;

namespace LogAudit.EndToEnd.Tests;

/// <summary>The demo, as a newcomer runs it: the command and the published functions as processes of their own.</summary>
public sealed class DemoTests
{
    /// <summary>Kinds of log of which the demo has no record, each with the reason.</summary>
    private static readonly Dictionary<(string Product, string Kind), string> Absent = new()
    {
        [("sas", "dns")] = "delivery ended on 2025-03-27",
        [("sas", "local-dns")] = "delivery ended on 2025-03-27",
        [("sas", "session")] = "delivery ended on 2025-03-27",
        [("sas", "http")] = "delivery ended on 2025-03-27",
    };

    [PeerFact("functions")]
    public async Task The_demo_covers_everything_by_every_road_and_loses_nothing()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"logaudit-demo-{Guid.NewGuid():n}");

        var output = await RunAsync("demo", "--json", "--folder", folder);

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
        AssertEveryRow(result, JArray.Parse(await RunAsync("products", "--output", "json")));
        AssertByHand(result);
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Every kind of the product table has resources and records in the demo, and collects wherever it can.</summary>
    private static void AssertEveryRow(JObject result, JArray products)
    {
        var table = products.SelectMany(product =>
            product["logs"]!.Select(log => ((string)product["product"]!, (string)log["kind"]!))
        );
        var rows = result["logs"]!.ToDictionary(row => ((string)row["product"]!, (string)row["kind"]!));

        Assert.Equal(table.Except(Absent.Keys).Order(), rows.Keys.Order());
        Assert.All(
            rows.Values,
            row =>
            {
                Assert.True((int)row["collectingAfter"]! > 0 && (int)row["notCollecting"]! == 0, row.ToString());
                Assert.True((int)row["recordsMade"]! > 0, row.ToString());
                Assert.True((int)row["recordsReceived"]! == (int)row["recordsMade"]!, row.ToString());
            }
        );
    }

    /// <summary>What no call switches on was asked of a person in words, and its check turned green after the person had done it.</summary>
    private static void AssertByHand(JObject result)
    {
        Assert.Equal(
            ["actiontrail", "bastionhost", "ddos", "dns"],
            result["byHand"]!.Select(step => ((string)step["what"]!).Split(' ')[0]).Order(StringComparer.Ordinal)
        );
        Assert.All(
            result["byHand"]!,
            step => Assert.True((string)step["step"]! != "" && (bool)step["green"]!, step.ToString())
        );
    }

    private static async Task<string> RunAsync(params string[] arguments)
    {
        var configuration = Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/'));
        var command = Path.Combine(Peers.Repository, "artifacts/bin/LogAudit.Cli", configuration, "logaudit.dll");
        var (exit, output, errors) = await Peers.RunAsync("dotnet", Peers.Repository, null, [command, .. arguments]);
        Assert.True(exit == 0, $"{output}\n{errors}");
        return output;
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
