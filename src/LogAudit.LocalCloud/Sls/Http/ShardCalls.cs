using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Sls.Storage;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Sls.Http;

/// <summary>Shards. Source: SLS protocol 7.4.</summary>
internal static class ShardCalls
{
    private const string Resource = "project/{project}/logstore/{logstore}";

    public static readonly SlsOperation[] Operations =
    [
        new(
            "ListShards",
            "GET",
            "/logstores/{logstore}/shards",
            "log:ListShards",
            Resource,
            call => Answer(call.Logstore.Shards)
        )
        {
            IsData = true,
        },
        new("SplitShard", "POST", "/logstores/{logstore}/shards/{shard}", "log:SplitShard", Resource, Split)
        {
            Switch = ("action", ["split"]),
            IsWrite = true,
            Parameters = ["key", "shardCount"],
        },
        new("MergeShard", "POST", "/logstores/{logstore}/shards/{shard}", "log:MergeShards", Resource, Merge)
        {
            Switch = ("action", ["merge"]),
            IsWrite = true,
        },
    ];

    private static CloudResponse Split(SlsCall call)
    {
        var parts = call.QueryNumber("shardCount") ?? 2;
        if (parts is < 2 or > 100)
            throw SlsRefusal.Parameter("shardCount must be within range [2, 100]");
        var key = call.Query("key") is { } text
            ? KeyRange.Read(text) ?? throw SlsRefusal.Parameter("invalid mid hash")
            : (UInt128?)null;
        if (key is not null && parts != 2)
            throw SlsRefusal.Parameter("a split at a key makes two shards");
        return Answer(call.Logstore.Split(Id(call), key, parts));
    }

    private static CloudResponse Merge(SlsCall call) => Answer(call.Logstore.Merge(Id(call)));

    private static int Id(SlsCall call) =>
        int.TryParse(call.Path("shard"), System.Globalization.CultureInfo.InvariantCulture, out var id)
            ? id
            : throw SlsRefusal.Parameter("invalid shard id");

    private static CloudResponse Answer(IEnumerable<SlsShard> shards) =>
        CloudResponse.Json(
            new JArray(
                shards.Select(shard => new JObject
                {
                    ["shardID"] = shard.Id,
                    ["status"] = shard.IsReadonly ? "readonly" : "readwrite",
                    ["inclusiveBeginKey"] = KeyRange.Write(shard.Keys.Begin),
                    ["exclusiveEndKey"] = KeyRange.Write(shard.Keys.End),
                    ["createTime"] = shard.CreatedAt.ToUnixTimeSeconds(),
                })
            )
        );
}
