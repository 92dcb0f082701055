using LogAudit.OpenApi;

namespace LogAudit.Products;

/// <summary>Sends a write of a product: waits out what is only not ready, and reads back what was not answered.</summary>
internal sealed class Writing(OpenApiClient api, CurrentInvocation invocation, TimeProvider time)
{
    // 0.25 s doubling to 16 s, 48 s in all: a new project or a busy resource needs seconds, and an invocation has minutes.
    private static readonly Backoff Patience = new(TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(16), 9);

    /// <summary>Sends a write.</summary>
    /// <param name="call">The call.</param>
    /// <param name="errors">The product's error codes.</param>
    /// <param name="isSo">Reads whether the cloud shows what was asked for.</param>
    /// <param name="cancel">Ends the work.</param>
    /// <exception cref="NotYetException">The service takes the change only after minutes.</exception>
    public async Task SendAsync(
        ApiCall call,
        ErrorTable errors,
        Func<CancellationToken, Task<bool>> isSo,
        CancellationToken cancel
    )
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await api.CallAsync(call with { Writes = true }, cancel);
                return;
            }
            catch (OpenApiException failure) when (failure.AnswerUnknown || errors.IsAlreadyOn(failure))
            {
                if (!await isSo(cancel))
                {
                    throw;
                }

                return;
            }
            catch (OpenApiException failure) when (errors.IsForLater(failure))
            {
                throw new NotYetException($"{failure.Action} is taken only later: {failure.ServiceMessage}", failure);
            }
            catch (OpenApiException failure) when (errors.IsNotReady(failure))
            {
                if (!await PauseAsync(attempt, cancel))
                {
                    throw;
                }
            }
        }
    }

    /// <summary>Looks until something is so or patience ends.</summary>
    /// <returns>False when it was not so in the end: the cloud has accepted the work and goes on with it.</returns>
    public async Task<bool> WaitAsync(Func<CancellationToken, Task<bool>> isSo, CancellationToken cancel)
    {
        for (var attempt = 1; !await isSo(cancel); attempt++)
        {
            if (!await PauseAsync(attempt, cancel))
            {
                return false;
            }
        }

        return true;
    }

    private async Task<bool> PauseAsync(int attempt, CancellationToken cancel)
    {
        // No jitter: pauses are per resource and writes of a region are already in turn.
        var left = invocation.Deadline.Remaining(time.GetUtcNow());
        if (Patience.Next(attempt, 1, retryAfter: null, left) is not RetryDecision.Again pause)
        {
            return false;
        }

        await Task.Delay(pause.After, time, cancel);
        return true;
    }
}

/// <summary>A planned change does not fit the cloud any more: somebody changed the setting after it was planned.</summary>
public sealed class SettingMovedException(SettingChange change, SettingState? present)
    : Exception(
        $"{change.Setting} was planned from [{Shown(change.From)}] to [{Shown(change.To)}], but is now [{Shown(present)}]: "
            + "nothing was written. Somebody changed it in between; the next reconcile plans it again."
    )
{
    /// <summary>The planned change.</summary>
    public SettingChange Change { get; } = change;

    /// <summary>Throws unless the present state is the one that the change starts from.</summary>
    internal static void ThrowUnlessFrom(SettingChange change, SettingState? present)
    {
        if (!Equals(change.From, present))
        {
            throw new SettingMovedException(change, present);
        }
    }

    private static string Shown(SettingState? state) => state?.ToString() ?? "absent";
}
