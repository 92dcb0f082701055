using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Events;

/// <summary>A rule of an event bus: which events go to which targets.</summary>
internal sealed class EventRule(string name, EventPattern pattern, string patternText)
{
    public string Name => name;
    public EventPattern Pattern { get; private set; } = pattern;
    public string PatternText { get; private set; } = patternText;
    public bool Enabled { get; set; } = true;
    public string Description { get; set; } = "";
    public Dictionary<string, EventRuleTarget> Targets { get; } = new(StringComparer.Ordinal);

    public void Change(EventPattern to, string text) => (Pattern, PatternText) = (to, text);
}

/// <summary>A target of a rule.</summary>
/// <param name="Id">Id within the rule.</param>
/// <param name="Type">For example <c>acs.fc.function</c>.</param>
/// <param name="Endpoint">ARN of the target.</param>
/// <param name="PushRetryStrategy"><c>BACKOFF_RETRY</c> or <c>EXPONENTIAL_DECAY_RETRY</c>.</param>
/// <param name="Json">The target as it was given.</param>
internal sealed record EventRuleTarget(string Id, string Type, string Endpoint, string PushRetryStrategy, JObject Json);

/// <summary>An event on its way to a target.</summary>
/// <param name="Account">Account of the bus.</param>
/// <param name="Region">Region of the bus.</param>
/// <param name="Rule">Rule that matched.</param>
/// <param name="Target">The target.</param>
/// <param name="Event">The event in its CloudEvents envelope.</param>
/// <param name="Attempt">From 1.</param>
internal sealed record EventDelivery(
    string Account,
    string Region,
    string Rule,
    EventRuleTarget Target,
    JObject Event,
    int Attempt
);

/// <summary>Takes events for one type of target. Offered by the part that plays the target's service.</summary>
internal interface IEventTarget
{
    /// <summary>Target type, for example <c>acs.fc.function</c>.</summary>
    string Type { get; }

    /// <summary>Takes an event. False, or an exception, has it delivered again.</summary>
    Task<bool> DeliverAsync(EventDelivery delivery, CancellationToken cancel);
}
