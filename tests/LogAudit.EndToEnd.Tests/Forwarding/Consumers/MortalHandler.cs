namespace LogAudit.EndToEnd.Tests.Forwarding;

/// <summary>Where a process dies.</summary>
internal enum KillPoint
{
    /// <summary>At once, wherever it stands.</summary>
    Now,

    /// <summary>When the receiver has stored a batch and has not told so.</summary>
    Stored,

    /// <summary>Before its next checkpoint reaches the service.</summary>
    BeforeCheckpoint,

    /// <summary>When its next checkpoint is saved and the answer is on its way.</summary>
    AfterCheckpoint,
}

/// <summary>The network of a process that can be killed or cut off at any moment: what is on its way may have arrived, no answer comes back.</summary>
internal sealed class MortalHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private readonly CancellationTokenSource killed = new();

    /// <summary>Whether heartbeats get through.</summary>
    public bool HeartbeatsPass { get; set; } = true;

    public bool IsKilled => killed.IsCancellationRequested;

    /// <summary>Where it dies next; null: nowhere.</summary>
    public KillPoint? Armed { get; set; }

    public void Kill() => killed.Cancel();

    /// <summary>Kills it when this is the point.</summary>
    public void Pass(KillPoint point)
    {
        if (Armed == point)
        {
            Kill();
        }
    }

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        var query = request.RequestUri!.Query;
        var isHeartbeat = query.Contains("type=heartbeat", StringComparison.Ordinal);
        var isCheckpoint = query.Contains("type=checkpoint", StringComparison.Ordinal);
        if (isCheckpoint)
        {
            Pass(KillPoint.BeforeCheckpoint);
        }

        if (!IsKilled && (HeartbeatsPass || !isHeartbeat))
        {
            try
            {
                using var either = CancellationTokenSource.CreateLinkedTokenSource(killed.Token, cancellationToken);
                var answer = await base.SendAsync(request, either.Token);
                if (isCheckpoint)
                {
                    Pass(KillPoint.AfterCheckpoint);
                }

                if (!IsKilled)
                {
                    return answer;
                }

                answer.Dispose();
            }
            catch (OperationCanceledException) when (IsKilled)
            {
                // Cut on its way.
            }
        }

        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        throw new InvalidOperationException("an endless pause ended");
    }

    protected override void Dispose(bool disposing)
    {
        killed.Dispose();
        base.Dispose(disposing);
    }
}
