using System.IO.Compression;
using System.Text;
using DuckDB.NET.Data;
using LogAudit.LocalCloud.Products;
using LogAudit.LocalCloud.Scenario;
using LogAudit.Testing;
using Newtonsoft.Json.Linq;

namespace LogAudit.EndToEnd.Tests.Forwarding;

/// <summary>The archive as the published function writes it with the generated rights, and as the official client reads it.</summary>
public sealed class ArchiveTests
{
    private const string Bucket = "audit-archive";

    private static DestinationSettings Destination(string content) =>
        new()
        {
            Name = "archive",
            Sink = "oss",
            Format = "json",
            Options = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["region"] = FunctionCloud.Region,
                ["bucket"] = Bucket,
                ["content"] = content,
            },
        };

    private static string Settings(string content) =>
        FunctionCloud.Central
        + $"""
            destinations:
              - name: archive
                sink: oss
                format: json
                options:
                  region: {FunctionCloud.Region}
                  bucket: {Bucket}
                  content: {content}

            """;

    [PeerFact("npm")]
    public async Task Ali_oss_reads_what_Sync_archived()
    {
        await using var cloud = await StartAsync("ndjson");
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

    [Fact]
    public async Task Parquet_of_the_published_Sync_is_read_by_DuckDB_and_a_span_sent_again_repeats_no_record()
    {
        await using var cloud = await StartAsync("parquet");
        var records = new MarkedRecords(cloud, seed: 1);
        records.Append("rds_log", groups: 3, perGroup: 20);
        Assert.True((await cloud.SweepAsync()).Ok, cloud.Output("sync"));
        var target = FunctionCloud.Target("rds_log");
        await cloud
            .Clients.For(target.Account, target.Region)
            .DeleteConsumerGroupAsync(
                target.Project,
                target.Logstore,
                "logaudit-archive-rds_log",
                CancellationToken.None
            );
        records.Append("rds_log", groups: 2, perGroup: 20);

        var (ok, answer) = await cloud.SweepAsync();

        Assert.True(ok, answer + cloud.Output("sync"));
        // All five groups were read again, those of the first sweep too.
        Assert.Contains("\"read\":100,", answer, StringComparison.Ordinal);
        var folder = Directory.CreateTempSubdirectory("logaudit-archive");
        try
        {
            foreach (var (key, body) in Objects(cloud).ObjectsOf(Bucket))
            {
                var path = Path.Combine(folder.FullName, key);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                await File.WriteAllBytesAsync(path, body.ToArray());
            }

            Assert.Equal(
                records.Written.Order(StringComparer.Ordinal),
                Received.Of(RecordsIn(folder.FullName)).Ids.Keys.Order(StringComparer.Ordinal)
            );
            Assert.Equal(100, RecordsIn(folder.FullName).Count);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // The folders' columns too: hive partitions are what a reader of the archive narrows its search by.
    private static List<string> RecordsIn(string folder)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText =
            $"select record from read_parquet('{folder}/**/*.parquet', hive_partitioning = true) where product = 'rds'";
        using var reader = command.ExecuteReader();
        var records = new List<string>();
        while (reader.Read())
        {
            records.Add(reader.GetString(0));
        }

        return records;
    }

    private static async Task<FunctionCloud> StartAsync(string content)
    {
        var cloud = await FunctionCloud.StartAsync(
            seed: 1,
            change: settings => settings with { Destinations = [Destination(content)] }
        );
        MakeBucket(cloud);
        await cloud.DeployAsync("sync", Settings(content));
        return cloud;
    }

    private static Oss Objects(FunctionCloud cloud) => (Oss)cloud.Cloud.Services.Get<LocalProducts>().Of("oss");

    private static void MakeBucket(FunctionCloud cloud)
    {
        lock (cloud.Cloud.Gate)
        {
            Objects(cloud)
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
