using System.Globalization;
using LogAudit.Forwarding.Tests.Records;
using LogAudit.Sls;
using LogAudit.Testing;

namespace LogAudit.Forwarding.Tests.Sync;

/// <summary>SLS at the engine's seam, in memory: shards with groups, one received a second from 1970 on, consumer groups, state Logstores, and faults on demand.</summary>
internal sealed class FakeCloud : ILogSource, IStateStore
{
    private readonly Dictionary<string, Dictionary<int, Cursor>> checkpoints = new(StringComparer.Ordinal);
    private readonly List<(LogstoreName Logstore, StateRow Row)> rows = [];
    private readonly Lock gate = new();

    /// <summary>Shards by number; null: the Logstore does not exist.</summary>
    public Dictionary<int, FakeShard>? Shards { get; set; } = new() { [0] = new FakeShard() };

    /// <summary>Called before every call with its name; throws to make the call fail.</summary>
    public Action<string> Before { get; set; } = _ => { };

    /// <summary>Names of the calls, in order.</summary>
    public List<string> Calls { get; } = [];

    /// <summary>Every checkpoint that was saved, in order.</summary>
    public List<(int Shard, long Number)> Saved { get; } = [];

    public IEnumerable<StateRow> Rows(LogstoreName logstore) =>
        rows.Where(row => row.Logstore == logstore).Select(row => row.Row);

    public void DeleteGroups() => checkpoints.Clear();

    public void SetCheckpoint(string group, int shard, long number) => checkpoints[group][shard] = Cursor.Of(number);

    public Task<IReadOnlyList<Shard>?> ShardsAsync(LogTarget target, CancellationToken cancel)
    {
        Note("ListShards");
        return Task.FromResult<IReadOnlyList<Shard>?>(
            Shards is null ? null : [.. Shards.Select(shard => shard.Value.ToShard(shard.Key))]
        );
    }

    public Task<Cursor> CursorAsync(LogTarget target, int shard, CursorFrom from, CancellationToken cancel)
    {
        Note("GetCursor");
        var found = Shards![shard];
        var number =
            from == CursorFrom.Begin ? found.Begin
            : from == CursorFrom.End ? found.End
            : Math.Clamp(found.First + long.Parse($"{from}", CultureInfo.InvariantCulture), found.Begin, found.End);
        return Task.FromResult(Cursor.Of(number));
    }

    public Task<IReadOnlyDictionary<int, Cursor>?> CheckpointsAsync(
        LogTarget target,
        string group,
        CancellationToken cancel
    )
    {
        Note("GetCheckPoint");
        lock (gate)
        {
            return Task.FromResult<IReadOnlyDictionary<int, Cursor>?>(
                checkpoints.TryGetValue(group, out var found) ? new Dictionary<int, Cursor>(found) : null
            );
        }
    }

    public Task CreateGroupAsync(LogTarget target, string group, CancellationToken cancel)
    {
        Note("CreateConsumerGroup");
        lock (gate)
        {
            checkpoints.TryAdd(group, []);
        }

        return Task.CompletedTask;
    }

    public Task SaveCheckpointAsync(LogTarget target, string group, int shard, Cursor cursor, CancellationToken cancel)
    {
        Note("SaveCheckpoint");
        lock (gate)
        {
            checkpoints[group][shard] = cursor;
            Saved.Add((shard, cursor.Number));
        }

        return Task.CompletedTask;
    }

    public Task<PulledLogs> PullAsync(LogTarget target, int shard, Cursor cursor, int count, CancellationToken cancel)
    {
        Note("PullLogs");
        var found = Shards![shard];
        if ((cursor.Number < found.Begin && !found.JumpsOverExpired) || cursor.Number > found.End)
        {
            throw new CursorLostException("InvalidCursor", inner: null);
        }

        var from = Math.Max(cursor.Number, found.Begin);
        var groups = found.Groups.Skip((int)(from - found.First)).Take(count).ToList();
        return Task.FromResult(Pulls.Of(target, shard, from, groups));
    }

    public Task<DateTimeOffset> CursorTimeAsync(LogTarget target, int shard, Cursor cursor, CancellationToken cancel) =>
        Task.FromResult(DateTimeOffset.UnixEpoch);

    public Task AppendAsync(LogstoreName logstore, IReadOnlyList<StateRow> added, CancellationToken cancel)
    {
        Note($"Append {logstore}");
        lock (gate)
        {
            rows.AddRange(added.Select(row => (logstore, row)));
        }

        return Task.CompletedTask;
    }

    public IAsyncEnumerable<StateRow> ReadSinceAsync(
        LogstoreName logstore,
        DateTimeOffset since,
        CancellationToken cancel
    ) => ReadAsync(logstore, cancel);

    public async IAsyncEnumerable<StateRow> ReadAsync(
        LogstoreName logstore,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel
    )
    {
        await Task.CompletedTask;
        foreach (var row in Rows(logstore).ToList())
        {
            yield return row;
        }
    }

    private void Note(string call)
    {
        lock (Calls)
        {
            Calls.Add(call);
        }

        Before(call);
    }
}

/// <summary>A shard of <see cref="FakeCloud"/>; the cursor of a group is <see cref="First"/> plus its position.</summary>
internal sealed class FakeShard
{
    public long First { get; init; } = 1_000;
    public List<TestGroup> Groups { get; } = [];
    public bool Writable { get; set; } = true;
    public string BeginKey { get; init; } = "00";
    public string EndKey { get; init; } = "ff";

    /// <summary>Groups that have expired.</summary>
    public int Expired { get; set; }

    /// <summary>Whether a pull from an expired cursor silently begins at what is left, instead of being refused.</summary>
    public bool JumpsOverExpired { get; set; }

    public long Begin => First + Expired;
    public long End => First + Groups.Count;

    /// <summary>Adds groups of marked records.</summary>
    public FakeShard Add(string name, int groups, int perGroup)
    {
        for (var group = 0; group < groups; group++)
        {
            var number = Groups.Count;
            Groups.Add(
                new TestGroup(
                    "topic",
                    [
                        .. Enumerable
                            .Range(0, perGroup)
                            .Select(index => TestLog.Of(1, ("mark", $"{name}-{number}-{index}"))),
                    ]
                )
            );
        }

        return this;
    }

    public Shard ToShard(int id) => new(id, Writable, BeginKey, EndKey, Created: null);
}

/// <summary>A sink that remembers what it accepted and asks a rule about every record.</summary>
internal sealed class RuledSink(Func<string, RecordOutcome> rule) : ISink
{
    private readonly Lock gate = new();

    public RuledSink()
        : this(_ => RecordOutcome.Accepted.Value) { }

    /// <summary>Ids and marks of accepted records, in order; a record sent twice stands twice.</summary>
    public List<(string Id, string Mark)> Accepted { get; } = [];

    /// <summary>Records of every batch that it was sent.</summary>
    public List<int> Sizes { get; } = [];

    /// <summary>Every record that it was sent.</summary>
    public List<string> Bodies { get; } = [];

    public string Name => "ruled";

    public bool Acknowledges { get; init; } = true;

    /// <summary>Called before every batch.</summary>
    public Func<Task> Before { get; set; } = () => Task.CompletedTask;

    public async Task<DeliveryReport> SendAsync(EncodedBatch batch, CancellationToken cancel)
    {
        await Before();
        Sizes.Add(batch.Count);
        var report = new DeliveryReport(batch.Count);
        lock (gate)
        {
            for (var index = 0; index < batch.Count; index++)
            {
                var text = System.Text.Encoding.UTF8.GetString(batch.Body(index).Span);
                Bodies.Add(text);
                var mark = text.Split("\"mark\":\"")[1].Split('"')[0];
                report[index] = rule(mark);
                if (report[index] is RecordOutcome.Accepted)
                {
                    Accepted.Add((System.Text.Encoding.ASCII.GetString(batch.Id(index)), mark));
                }
            }
        }

        return report;
    }

    public void Dispose() { }
}
