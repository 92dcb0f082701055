using LogAudit.Sls;

namespace LogAudit.Forwarding;

/// <summary>Where records are read from and how far each reader came: the seam between the engine and SLS.</summary>
public interface ILogSource
{
    /// <summary>Shards of a Logstore; null when project or Logstore do not exist.</summary>
    Task<IReadOnlyList<Shard>?> ShardsAsync(LogTarget target, CancellationToken cancel);

    /// <summary>A cursor of a shard.</summary>
    Task<Cursor> CursorAsync(LogTarget target, int shard, CursorFrom from, CancellationToken cancel);

    /// <summary>Checkpoints of a consumer group by shard; null when the group does not exist.</summary>
    Task<IReadOnlyDictionary<int, Cursor>?> CheckpointsAsync(LogTarget target, string group, CancellationToken cancel);

    /// <summary>Creates a consumer group; one that exists is left alone.</summary>
    Task CreateGroupAsync(LogTarget target, string group, CancellationToken cancel);

    /// <summary>Moves a checkpoint.</summary>
    Task SaveCheckpointAsync(LogTarget target, string group, int shard, Cursor cursor, CancellationToken cancel);

    /// <summary>Reads groups from a cursor on.</summary>
    /// <exception cref="CursorLostException">The cursor is not valid any more.</exception>
    Task<PulledLogs> PullAsync(LogTarget target, int shard, Cursor cursor, int count, CancellationToken cancel);

    /// <summary>When the service received what stands at a cursor.</summary>
    Task<DateTimeOffset> CursorTimeAsync(LogTarget target, int shard, Cursor cursor, CancellationToken cancel);
}

/// <summary>Questions that several readers ask of a source.</summary>
internal static class LogSourceQuestions
{
    /// <summary>Whether a consumer group has read a shard that takes no more logs to its end.</summary>
    public static async Task<bool> IsDrainedAsync(
        this ILogSource source,
        LogTarget target,
        string group,
        int shard,
        CancellationToken cancel
    )
    {
        var checkpoints = await source.CheckpointsAsync(target, group, cancel);
        if (checkpoints is null || !checkpoints.TryGetValue(shard, out var checkpoint))
        {
            return false;
        }

        var end = await source.CursorAsync(target, shard, CursorFrom.End, cancel);
        return checkpoint.Number >= end.Number;
    }
}

/// <summary>A cursor is not valid any more: its data expired or its Logstore was made anew.</summary>
public sealed class CursorLostException(string message, Exception? inner) : Exception(message, inner);

/// <summary>Rows of the state Logstores of the central project.</summary>
public interface IStateStore
{
    /// <summary>Appends rows; returns when the service has acknowledged them.</summary>
    /// <param name="logstore">For example <c>logaudit_ledger</c>.</param>
    /// <param name="rows">Each a list of fields.</param>
    /// <param name="cancel">Gives up.</param>
    Task AppendAsync(LogstoreName logstore, IReadOnlyList<StateRow> rows, CancellationToken cancel);

    /// <summary>All rows that the Logstore still holds, oldest first within a shard; none when it does not exist.</summary>
    IAsyncEnumerable<StateRow> ReadAsync(LogstoreName logstore, CancellationToken cancel);

    /// <summary>The rows that the service received since an instant, in whole seconds; none when the Logstore does not exist.</summary>
    IAsyncEnumerable<StateRow> ReadSinceAsync(LogstoreName logstore, DateTimeOffset since, CancellationToken cancel);
}

/// <summary>A row of state: flat text fields.</summary>
/// <param name="Fields">By name.</param>
public sealed record StateRow(IReadOnlyDictionary<string, string> Fields)
{
    /// <summary>A field; empty when absent.</summary>
    public string this[string name] => Fields.TryGetValue(name, out var value) ? value : "";
}
