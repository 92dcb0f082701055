using System.Collections.Concurrent;
using System.Globalization;
using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Trail;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Events;

/// <summary>The default event bus of every account and region. It carries write events of its own account and region only.</summary>
/// <remarks>Source: function-compute reference, section 6.</remarks>
internal sealed class EventBuses : IPart
{
    /// <summary>Rules of a default bus: 10 for triggers by FC's page, 50 by EventBridge's; the lower one holds here.</summary>
    public const int MostRules = 10;

    /// <summary>Targets of one rule.</summary>
    public const int MostTargets = 5;

    private const string BusName = "default";

    private readonly ConcurrentDictionary<
        (string Account, string Region),
        ConcurrentDictionary<string, EventRule>
    > _buses = new();
    private readonly ConcurrentDictionary<string, IEventTarget> _targets = new(StringComparer.Ordinal);
    private Cloud _cloud = null!;
    private NamedDelay _publishing = null!;
    private NamedDelay _backoff = null!;
    private NamedDelay _decay = null!;

    /// <summary>Chance that an event is delivered twice, 0–1.</summary>
    public double DuplicateProbability { get; set; }

    /// <summary>Chance that an event is late, 0–1.</summary>
    public double LateProbability { get; set; }

    /// <summary>How late a late event is, real time.</summary>
    public TimeSpan LateBy { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Deliveries that were given up.</summary>
    public ConcurrentQueue<EventDelivery> GivenUp { get; } = new();

    public void Register(Cloud cloud)
    {
        _cloud = cloud;
        cloud.Services.Add(this);
        _publishing = cloud.Delays.Declare(
            "event on the bus",
            TimeSpan.FromSeconds(2),
            "assumed: seconds, no figure is published"
        );
        _backoff = cloud.Delays.Declare(
            "event retry, backoff",
            TimeSpan.FromSeconds(15),
            "EventBridge BACKOFF_RETRY: 3 times, 10 to 20 s apart"
        );
        _decay = cloud.Delays.Declare(
            "event retry, decay",
            TimeSpan.FromSeconds(1),
            "EventBridge EXPONENTIAL_DECAY_RETRY: doubling up to 512 s, a day in all"
        );
        cloud.Services.Get<AuditLog>().Subscribe(Publish);
        EventBridgeApi.Register(cloud, this);
    }

    /// <summary>Says who takes events for a type of target.</summary>
    public void AddTarget(IEventTarget target) => _targets[target.Type] = target;

    /// <summary>The rules of a bus by name.</summary>
    public ConcurrentDictionary<string, EventRule> Rules(string account, string region) =>
        _buses.GetOrAdd((account, region), _ => new(StringComparer.Ordinal));

    /// <summary>The event in its CloudEvents envelope, as the bus of its account and region carries it.</summary>
    public static JObject Envelope(AuditEvent happened, DateTimeOffset published)
    {
        // Source acs.<x> and type <x>:ActionTrail:<kind>; <x> is the service in lower case (section 6.2: pattern, not a table).
        var code = happened.Service.ToLowerInvariant();
        return new JObject
        {
            ["id"] = happened.Id,
            ["source"] = $"acs.{code}",
            ["specversion"] = "1.0",
            ["type"] = $"{code}:ActionTrail:{happened.Kind}",
            ["datacontenttype"] = "application/json;charset=utf-8",
            ["subject"] = $"acs:{code}:{happened.Region}:{happened.Account}:{happened.Name}",
            ["time"] = happened.Time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
            ["aliyunaccountid"] = happened.Account,
            ["aliyunregionid"] = happened.Region,
            ["aliyuneventbusname"] = BusName,
            ["aliyunpublishtime"] = published.UtcDateTime.ToString(
                "yyyy-MM-ddTHH:mm:ss.fffZ",
                CultureInfo.InvariantCulture
            ),
            ["data"] = happened.ToJson(),
        };
    }

    private void Publish(AuditEvent happened)
    {
        if (
            !happened.IsWrite
            || !_buses.TryGetValue((happened.Account, happened.Region), out var rules)
            || rules.IsEmpty
        )
        {
            return;
        }
        _cloud.Background.After(
            "event on the bus",
            _cloud.Delays.Of(_publishing) + (Chance(LateProbability) ? LateBy : TimeSpan.Zero),
            stop => MatchAsync(happened, rules, stop)
        );
    }

    private async Task MatchAsync(
        AuditEvent happened,
        ConcurrentDictionary<string, EventRule> rules,
        CancellationToken stop
    )
    {
        var envelope = Envelope(happened, _cloud.Clock.GetUtcNow());
        var deliveries = new List<Task>();
        foreach (var rule in rules.Values.Where(rule => rule.Enabled && rule.Pattern.Matches(envelope)))
        {
            foreach (var target in rule.Targets.Values)
            {
                for (var copies = Chance(DuplicateProbability) ? 2 : 1; copies > 0; copies--)
                {
                    deliveries.Add(
                        DeliverAsync(
                            new EventDelivery(
                                happened.Account,
                                happened.Region,
                                rule.Name,
                                target,
                                (JObject)envelope.DeepClone(),
                                1
                            ),
                            stop
                        )
                    );
                }
            }
        }
        await Task.WhenAll(deliveries);
    }

    private async Task DeliverAsync(EventDelivery delivery, CancellationToken stop)
    {
        var exponential = delivery.Target.PushRetryStrategy is "EXPONENTIAL_DECAY_RETRY";
        var most = exponential ? 176 : 3;
        for (var attempt = 1; ; attempt++)
        {
            if (await TryAsync(delivery with { Attempt = attempt }, stop))
            {
                return;
            }
            if (attempt > most)
            {
                GivenUp.Enqueue(delivery with { Attempt = attempt });
                return;
            }
            var pause = exponential
                ? _cloud.Delays.Of(_decay) * Math.Min(512, Math.Pow(2, attempt - 1))
                : _cloud.Delays.Of(_backoff);
            await Task.Delay(pause, _cloud.Clock, stop);
        }
    }

    private async Task<bool> TryAsync(EventDelivery delivery, CancellationToken stop)
    {
        try
        {
            return _targets.TryGetValue(delivery.Target.Type, out var target)
                && await target.DeliverAsync(delivery, stop);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // The target's failure is what a retry is for; the delivery is given up in the open.
            return false;
        }
    }

    private bool Chance(double probability) => probability > 0 && _cloud.Next(1_000_000) < probability * 1_000_000;
}
