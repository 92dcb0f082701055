using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Sls.Storage;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Sls.Consumers;

/// <summary>One consumer group: who holds which shard, and how far each shard was read.</summary>
/// <remarks>
/// A shard is given to a consumer only when no other living consumer still reports it or was last told to hold it: that
/// makes a hand-over free of overlap. Source: SLS protocol 8 and the algorithm of the official consumer.
/// </remarks>
internal sealed class ConsumerGroup(string name, SlsLogstore logstore, TimeProvider clock)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Member> members = new(StringComparer.Ordinal);
    private readonly Dictionary<int, Checkpoint> checkpoints = [];

    public string Name { get; } = name;

    /// <summary>Silence after which a consumer is removed.</summary>
    public TimeSpan Timeout { get; set; }

    /// <summary>Whether child shards wait for their parents.</summary>
    public bool Order { get; set; }

    /// <summary>Takes a sign of life and says which shards to hold.</summary>
    public IReadOnlyList<int> Heartbeat(string consumer, IReadOnlyCollection<int> reported)
    {
        lock (gate)
        {
            var now = clock.GetUtcNow();
            Bury(now);
            if (!members.TryGetValue(consumer, out var member))
                members[consumer] = member = new Member();
            member.LastSeen = now;
            var shards = logstore.Shards;
            member.Held = [.. reported.Where(id => shards.Any(shard => shard.Id == id) && !HeldByOther(consumer, id))];
            Assign([.. Ready(shards)]);
            int[] answer = [.. member.Assigned.Where(id => !HeldByOther(consumer, id)).Order()];
            member.Held.UnionWith(answer);
            return answer;
        }
    }

    /// <summary>Saves how far a shard was read.</summary>
    public void Save(int shard, string checkpoint, string? consumer, bool force)
    {
        lock (gate)
        {
            Bury(clock.GetUtcNow());
            if (logstore.Shard(shard) is null)
                throw new CloudError(404, "ShardNotExist", $"shard {shard} does not exist");
            if (checkpoint.Length > 0 && !IsBase64(checkpoint))
                throw new CloudError(400, "InvalidShardCheckPoint", "shard checkpoint not encoded by base64");
            if (!force)
            {
                if (string.IsNullOrEmpty(consumer))
                    throw SlsRefusal.Parameter("consumer is required unless forceSuccess is true");
                // The misspelling is what the official consumer looks for. Source: Go tracker.
                if (!members.TryGetValue(consumer, out var member))
                    throw new CloudError(400, "ConsumerNotExsit", $"consumer {consumer} is not alive");
                if (!member.Held.Contains(shard))
                    throw new CloudError(400, "ConsumerNotMatch", $"shard {shard} is not held by consumer {consumer}");
            }
            checkpoints[shard] = new Checkpoint(checkpoint, Microseconds(clock.GetUtcNow()), consumer ?? "");
        }
    }

    /// <summary>The saved positions, of one shard or all; a held shard without one has an empty checkpoint.</summary>
    public JArray Read(int? shard)
    {
        lock (gate)
        {
            Bury(clock.GetUtcNow());
            var rows = new JArray();
            foreach (var id in logstore.Shards.Select(one => one.Id).Where(id => shard is null || shard == id))
            {
                var holder = members.FirstOrDefault(pair => pair.Value.Held.Contains(id)).Key;
                var saved = checkpoints.GetValueOrDefault(id);
                if (saved is null && holder is null)
                    continue;
                rows.Add(
                    new JObject
                    {
                        ["shard"] = id,
                        ["checkpoint"] = saved?.Cursor ?? "",
                        ["updateTime"] = saved?.UpdatedAt ?? 0,
                        ["consumer"] = holder ?? saved?.Consumer ?? "",
                    }
                );
            }
            return rows;
        }
    }

    /// <summary>Saved cursor of a shard, null when none was saved.</summary>
    public long? SavedCursor(int shard)
    {
        lock (gate)
            return checkpoints.TryGetValue(shard, out var saved) ? Cursor.Read(saved.Cursor) : null;
    }

    public JObject ToJson() =>
        new()
        {
            ["name"] = Name,
            ["timeout"] = (int)Timeout.TotalSeconds,
            ["order"] = Order,
        };

    private bool HeldByOther(string consumer, int shard) =>
        members.Any(pair => pair.Key != consumer && pair.Value.Held.Contains(shard));

    private void Bury(DateTimeOffset now)
    {
        foreach (var (dead, _) in members.Where(pair => now - pair.Value.LastSeen > Timeout).ToArray())
            members.Remove(dead);
    }

    /// <summary>Shards that may be read: with order, a child only when its parents are read to their end.</summary>
    private IEnumerable<int> Ready(IReadOnlyList<SlsShard> shards) =>
        from shard in shards
        where !Order || shard.Parents.All(parent => IsDrained(shards.FirstOrDefault(one => one.Id == parent)))
        select shard.Id;

    private bool IsDrained(SlsShard? shard) =>
        shard is null
        || shard.BeginCursor == shard.EndCursor
        || (checkpoints.TryGetValue(shard.Id, out var saved) && Cursor.Read(saved.Cursor) >= shard.EndCursor);

    /// <summary>Deals the shards out evenly and moves as few as that takes.</summary>
    private void Assign(HashSet<int> ready)
    {
        foreach (var member in members.Values)
            member.Assigned.IntersectWith(ready);
        var free = ready.Except(members.Values.SelectMany(member => member.Assigned)).Order();
        foreach (var shard in free.ToArray())
        {
            // A shard that is still held goes back to its holder first, so that nothing moves without need.
            var holder = members.Values.FirstOrDefault(member => member.Held.Contains(shard));
            (holder ?? ByLoad().First()).Assigned.Add(shard);
        }
        for (var (least, most) = Ends(); most.Assigned.Count - least.Assigned.Count > 1; (least, most) = Ends())
        {
            var moved = most.Assigned.Max();
            most.Assigned.Remove(moved);
            least.Assigned.Add(moved);
        }
    }

    private (Member Least, Member Most) Ends()
    {
        var byLoad = ByLoad().ToArray();
        return (byLoad[0], byLoad[^1]);
    }

    private IEnumerable<Member> ByLoad() =>
        members
            .OrderBy(pair => pair.Value.Assigned.Count)
            .ThenBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => pair.Value);

    private static bool IsBase64(string text) => Convert.TryFromBase64String(text, new byte[text.Length], out _);

    private static long Microseconds(DateTimeOffset time) =>
        (time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private sealed class Member
    {
        public DateTimeOffset LastSeen { get; set; }
        public HashSet<int> Assigned { get; } = [];
        public HashSet<int> Held { get; set; } = [];
    }

    private sealed record Checkpoint(string Cursor, long UpdatedAt, string Consumer);
}
