using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Tests.Sls;

public sealed class ShardTests
{
    private const string Shards = "/logstores/rds_log/shards";

    [Fact]
    public async Task Shards_part_the_whole_space_of_keys()
    {
        await using var cloud = await SlsCloud.StartWithLogstoreAsync(shards: 2);

        var shards = (await cloud.GetAsync(Shards)).Json;

        Assert.Equal(
            ["00000000000000000000000000000000", "80000000000000000000000000000000"],
            shards.Select(shard => (string)shard["inclusiveBeginKey"]!)
        );
        Assert.Equal(
            ["80000000000000000000000000000000", "ffffffffffffffffffffffffffffffff"],
            shards.Select(shard => (string)shard["exclusiveEndKey"]!)
        );
        Assert.Equal(["readwrite", "readwrite"], shards.Select(shard => (string)shard["status"]!));
    }

    [Fact]
    public async Task Split_closes_the_old_shard_and_keeps_its_data_readable()
    {
        await using var cloud = await SlsCloud.StartWithLogstoreAsync();
        await cloud.PutAsync(SlsCloud.Group("before"));

        var split = (await cloud.SendAsync("POST", Shards + "/0?action=split&key=c0", [])).Json;
        await cloud.PutAsync(SlsCloud.Group("low"), target: Shards + "/route?key=5F");
        await cloud.PutAsync(SlsCloud.Group("high"), target: Shards + "/route?key=ffffffffffffffffffffffffffffffff");
        var old = await cloud.PullAsync(await cloud.CursorAsync("begin", 0));

        Assert.Equal(["readonly", "readwrite", "readwrite"], split.Select(shard => (string)shard["status"]!));
        Assert.Equal("c0000000000000000000000000000000", (string?)split[1]!["exclusiveEndKey"]);
        Assert.Equal(["before"], old.Messages());
        Assert.Equal("1", old.Headers["x-log-end-of-cursor"]);
        Assert.Equal(["low"], (await cloud.PullAsync(await cloud.CursorAsync("begin", 1), shard: 1)).Messages());
        Assert.Equal(["high"], (await cloud.PullAsync(await cloud.CursorAsync("begin", 2), shard: 2)).Messages());
    }

    [Fact]
    public async Task Split_into_many_and_merge_keep_the_space_whole()
    {
        await using var cloud = await SlsCloud.StartWithLogstoreAsync();

        await cloud.SendAsync("POST", Shards + "/0?action=split&shardCount=3", []);
        var merged = (await cloud.SendAsync("POST", Shards + "/1?action=merge", [])).Json;
        var open = (await cloud.GetAsync(Shards))
            .Json.Where(shard => (string?)shard["status"] == "readwrite")
            .ToArray();

        Assert.Equal(["readonly", "readonly", "readwrite"], merged.Select(shard => (string)shard["status"]!));
        Assert.Equal(2, open.Length);
        Assert.Equal(
            (string?)open.First(shard => (int)shard["shardID"]! == 4)["exclusiveEndKey"],
            (string?)open.First(shard => (int)shard["shardID"]! == 3)["inclusiveBeginKey"]
        );
    }

    [Theory]
    [InlineData("/7?action=split")]
    [InlineData("/0?action=split&key=xyz")]
    [InlineData("/0?action=split&key=00")]
    [InlineData("/0?action=merge")]
    public async Task Impossible_splits_and_merges_are_refused(string target)
    {
        await using var cloud = await SlsCloud.StartWithLogstoreAsync();

        Assert.Equal("400 ParameterInvalid", (await cloud.SendAsync("POST", Shards + target, [])).Outcome);
    }

    [Fact]
    public async Task Readonly_shard_goes_with_its_data()
    {
        await using var cloud = await SlsCloud.StartWithLogstoreAsync();
        await cloud.PutAsync(SlsCloud.Group("before"));
        await cloud.SendAsync("POST", Shards + "/0?action=split", []);

        cloud.Clock.Advance(TimeSpan.FromDays(31));

        Assert.Equal([1, 2], (await cloud.GetAsync(Shards)).Json.Select(shard => (int)shard["shardID"]!));
    }

    [Fact]
    public async Task Control_plane_splits_expires_and_deletes()
    {
        await using var cloud = await SlsCloud.StartWithLogstoreAsync();
        await cloud.PutAsync(SlsCloud.Group("one"));
        const string Where = "?project=audit-center&logstore=rds_log";

        var split = await cloud.ControlAsync("POST", "sls/split" + Where);
        var before = await cloud.ControlAsync("GET", "sls/logstores");
        await cloud.ControlAsync("POST", "sls/expire" + Where);
        var begin = await cloud.CursorAsync("begin");
        var end = await cloud.CursorAsync("end");
        await cloud.ControlAsync("POST", "sls/delete" + Where);

        Assert.Equal([1, 2], split["into"]!.Select(id => (int)id));
        Assert.Equal(
            (1, true),
            ((int)before[0]!["shards"]![0]!["groups"]!, (bool)before[0]!["shards"]![0]!["readonly"]!)
        );
        Assert.Equal(end, begin);
        Assert.Equal("404 LogStoreNotExist", (await cloud.GetAsync("/logstores/rds_log")).Outcome);
    }
}
