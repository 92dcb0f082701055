using System.Text.Json.Nodes;

namespace LogAudit.Sls;

public sealed partial class SlsClient
{
    /// <summary>Makes a consumer group. One that exists throws <c>ConsumerGroupAlreadyExist</c>.</summary>
    public Task CreateConsumerGroupAsync(
        ProjectName project,
        LogstoreName logstore,
        ConsumerGroup group,
        CancellationToken cancel
    ) =>
        CreateAsync(
            new("CreateConsumerGroup", HttpMethod.Post, project, Groups(logstore))
            {
                Json = new JsonObject
                {
                    ["consumerGroup"] = group.Name,
                    ["timeout"] = (long)group.Timeout.TotalSeconds,
                    ["order"] = group.Ordered,
                },
            },
            async stop =>
                (await ListConsumerGroupsAsync(project, logstore, stop)).Any(one =>
                    string.Equals(one.Name, group.Name, StringComparison.Ordinal)
                ),
            cancel
        );

    /// <summary>Changes timeout and order of a consumer group.</summary>
    public Task UpdateConsumerGroupAsync(
        ProjectName project,
        LogstoreName logstore,
        ConsumerGroup group,
        CancellationToken cancel
    ) =>
        SendAsync(
            new("UpdateConsumerGroup", HttpMethod.Put, project, Group(logstore, group.Name))
            {
                Json = new JsonObject { ["order"] = group.Ordered, ["timeout"] = (long)group.Timeout.TotalSeconds },
            },
            cancel
        );

    /// <summary>The consumer groups of a Logstore.</summary>
    public async Task<IReadOnlyList<ConsumerGroup>> ListConsumerGroupsAsync(
        ProjectName project,
        LogstoreName logstore,
        CancellationToken cancel
    )
    {
        var answer = await SendAsync(new("ListConsumerGroup", HttpMethod.Get, project, Groups(logstore)), cancel);
        return [.. answer.Rows("ListConsumerGroup").Select(row => ConsumerGroup.From(row.AsObject()))];
    }

    /// <summary>Deletes a consumer group with its checkpoints. One that does not exist is success.</summary>
    public Task DeleteConsumerGroupAsync(
        ProjectName project,
        LogstoreName logstore,
        string group,
        CancellationToken cancel
    ) =>
        DeleteAsync(
            new("DeleteConsumerGroup", HttpMethod.Delete, project, Group(logstore, group)),
            "ProjectNotExist LogStoreNotExist ConsumerGroupNotExist",
            cancel
        );

    /// <summary>Says that a consumer lives and which shards it holds, and learns which it is to hold.</summary>
    /// <param name="project">The project.</param>
    /// <param name="logstore">The Logstore.</param>
    /// <param name="group">The consumer group.</param>
    /// <param name="consumer">Name of the consumer, unique in the group.</param>
    /// <param name="held">Shards that it holds, those that it is about to give up included.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<IReadOnlyList<int>> HeartbeatAsync(
        ProjectName project,
        LogstoreName logstore,
        string group,
        string consumer,
        IEnumerable<int> held,
        CancellationToken cancel
    )
    {
        var answer = await SendAsync(
            new("ConsumerGroupHeartBeat", HttpMethod.Post, project, Group(logstore, group))
            {
                Query = [("consumer", consumer), ("type", "heartbeat")],
                Json = new JsonArray([.. held.Select(shard => (JsonNode)shard)]),
                Repeat = Repeat.Always,
            },
            cancel
        );
        return [.. answer.Rows("ConsumerGroupHeartBeat").Select(row => row.AsWhole("[]"))];
    }

    /// <summary>The checkpoints of a consumer group: of every shard that ever had one.</summary>
    /// <exception cref="SlsException">Also when the group does not exist (<c>ConsumerGroupNotExist</c>): a deleted group is a gap, not an empty list.</exception>
    public async Task<IReadOnlyList<ShardCheckpoint>> GetCheckpointsAsync(
        ProjectName project,
        LogstoreName logstore,
        string group,
        CancellationToken cancel
    )
    {
        var answer = await SendAsync(new("GetCheckPoint", HttpMethod.Get, project, Group(logstore, group)), cancel);
        return [.. answer.Rows("GetCheckPoint").Select(row => ShardCheckpoint.From(row.AsObject()))];
    }

    /// <summary>Saves how far a shard is read.</summary>
    /// <param name="project">The project.</param>
    /// <param name="logstore">The Logstore.</param>
    /// <param name="group">The consumer group.</param>
    /// <param name="shard">The shard.</param>
    /// <param name="cursor">Where reading is to go on.</param>
    /// <param name="consumer">The consumer that holds the shard, else the service refuses; null saves without holding it (<c>forceSuccess=true</c>).</param>
    /// <param name="cancel">Gives up.</param>
    public Task SaveCheckpointAsync(
        ProjectName project,
        LogstoreName logstore,
        string group,
        int shard,
        Cursor cursor,
        string? consumer,
        CancellationToken cancel
    ) =>
        SendAsync(
            new("ConsumerGroupUpdateCheckPoint", HttpMethod.Post, project, Group(logstore, group))
            {
                Query = consumer is null
                    ? [("forceSuccess", "true"), ("type", "checkpoint")]
                    : [("consumer", consumer), ("forceSuccess", "false"), ("type", "checkpoint")],
                Json = new JsonObject { ["shard"] = shard, ["checkpoint"] = cursor.Value },
                Repeat = Repeat.Always,
            },
            cancel
        );

    private static string Groups(LogstoreName logstore) => $"/logstores/{logstore}/consumergroups";

    private static string Group(LogstoreName logstore, string group) =>
        $"/logstores/{logstore}/consumergroups/{Uri.EscapeDataString(group)}";
}
