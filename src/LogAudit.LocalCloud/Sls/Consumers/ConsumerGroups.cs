using System.Collections.Concurrent;
using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Sls.Storage;

namespace LogAudit.LocalCloud.Sls.Consumers;

/// <summary>The consumer groups of a Logstore.</summary>
internal sealed class ConsumerGroups(SlsLogstore logstore, TimeProvider clock)
{
    /// <summary>Groups a Logstore may have. Source: SLS protocol 8.</summary>
    private const int Most = 30;

    private readonly ConcurrentDictionary<string, ConsumerGroup> groups = new(StringComparer.Ordinal);

    public IReadOnlyList<ConsumerGroup> All => [.. groups.Values.OrderBy(group => group.Name, StringComparer.Ordinal)];

    public ConsumerGroup Need(string name) => groups.GetValueOrDefault(name) ?? throw SlsRefusal.NoGroup(name);

    public ConsumerGroup? Find(string name) => groups.GetValueOrDefault(name);

    public void Create(string name, int timeoutSeconds, bool order)
    {
        if (!LogstoreSettings.IsName(name))
            throw SlsRefusal.Json($"consumer group name {name} is invalid");
        // The name is unique in the project, not only in the Logstore. Source: CreateConsumerGroup.
        if (logstore.Project.Logstores.Any(other => other.Consumers.Find(name) is not null))
            throw new CloudError(400, "ConsumerGroupAlreadyExist", $"consumer group {name} already exists");
        if (groups.Count >= Most)
            throw SlsRefusal.Quota($"a logstore may have {Most} consumer groups");
        groups[name] = new ConsumerGroup(name, logstore, clock) { Timeout = Seconds(timeoutSeconds), Order = order };
    }

    public void Update(string name, int? timeoutSeconds, bool? order)
    {
        var group = Need(name);
        if (timeoutSeconds is { } seconds)
            group.Timeout = Seconds(seconds);
        group.Order = order ?? group.Order;
    }

    public void Delete(string name)
    {
        if (!groups.TryRemove(name, out _))
            throw SlsRefusal.NoGroup(name);
    }

    private static TimeSpan Seconds(int seconds) =>
        seconds > 0 ? TimeSpan.FromSeconds(seconds) : throw SlsRefusal.Json("timeout must be a positive integer");
}
