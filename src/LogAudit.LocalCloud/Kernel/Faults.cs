using System.Globalization;

namespace LogAudit.LocalCloud.Kernel;

internal enum FaultKind
{
    /// <summary>Refused as too fast, with the code of the service.</summary>
    Throttle,

    /// <summary>500 or 503.</summary>
    ServerError,

    /// <summary>Answered only after a while.</summary>
    Delay,

    /// <summary>No answer at all until the client gives up; nothing was done.</summary>
    Timeout,

    /// <summary>Connection cut before the work.</summary>
    CutBefore,

    /// <summary>Work done, connection cut instead of an answer.</summary>
    LostAnswer,

    /// <summary>200 with a body that is no JSON, XML or LogGroup list.</summary>
    Malformed,

    /// <summary>403 of RAM, whatever the policies say.</summary>
    Deny,
}

/// <summary>
/// A rule: which calls it strikes, how often and how. Null matches everything; <c>Product</c> and <c>Action</c> may use <c>*</c>.
/// </summary>
internal sealed record FaultRule(string Name, FaultKind Kind)
{
    public string? Product { get; init; }
    public string? Action { get; init; }
    public string? AccountId { get; init; }
    public bool? Writes { get; init; }

    /// <summary>Chance of each matching call, 0–1.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>Strikes left; null has no end.</summary>
    public int? Count { get; init; }

    /// <summary>Length of <see cref="FaultKind.Delay"/> and <see cref="FaultKind.Timeout"/>, real time.</summary>
    public TimeSpan Length { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Status and code instead of the usual ones of the product.</summary>
    public int? Status { get; init; }
    public string? Code { get; init; }
}

/// <summary>Breaks a connection instead of answering; only the host catches it.</summary>
internal sealed class ConnectionCutException() : Exception("The connection is cut by a fault of the scenario.");

/// <summary>Faults of the cloud by rules that may be changed while it runs; random by seed.</summary>
internal sealed class Faults(Cloud cloud, int seed)
{
    private readonly Lock _gate = new();
    private readonly List<(FaultRule Rule, int Struck)> _rules = [];
    private readonly Random _random = new(seed);
    private long _skewTicks;
    private long _skewed;

    /// <summary>How far the clock that checks signatures and stands in <c>Date</c> is ahead of the clients': what a client sees whose own clock has been stepped back.</summary>
    public TimeSpan ClockSkew
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref _skewTicks));
        set => Interlocked.Exchange(ref _skewTicks, value.Ticks);
    }

    /// <summary>Requests refused because of their time.</summary>
    public long Skewed => Interlocked.Read(ref _skewed);

    internal void NoteSkewed() => Interlocked.Increment(ref _skewed);

    public void Add(FaultRule rule)
    {
        lock (_gate)
        {
            _rules.RemoveAll(entry => string.Equals(entry.Rule.Name, rule.Name, StringComparison.Ordinal));
            _rules.Add((rule, 0));
        }
    }

    public bool Remove(string name)
    {
        lock (_gate)
        {
            return _rules.RemoveAll(entry => string.Equals(entry.Rule.Name, name, StringComparison.Ordinal)) > 0;
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _rules.Clear();
        }
    }

    /// <summary>Rules with the number of calls that each has struck.</summary>
    public IReadOnlyList<(FaultRule Rule, int Struck)> All()
    {
        lock (_gate)
        {
            return [.. _rules];
        }
    }

    /// <summary>Lets the rules strike a call. Returns the fault that strikes after the work, if any.</summary>
    public async Task<FaultKind?> StrikeAsync(CloudRequest request, CancellationToken cancel)
    {
        FaultKind? after = null;
        foreach (var rule in Struck(request.Trace))
        {
            switch (rule.Kind)
            {
                case FaultKind.Delay:
                    await Task.Delay(rule.Length, cloud.Clock, cancel);
                    break;
                case FaultKind.Timeout:
                    await Task.Delay(rule.Length, cloud.Clock, cancel);
                    throw new ConnectionCutException();
                case FaultKind.CutBefore:
                    throw new ConnectionCutException();
                case FaultKind.LostAnswer or FaultKind.Malformed:
                    after = rule.Kind;
                    break;
                default:
                    throw Error(rule, request.Trace);
            }
        }
        return after;
    }

    private List<FaultRule> Struck(RequestTrace trace)
    {
        lock (_gate)
        {
            if (_rules.Count == 0)
            {
                return [];
            }
            var struck = new List<FaultRule>();
            for (var i = 0; i < _rules.Count; i++)
            {
                var (rule, times) = _rules[i];
                if (
                    Matches(rule, trace)
                    && times < (rule.Count ?? int.MaxValue)
                    && _random.NextDouble() < rule.Probability
                )
                {
                    _rules[i] = (rule, times + 1);
                    struck.Add(rule);
                }
            }
            return struck;
        }
    }

    private static bool Matches(FaultRule rule, RequestTrace trace) =>
        (rule.Product is null || Wildcard.Matches(rule.Product, trace.Product, ignoreCase: true))
        && (rule.Action is null || Wildcard.Matches(rule.Action, trace.Action, ignoreCase: true))
        && (rule.AccountId is null || string.Equals(rule.AccountId, trace.Caller?.Account.Id, StringComparison.Ordinal))
        && (rule.Writes is null || rule.Writes == trace.IsWrite);

    private CloudError Error(FaultRule rule, RequestTrace trace)
    {
        var (status, code, message) = (rule.Kind, trace.Product.ToUpper(CultureInfo.InvariantCulture)) switch
        {
            (FaultKind.Throttle, "SLS") => (
                403,
                trace.IsWrite ? "WriteQuotaExceed" : "ReadQuotaExceed",
                trace.IsWrite ? "Write QPS Exceed" : "Read QPS Exceed"
            ),
            (FaultKind.Throttle, "OSS") => (503, "SlowDown", "Please reduce your request rate."),
            (FaultKind.Throttle, _) => (
                ThrottleStatus(),
                "Throttling.User",
                "Request was denied due to user flow control."
            ),
            (FaultKind.Deny, "SLS") => (401, "Unauthorized", "denied by sts or ram, by a fault of the scenario"),
            (FaultKind.Deny, "OSS") => (
                403,
                "AccessDenied",
                "You have no right to access this object, by a fault of the scenario."
            ),
            (FaultKind.Deny, _) => (
                403,
                "Forbidden.RAM",
                "User not authorized to operate on the specified resource, by a fault of the scenario."
            ),
            (_, "SLS") => (500, "InternalServerError", "Internal server error, by a fault of the scenario."),
            _ => (
                503,
                "ServiceUnavailable",
                "The request has failed due to a temporary failure of the server, by a fault of the scenario."
            ),
        };
        return new(rule.Status ?? status, rule.Code ?? code, message);
    }

    /// <summary>Throttling comes as 400 in many products, as 429 or 503 in others.</summary>
    private int ThrottleStatus()
    {
        lock (_gate)
        {
            return _random.Next(3) switch
            {
                0 => 429,
                1 => 503,
                _ => 400,
            };
        }
    }
}
