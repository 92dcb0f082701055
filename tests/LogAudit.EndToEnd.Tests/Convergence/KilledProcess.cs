using LogAudit.EndToEnd.Tests.Permissions;

namespace LogAudit.EndToEnd.Tests.Convergence;

/// <summary>
/// A process that is killed in the middle of its work: once the cloud has served a number of its write requests, the answer at hand is
/// lost and no request follows. Its token ends everything that still waits.
/// </summary>
internal sealed class KilledProcess(
    HttpMessageHandler inner,
    GovernedCloud cloud,
    int writes,
    CancellationTokenSource life
) : DelegatingHandler(inner)
{
    private readonly long from = cloud.Cloud.Requests.Latest;

    /// <summary>Whether it was killed.</summary>
    public bool Killed { get; private set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        life.Token.ThrowIfCancellationRequested();
        var response = await base.SendAsync(request, cancel);
        if (cloud.WritesSince(from).Count < writes)
        {
            return response;
        }

        response.Dispose();
        Killed = true;
        await life.CancelAsync();
        throw new OperationCanceledException(life.Token);
    }
}
