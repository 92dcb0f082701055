using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Kernel;

/// <summary>
/// A control-plane call that was served, successful or refused: what ActionTrail records and the event bus carries.
/// Published by the gateways after the answer is made.
/// </summary>
internal sealed record ApiEvent
{
    public required DateTimeOffset Time { get; init; }
    public required string RequestId { get; init; }
    public required Caller Caller { get; init; }

    /// <summary>Account in which it happened: the owner of the resource, which is the caller's account for all calls here.</summary>
    public required string AccountId { get; init; }

    public required string Region { get; init; }

    /// <summary>Product code of the API, such as <c>Slb</c>.</summary>
    public required string Product { get; init; }

    public required string Version { get; init; }
    public required string Action { get; init; }
    public required bool IsWrite { get; init; }
    public required string Host { get; init; }
    public required string SourceIp { get; init; }
    public required string UserAgent { get; init; }

    /// <summary>Business parameters as sent.</summary>
    public required JObject Request { get; init; }

    /// <summary>Answer; null for an error.</summary>
    public JObject? Response { get; init; }

    /// <summary>Error code; empty for success.</summary>
    public string ErrorCode { get; init; } = "";
    public string ErrorMessage { get; init; } = "";

    /// <summary>Resources that the call changed: type (<c>ACS::SLB::LoadBalancer</c>) and id.</summary>
    public IReadOnlyList<(string Type, string Id)> Resources { get; init; } = [];
}

/// <summary>Carries <see cref="ApiEvent"/>s from the gateways to whoever records them.</summary>
internal sealed class ApiEvents
{
    private readonly Lock _gate = new();
    private Action<ApiEvent>[] _listeners = [];

    public void Subscribe(Action<ApiEvent> listener)
    {
        lock (_gate)
        {
            _listeners = [.. _listeners, listener];
        }
    }

    /// <summary>Tells every listener, on the caller's thread. Listeners queue; they do not wait.</summary>
    public void Publish(ApiEvent happened)
    {
        foreach (var listener in _listeners)
        {
            listener(happened);
        }
    }
}
