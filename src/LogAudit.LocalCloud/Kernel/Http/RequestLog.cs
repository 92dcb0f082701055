namespace LogAudit.LocalCloud.Kernel;

/// <summary>What is known about a request while it is being served.</summary>
internal sealed class RequestTrace
{
    public Caller? Caller { get; set; }
    public string Product { get; set; } = "";
    public string Action { get; set; } = "";
    public bool IsWrite { get; set; }
    public string ErrorCode { get; set; } = "";
}

/// <summary>One served request. <c>AccountId</c>, <c>CallerArn</c> and <c>SessionName</c> are empty for a caller that was not recognised.</summary>
internal sealed record RequestEntry(
    long Number,
    DateTimeOffset Time,
    string RequestId,
    string AccountId,
    string CallerArn,
    string SessionName,
    string Product,
    string Action,
    string Host,
    bool IsWrite,
    int Status,
    string ErrorCode
)
{
    /// <summary>Time from the request's arrival until its answer was ready; it ended at <see cref="Time"/>.</summary>
    public TimeSpan Took { get; init; }
}

/// <summary>
/// Every request that LocalCloud received: the judge of "a second reconcile makes no write". Keeps the latest
/// <see cref="Capacity"/> entries; the counters go on.
/// </summary>
internal sealed class RequestLog
{
    /// <summary>Entries kept; older ones are dropped.</summary>
    public const int Capacity = 200_000;

    private readonly Lock _gate = new();
    private readonly Queue<RequestEntry> _entries = new();
    private readonly Dictionary<(string Product, string Action, int Status), long> _counts = [];

    /// <summary>Number of the latest request; pass it to <see cref="Since"/> to see what came after.</summary>
    public long Latest { get; private set; }

    public void Add(DateTimeOffset time, CloudRequest request, int status)
    {
        var trace = request.Trace;
        lock (_gate)
        {
            _entries.Enqueue(
                new(
                    ++Latest,
                    time,
                    request.RequestId,
                    trace.Caller?.Account.Id ?? "",
                    trace.Caller?.Arn ?? "",
                    trace.Caller?.SessionName ?? "",
                    trace.Product,
                    trace.Action,
                    request.Host,
                    trace.IsWrite,
                    status,
                    trace.ErrorCode
                )
                {
                    Took = time - request.ReceivedAt,
                }
            );
            if (_entries.Count > Capacity)
            {
                _entries.Dequeue();
            }
            var key = (trace.Product, trace.Action, status);
            _counts[key] = _counts.GetValueOrDefault(key) + 1;
        }
    }

    /// <summary>Entries after a number, oldest first.</summary>
    public IReadOnlyList<RequestEntry> Since(long number)
    {
        lock (_gate)
        {
            return [.. _entries.Where(entry => entry.Number > number)];
        }
    }

    /// <summary>How many requests ended how, since the start.</summary>
    public IReadOnlyList<(string Product, string Action, int Status, long Count)> Counts()
    {
        lock (_gate)
        {
            return [.. _counts.Select(pair => (pair.Key.Product, pair.Key.Action, pair.Key.Status, pair.Value))];
        }
    }
}
