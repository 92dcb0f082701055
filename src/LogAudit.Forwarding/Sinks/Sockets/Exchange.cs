using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;

namespace LogAudit.Forwarding;

/// <summary>One exchange with a receiver, within the time that its target allows.</summary>
internal sealed class Exchange : IDisposable
{
    private readonly SocketTarget target;
    private readonly CancellationTokenSource limit;
    private readonly CancellationTokenSource either;
    private readonly CancellationToken cancel;

    private Exchange(SocketTarget target, TimeProvider time, CancellationToken cancel)
    {
        (this.target, this.cancel) = (target, cancel);
        limit = new CancellationTokenSource(target.Timeout, time);
        either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
    }

    /// <summary>Ends with the time or with the caller.</summary>
    public CancellationToken Token => either.Token;

    /// <summary>Begins the time anew: the receiver is at work.</summary>
    public void Continue() => limit.CancelAfter(target.Timeout);

    /// <summary>Runs an exchange.</summary>
    /// <param name="target">The receiver.</param>
    /// <param name="time">The clock of the time-out.</param>
    /// <param name="exchange">Does it; returns what went wrong, empty when nothing did.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>What went wrong; empty when nothing did. Failures of the transport are said, not thrown.</returns>
    /// <exception cref="OperationCanceledException">Only by <paramref name="cancel"/>.</exception>
    public static async Task<string> RunAsync(
        SocketTarget target,
        TimeProvider time,
        Func<Exchange, Task<string>> exchange,
        CancellationToken cancel
    )
    {
        using var running = new Exchange(target, time, cancel);
        try
        {
            return await exchange(running);
        }
        catch (Exception fault) when (fault is IOException or SocketException or AuthenticationException)
        {
            // What a receiver says by a TLS alert stands at the bottom.
            var cause = fault.GetBaseException();
            return fault.Message.Contains(cause.Message, StringComparison.Ordinal)
                ? fault.Message.TrimEnd('.')
                : $"{fault.Message} {cause.Message}".TrimEnd('.');
        }
        catch (OperationCanceledException) when (!running.cancel.IsCancellationRequested)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"the receiver did not answer or close within {target.Timeout.TotalSeconds:0.#} s"
            );
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        either.Dispose();
        limit.Dispose();
    }
}
