using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Kernel;

/// <summary>The default event buses, one for each account and region. Offered by EventBridge, used by the event triggers of Function Compute.</summary>
internal interface IEventBuses
{
    /// <summary>Adds a rule, or replaces the one of that name, whose matching events go to a target with retries.</summary>
    /// <param name="account">Account of the bus.</param>
    /// <param name="region">Region of the bus.</param>
    /// <param name="rule">Name of the rule.</param>
    /// <param name="pattern">Filter pattern, checked against the limits of the service.</param>
    /// <param name="retryStrategy"><c>BACKOFF_RETRY</c> or <c>EXPONENTIAL_DECAY_RETRY</c>.</param>
    /// <param name="target">Takes one event in the CloudEvents envelope; false or an exception of the target means "again later".</param>
    /// <exception cref="CloudError">The pattern is not valid, or the bus is full.</exception>
    void PutRule(
        string account,
        string region,
        string rule,
        JObject pattern,
        string retryStrategy,
        Func<JObject, CancellationToken, Task<bool>> target
    );

    /// <summary>Removes a rule; no-op when there is none.</summary>
    void RemoveRule(string account, string region, string rule);
}
