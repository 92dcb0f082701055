using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Tests.Sls;

public sealed class ConsumerGroupTests
{
    private const string Groups = "/logstores/rds_log/consumergroups";
    private const string Group = Groups + "/soc";

    [Fact]
    public async Task Group_lives_through_create_list_update_delete()
    {
        await using var cloud = await SlsCloud.StartWithLogstoreAsync();

        var first = await CreateAsync(cloud);
        var second = await CreateAsync(cloud);
        await cloud.JsonAsync("PUT", Group, JObject.Parse("""{"timeout":90,"order":false}"""));
        var row = (JObject)(await cloud.GetAsync(Groups)).Json[0]!;

        Assert.Equal(("200", "400 ConsumerGroupAlreadyExist"), (first.Outcome, second.Outcome));
        Assert.Equal("""{"name":"soc","timeout":90,"order":false}""", row.ToString(Newtonsoft.Json.Formatting.None));
        Assert.Equal("200", (await cloud.DeleteAsync(Group)).Outcome);
        Assert.Equal("404 ConsumerGroupNotExist", (await cloud.GetAsync(Group)).Outcome);
    }

    [Fact]
    public async Task Logstore_has_thirty_groups_and_names_are_unique_in_the_project()
    {
        await using var cloud = await SlsCloud.StartWithLogstoreAsync();
        cloud.Sls.Project(SlsCloud.Project)!.EnsureLogstore("other_log", 30, 1);
        for (var i = 0; i < 30; i++)
            await CreateAsync(cloud, "group-" + i);

        Assert.Equal("400 ExceedQuota", (await CreateAsync(cloud)).Outcome);
        Assert.Equal(
            "400 ConsumerGroupAlreadyExist",
            (await CreateAsync(cloud, "group-1", "/logstores/other_log/consumergroups")).Outcome
        );
    }

    [Fact]
    public async Task Checkpoint_is_saved_by_the_holder_or_by_force()
    {
        await using var cloud = await SlsCloud.StartWithLogstoreAsync();
        await CreateAsync(cloud);
        var cursor = await cloud.CursorAsync("end");

        var stranger = await SaveAsync(cloud, 0, cursor, "&consumer=b&forceSuccess=false");
        var nobody = await SaveAsync(cloud, 0, cursor, "");
        await BeatAsync(cloud, "a");
        await BeatAsync(cloud, "b");
        var other = await SaveAsync(cloud, 0, cursor, "&consumer=b&forceSuccess=false");
        var holder = await SaveAsync(cloud, 0, cursor, "&consumer=a&forceSuccess=false");
        var forced = await SaveAsync(cloud, 0, cursor, "&forceSuccess=true");

        Assert.Equal(
            ("400 ConsumerNotExsit", "400 ParameterInvalid", "400 ConsumerNotMatch"),
            (stranger.Outcome, nobody.Outcome, other.Outcome)
        );
        Assert.Equal(("200", "200"), (holder.Outcome, forced.Outcome));
        Assert.Equal("400 InvalidShardCheckPoint", (await SaveAsync(cloud, 0, "%%%", "&forceSuccess=true")).Outcome);
        Assert.Equal("404 ShardNotExist", (await SaveAsync(cloud, 5, cursor, "&forceSuccess=true")).Outcome);
    }

    [Fact]
    public async Task Checkpoints_are_read_with_microseconds_and_unknown_shards_are_empty()
    {
        await using var cloud = await SlsCloud.StartWithLogstoreAsync(shards: 2);
        await CreateAsync(cloud);
        var cursor = await cloud.CursorAsync("end");
        await SaveAsync(cloud, 0, cursor, "&forceSuccess=true");

        var rows = (await cloud.GetAsync(Group)).Json;
        var none = (await cloud.GetAsync(Group + "?shard=7")).Json;

        Assert.Equal(
            (0, cursor, 1768465845000000),
            ((int)rows[0]!["shard"]!, (string)rows[0]!["checkpoint"]!, (long)rows[0]!["updateTime"]!)
        );
        Assert.Single(rows);
        Assert.Empty(none);
    }

    [Fact]
    public async Task Shards_move_to_a_second_consumer_only_when_the_first_has_let_go()
    {
        await using var cloud = await SlsCloud.StartWithLogstoreAsync(shards: 2);
        await CreateAsync(cloud);

        Assert.Equal([0, 1], await BeatAsync(cloud, "a"));
        Assert.Empty(await BeatAsync(cloud, "b"));
        Assert.Equal([0], await BeatAsync(cloud, "a", 0, 1));
        Assert.Empty(await BeatAsync(cloud, "b"));
        Assert.Equal([0], await BeatAsync(cloud, "a", 0));
        Assert.Equal([1], await BeatAsync(cloud, "b"));
    }

    [Fact]
    public async Task Silent_consumer_loses_its_shards()
    {
        await using var cloud = await SlsCloud.StartWithLogstoreAsync(shards: 2);
        await CreateAsync(cloud);
        await BeatAsync(cloud, "a");

        cloud.Clock.Advance(TimeSpan.FromSeconds(61));

        Assert.Equal([0, 1], await BeatAsync(cloud, "b"));
    }

    [Fact]
    public async Task With_order_children_wait_until_their_parent_is_read()
    {
        await using var cloud = await SlsCloud.StartWithLogstoreAsync();
        await CreateAsync(cloud);
        await cloud.PutAsync(SlsCloud.Group("text"));
        await cloud.SendAsync("POST", "/logstores/rds_log/shards/0?action=split", []);

        var before = await BeatAsync(cloud, "a");
        await SaveAsync(cloud, 0, await cloud.CursorAsync("end"), "&consumer=a&forceSuccess=false");
        var after = await BeatAsync(cloud, "a", 0);

        Assert.Equal([0], before);
        Assert.Equal([0, 1, 2], after);
    }

    [Fact]
    public async Task Without_order_children_come_at_once()
    {
        await using var cloud = await SlsCloud.StartWithLogstoreAsync();
        await CreateAsync(cloud, order: false);
        await cloud.PutAsync(SlsCloud.Group("text"));
        await cloud.SendAsync("POST", "/logstores/rds_log/shards/0?action=split", []);

        Assert.Equal([0, 1, 2], await BeatAsync(cloud, "a"));
    }

    private static Task<SlsAnswer> CreateAsync(
        SlsCloud cloud,
        string name = "soc",
        string path = Groups,
        bool order = true
    ) =>
        cloud.JsonAsync(
            "POST",
            path,
            new JObject
            {
                ["consumerGroup"] = name,
                ["timeout"] = 60,
                ["order"] = order,
            }
        );

    private static async Task<IEnumerable<int>> BeatAsync(SlsCloud cloud, string consumer, params int[] held) =>
        (await cloud.JsonAsync("POST", $"{Group}?type=heartbeat&consumer={consumer}", new JArray(held))).Json.Select(
            id => (int)id
        );

    private static Task<SlsAnswer> SaveAsync(SlsCloud cloud, int shard, string checkpoint, string more) =>
        cloud.JsonAsync(
            "POST",
            Group + "?type=checkpoint" + more,
            new JObject { ["shard"] = shard, ["checkpoint"] = checkpoint }
        );
}
