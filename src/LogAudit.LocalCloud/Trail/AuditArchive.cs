using LogAudit.LocalCloud.Kernel;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Trail;

/// <summary>The latest events of each account, which LookupEvents reads without a trail.</summary>
internal sealed class AuditArchive
{
    /// <summary>Events kept per account; the service keeps 90 days.</summary>
    public const int Most = 5000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Queue<AuditEvent>> _events = new(StringComparer.Ordinal);

    public void Add(AuditEvent happened)
    {
        lock (_gate)
        {
            if (!_events.TryGetValue(happened.Account, out var queue))
            {
                _events[happened.Account] = queue = new Queue<AuditEvent>();
            }
            queue.Enqueue(happened);
            if (queue.Count > Most)
            {
                queue.Dequeue();
            }
        }
    }

    /// <summary>Events of an account and region, oldest first.</summary>
    public IReadOnlyList<AuditEvent> Of(string account, string region)
    {
        lock (_gate)
        {
            return _events.TryGetValue(account, out var queue)
                ? [.. queue.Where(e => e.IsGlobal || e.Region == region)]
                : [];
        }
    }

    /// <summary>Whether an event has what a LookupAttribute asks for.</summary>
    /// <exception cref="CloudError">The key is not known.</exception>
    public static bool Has(AuditEvent happened, string key, string value) =>
        key switch
        {
            "ServiceName" => happened.Service == value,
            "EventName" => happened.Name == value,
            "User" => (string?)happened.Identity["userName"] == value,
            "EventId" => happened.Id == value,
            "ResourceType" => happened.Resources.Any(r => r.Type == value),
            "ResourceName" => happened.Resources.Any(r => r.Id == value),
            "EventRW" => (happened.IsWrite ? "Write" : "Read") == value,
            "EventAccessKeyId" => (string?)happened.Identity["accessKeyId"] == value,
            "SourceIpAddress" => happened.SourceIp == value,
            "EventType" => happened.Kind == value,
            "SensitiveAction" => happened.ToJson().SelectToken("eventAttributes.SensitiveAction") is { } mark
                && (string?)mark == value,
            "RoleName" => happened.Identity["userName"] is { } name
                && ((string)name!).StartsWith(value + ":", StringComparison.Ordinal),
            _ => throw new CloudError(400, "InvalidQueryParameter", $"The lookup attribute {key} is not valid."),
        };
}
