using System.Text.Json.Nodes;

namespace LogAudit.Sls;

public sealed partial class SlsClient
{
    /// <summary>The shards of a Logstore, those that are only read included.</summary>
    public async Task<IReadOnlyList<Shard>> ListShardsAsync(
        ProjectName project,
        LogstoreName logstore,
        CancellationToken cancel
    ) =>
        Shards(
            "ListShards",
            await SendAsync(new("ListShards", HttpMethod.Get, project, $"/logstores/{logstore}/shards"), cancel)
        );

    /// <summary>Splits a writable shard in two; the old one is then only read.</summary>
    /// <param name="project">The project.</param>
    /// <param name="logstore">The Logstore.</param>
    /// <param name="shard">The shard.</param>
    /// <param name="key">Where to split, 32 hexadecimal digits; empty for the middle.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>The old shard and the new ones.</returns>
    /// <remarks>Not idempotent: after an unknown answer it throws with <see cref="SlsException.AnswerUnknown"/>, and the shards are to be listed.</remarks>
    public async Task<IReadOnlyList<Shard>> SplitShardAsync(
        ProjectName project,
        LogstoreName logstore,
        int shard,
        string key,
        CancellationToken cancel
    ) =>
        Shards(
            "SplitShard",
            await SendAsync(
                new("SplitShard", HttpMethod.Post, project, $"/logstores/{logstore}/shards/{shard}")
                {
                    Query = key.Length == 0 ? [("action", "split")] : [("action", "split"), ("key", key)],
                },
                cancel
            )
        );

    /// <summary>Merges a writable shard with its right neighbour; both are then only read.</summary>
    /// <returns>The old shards and the new one.</returns>
    /// <remarks>Not idempotent: after an unknown answer it throws with <see cref="SlsException.AnswerUnknown"/>.</remarks>
    public async Task<IReadOnlyList<Shard>> MergeShardsAsync(
        ProjectName project,
        LogstoreName logstore,
        int shard,
        CancellationToken cancel
    ) =>
        Shards(
            "MergeShards",
            await SendAsync(
                new("MergeShards", HttpMethod.Post, project, $"/logstores/{logstore}/shards/{shard}")
                {
                    Query = [("action", "merge")],
                },
                cancel
            )
        );

    /// <summary>A cursor of a shard.</summary>
    /// <exception cref="SlsException">Also when project, Logstore or shard do not exist (<see cref="SlsException.IsNotFound"/>).</exception>
    public Task<Cursor> GetCursorAsync(
        ProjectName project,
        LogstoreName logstore,
        int shard,
        CursorFrom from,
        CancellationToken cancel
    ) =>
        ReadAsync(
            new("GetCursor", HttpMethod.Get, project, $"/logstores/{logstore}/shards/{shard}")
            {
                Query = [("from", from.Value), ("type", "cursor")],
            },
            json => json.Cursor("cursor"),
            cancel
        );

    /// <summary>When the service received the log at a cursor, in whole seconds.</summary>
    /// <exception cref="SlsException"><c>InvalidCursor</c> when the data has expired.</exception>
    public Task<DateTimeOffset> GetCursorTimeAsync(
        ProjectName project,
        LogstoreName logstore,
        int shard,
        Cursor cursor,
        CancellationToken cancel
    ) =>
        ReadAsync(
            new("GetCursorTime", HttpMethod.Get, project, $"/logstores/{logstore}/shards/{shard}")
            {
                Query = [("cursor", cursor.Value), ("type", "cursor_time")],
            },
            json =>
                json.TimeOr("cursor_time")
                ?? throw new SlsDataException("GetCursorTime answered without the member 'cursor_time'."),
            cancel
        );

    private static List<Shard> Shards(string call, JsonNode? answer) =>
        [.. answer.Rows(call).Select(row => Shard.From(row.AsObject()))];
}
