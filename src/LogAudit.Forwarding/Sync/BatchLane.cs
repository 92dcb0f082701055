namespace LogAudit.Forwarding;

/// <summary>Two batches of one turn: one is filled while the other is on its way.</summary>
/// <remarks>
/// Batches are settled one after the other, in the order in which they were read, so the checkpoint never passes a record that is not
/// accepted. When one leaves records pending, the batch behind it is dropped unsent; its records are read again. Memory is two batches.
/// </remarks>
internal sealed class BatchLane(
    Settlement settlement,
    Turn turn,
    Deadline deadline,
    TimeProvider time,
    CancellationToken cancel
) : IAsyncDisposable
{
    private OpenBatch spare = new(turn.Destination, turn.Address, turn.Mappings);
    private bool hasSent;
    private bool isOver;
    private Task<bool> onItsWay = Task.FromResult(true);

    /// <summary>The batch to fill.</summary>
    public OpenBatch Open { get; private set; } = Begun(turn);

    /// <summary>Whether no batch is on its way.</summary>
    public bool IsFree => onItsWay.IsCompleted;

    /// <summary>Whether reading on makes sense: false once records stay pending, or the destination's rate allows no more in time. Does not wait for a batch that is on its way.</summary>
    public async ValueTask<bool> IsOpenAsync() => !isOver && (!onItsWay.IsCompleted || await onItsWay);

    /// <summary>Sends what is open as soon as the batch before it is settled, and opens another. False when records stay pending, or time is up.</summary>
    public async Task<bool> SendAsync()
    {
        if (!await onItsWay)
        {
            return false;
        }

        if (Open.IsEmpty && Open.To == Open.From)
        {
            return true;
        }

        if (hasSent && !deadline.AllowsNewWork(time.GetUtcNow()))
        {
            // The deadline's reserve has room for one batch, and the one before may have used it.
            return false;
        }

        if (
            isOver || (Open.Records.Count > 0 && !await turn.Destination.Pace.ReadyAsync(deadline, turn.Enough, cancel))
        )
        {
            isOver = true;
            return false;
        }

        var full = Open;
        (Open, spare) = (spare, full);
        Open.Begin(full.To);
        hasSent = true;
        // On another thread: encoding and compressing for the receiver need the processor too.
        onItsWay = Task.Run(() => settlement.SettleAsync(turn, full, deadline, cancel), cancel);
        return true;
    }

    /// <summary>Sends what is open and waits until everything is settled. False when records stay pending, or time is up.</summary>
    public async Task<bool> FlushAsync() => await SendAsync() && await onItsWay;

    /// <summary>Ends: sends what is open where time and rate allow, and waits. False when records stay pending. What was not sent is read again: the turn's position goes back to it.</summary>
    public async Task<bool> EndAsync()
    {
        await SendAsync();
        var settled = await onItsWay;
        if (!Open.IsEmpty)
        {
            turn.Position = Open.From;
        }

        return settled;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // What is on its way uses the batch's memory. How it ended was told, or something else failed first.
        await ((Task)onItsWay).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Open.Dispose();
        spare.Dispose();
    }

    private static OpenBatch Begun(Turn turn)
    {
        var batch = new OpenBatch(turn.Destination, turn.Address, turn.Mappings);
        batch.Begin(turn.Position);
        return batch;
    }
}
