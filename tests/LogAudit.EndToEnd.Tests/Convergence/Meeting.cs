namespace LogAudit.EndToEnd.Tests.Convergence;

/// <summary>Lets two processes really run at once: the first request of each waits until the other has sent one too.</summary>
internal sealed class Meeting
{
    private readonly TaskCompletionSource both = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int missing = 2;

    /// <summary>The wire of one of the two.</summary>
    public HttpMessageHandler Join(HttpMessageHandler inner) => new Wire(inner, this);

    private Task ArriveAsync()
    {
        if (Interlocked.Decrement(ref missing) == 0)
        {
            both.SetResult();
        }

        return both.Task;
    }

    private sealed class Wire(HttpMessageHandler inner, Meeting meeting) : DelegatingHandler(inner)
    {
        private Task? arrived;

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancel
        )
        {
            Task wait;
            lock (meeting)
            {
                wait = arrived ??= meeting.ArriveAsync();
            }

            await wait.WaitAsync(cancel);
            return await base.SendAsync(request, cancel);
        }
    }
}
