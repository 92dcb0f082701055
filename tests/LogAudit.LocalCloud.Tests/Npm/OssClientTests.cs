using System.Text;
using LogAudit.LocalCloud.Kernel;
using LogAudit.Testing;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Tests.Npm;

/// <summary>OSS through ali-oss, in V1 and in V4.</summary>
public sealed class OssClientTests
{
    [PeerFact("npm")]
    public async Task Buckets_are_made_listed_and_logged_in_V1_and_in_V4()
    {
        await using var clients = await NpmClients.StartAsync();

        foreach (var signature in (string[])["v1", "v4"])
        {
            var (bucket, target) = ($"conformance-{signature}", $"conformance-logs-{signature}");
            var results = await clients.RunAsync(
                Oss(signature, null, "putBucket", bucket),
                Oss(signature, null, "putBucket", target),
                Oss(signature, null, "listBuckets", new JObject { ["prefix"] = "conformance", ["max-keys"] = 100 }),
                Oss(signature, bucket, "putBucketLogging", bucket, "access/"),
                Oss(signature, bucket, "getBucketLogging", bucket),
                Oss(signature, bucket, "deleteBucketLogging", bucket),
                Oss(signature, bucket, "getBucketLogging", bucket),
                Oss(signature, bucket, "getBucketInfo", bucket),
                Oss(signature, null, "deleteBucket", bucket),
                Oss(signature, bucket, "getBucketInfo", bucket)
            );

            results[9].Refused("NoSuchBucket");
            for (var index = 0; index < 9; index++)
            {
                Assert.True(results[index].Ok, $"{signature}, step {index}: {results[index]}");
            }
            var names = results[2].Value["buckets"]!.Select(found => (string?)found["name"]).ToList();
            Assert.Contains(bucket, names);
            Assert.True((bool)results[4].Value["enable"]!);
            Assert.Equal("access/", (string?)results[4].Value["prefix"]);
            Assert.False((bool)results[6].Value["enable"]!);
        }
    }

    [PeerFact("npm")]
    public async Task Objects_are_put_once_read_and_listed_by_pages_in_V1_and_in_V4()
    {
        await using var clients = await NpmClients.StartAsync();
        var once = new JObject { ["headers"] = new JObject { ["x-oss-forbid-overwrite"] = "true" } };

        foreach (var signature in (string[])["v1", "v4"])
        {
            var bucket = $"objects-{signature}";
            var results = await clients.RunAsync(
                Oss(signature, null, "putBucket", bucket),
                Oss(signature, bucket, "put", "dt=2026-01-15/a b.txt", "package.json", once),
                Oss(signature, bucket, "put", "dt=2026-01-15/a b.txt", "run.js", once),
                Oss(signature, bucket, "put", "dt=2026-01-16/b.txt", "run.js"),
                Oss(signature, bucket, "get", "dt=2026-01-15/a b.txt"),
                Oss(signature, bucket, "get", "dt=2026-01-15/none.txt"),
                Oss(signature, bucket, "listV2", new JObject { ["max-keys"] = 1 }),
                Oss(signature, bucket, "list", new JObject { ["prefix"] = "dt=2026-01-16/" })
            );

            Assert.True(results[1].Ok, results[1].ToString());
            results[2].Refused("FileAlreadyExists");
            Assert.True(results[3].Ok, results[3].ToString());
            var text = Encoding.UTF8.GetString([.. results[4].Value["content"]!["data"]!.Select(one => (byte)one)]);
            Assert.Contains("localcloud-conformance", text, StringComparison.Ordinal);
            results[5].Refused("NoSuchKey");
            Assert.Equal("dt=2026-01-15/a b.txt", (string?)Assert.Single(results[6].Value["objects"]!)["name"]);
            Assert.True((bool)results[6].Value["isTruncated"]!);
            Assert.Equal("dt=2026-01-16/b.txt", (string?)Assert.Single(results[7].Value["objects"]!)["name"]);
        }
    }

    [PeerFact("npm")]
    public async Task Wrong_keys_tokens_and_clocks_are_refused_with_the_codes_of_OSS()
    {
        await using var clients = await NpmClients.StartAsync();
        var wrong = NpmClients.Credentials(clients.Key);
        wrong["secret"] = "WrongSecret";
        var unknown = NpmClients.Credentials(clients.Key);
        unknown["id"] = "LTAI5tUnknownKey";
        var role = clients.Account.AddRole("worker", TrustPolicies.Ram(clients.Account.RootArn));
        var expired = NpmClients.Credentials(clients.Cloud.Keys.OpenSession(role, "gone", TimeSpan.FromSeconds(-1)));
        JObject[] Lists(JObject key) => [With("v1", key), With("v4", key)];

        var refused = await clients.RunAsync([.. Lists(wrong), .. Lists(unknown), .. Lists(expired)]);
        var late = await clients.RunAsync(16, Lists(NpmClients.Credentials(clients.Key)));

        Assert.All(refused.Take(2), result => result.Refused("SignatureDoesNotMatch"));
        Assert.All(refused.Skip(2).Take(2), result => result.Refused("InvalidAccessKeyId"));
        Assert.All(refused.Skip(4), result => result.Refused("SecurityTokenExpired"));
        Assert.All(late, result => result.Refused("RequestTimeTooSkewed"));
    }

    private static JObject With(string signature, JObject key)
    {
        var step = Oss(signature, null, "listBuckets", new JObject());
        step["key"] = key.DeepClone();
        return step;
    }

    private static JObject Oss(string signature, string? bucket, string method, params object[] arguments) =>
        new()
        {
            ["client"] = "oss",
            ["region"] = "oss-cn-hangzhou",
            ["bucket"] = bucket,
            ["signature"] = signature,
            ["protocol"] = "https",
            ["method"] = method,
            ["args"] = new JArray(arguments),
        };
}
