using System.IO.Compression;
using System.Text;
using LogAudit.LocalCloud.Products;
using LogAudit.LocalCloud.Scenario;
using LogAudit.Testing;
using Newtonsoft.Json.Linq;

namespace LogAudit.EndToEnd.Tests.Forwarding;

/// <summary>The archive as the published function writes it with the generated rights, and as the official client reads it.</summary>
public sealed class ArchiveTests
{
    private const string Bucket = "audit-archive";

    private static readonly DestinationSettings Destination = new()
    {
        Name = "archive",
        Sink = "oss",
        Format = "json",
        Options = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["region"] = FunctionCloud.Region,
            ["bucket"] = Bucket,
        },
    };

    private static string Settings =>
        FunctionCloud.Central
        + $"""
            destinations:
              - name: archive
                sink: oss
                format: json
                options:
                  region: {FunctionCloud.Region}
                  bucket: {Bucket}

            """;

    [PeerFact("npm")]
    public async Task Ali_oss_reads_what_Sync_archived()
    {
        await using var cloud = await FunctionCloud.StartAsync(
            seed: 1,
            change: settings => settings with { Destinations = [Destination] }
        );
        MakeBucket(cloud);
        await cloud.DeployAsync("sync", Settings);
        var records = new MarkedRecords(cloud, seed: 1);
        records.Append("rds_log", groups: 3, perGroup: 20);

        var (ok, answer) = await cloud.SweepAsync();

        Assert.True(ok, answer + cloud.Output("sync"));
        var listed = await ReadAsync(cloud, "listV2", new JObject { ["prefix"] = "logaudit/", ["max-keys"] = 100 });
        var names = listed["objects"]!.Select(found => (string)found["name"]!).ToList();
        Assert.All(names, name => Assert.Matches("^logaudit/dt=[0-9-]{10}/hour=[0-9]{2}/product=rds/account=", name));
        var lines = new List<string>();
        foreach (var name in names)
        {
            lines.AddRange(Unpack((JArray)(await ReadAsync(cloud, "get", name))["content"]!["data"]!));
        }

        Assert.Equal(
            records.Written.Order(StringComparer.Ordinal),
            Received.Of(lines).Ids.Keys.Order(StringComparer.Ordinal)
        );
    }

    private static void MakeBucket(FunctionCloud cloud)
    {
        lock (cloud.Cloud.Gate)
        {
            cloud
                .Cloud.Services.Get<LocalProducts>()
                .Of("oss")
                .Seed(
                    new ScenarioResource
                    {
                        Product = "oss",
                        Account = FunctionCloud.Uid,
                        Region = FunctionCloud.Region,
                        Id = Bucket,
                        Name = Bucket,
                        Tags = new Dictionary<string, string>(StringComparer.Ordinal),
                        Properties = new Dictionary<string, string>(StringComparer.Ordinal),
                    }
                );
        }
    }

    // One call of the official client, by the script with which LocalCloud is tried.
    private static async Task<JObject> ReadAsync(FunctionCloud cloud, string method, JToken argument)
    {
        var folder = Directory.CreateTempSubdirectory("logaudit-archive").FullName;
        try
        {
            var (preload, steps) = (Path.Combine(folder, "preload.js"), Path.Combine(folder, "steps.json"));
            await File.WriteAllTextAsync(preload, cloud.NodePreload);
            var key = cloud.Cloud.FindAccount(FunctionCloud.Uid)!.AddRootKey();
            var step = new JObject
            {
                ["client"] = "oss",
                ["region"] = $"oss-{FunctionCloud.Region}",
                ["bucket"] = Bucket,
                ["signature"] = "v4",
                ["protocol"] = "http",
                ["method"] = method,
                ["args"] = new JArray(argument),
                ["key"] = new JObject { ["id"] = key.Id, ["secret"] = key.Secret },
            };
            await File.WriteAllTextAsync(
                steps,
                new JObject { ["clockOffsetMinutes"] = 0, ["steps"] = new JArray(step) }.ToString()
            );
            var (exit, output, errors) = await Peers.RunAsync(
                "node",
                Path.Combine(Peers.Repository, "tests/LogAudit.LocalCloud.Tests/Npm"),
                new Dictionary<string, string>(StringComparer.Ordinal) { ["NODE_NO_WARNINGS"] = "1" },
                "--require",
                preload,
                "run.js",
                steps
            );
            Assert.True(exit == 0, $"node ended with {exit}: {errors}");
            var result = (JObject)JArray.Parse(output)[0];
            Assert.True((bool)result["ok"]!, result.ToString());
            return (JObject)result["value"]!;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IEnumerable<string> Unpack(JArray packed)
    {
        using var gzip = new GZipStream(
            new MemoryStream([.. packed.Select(one => (byte)one)]),
            CompressionMode.Decompress
        );
        using var plain = new StreamReader(gzip, Encoding.UTF8);
        return plain.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
