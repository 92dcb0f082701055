using LogAudit.Sls;
using Microsoft.Extensions.Logging;

namespace LogAudit.Forwarding;

/// <summary>How a worker's turn on one shard ended.</summary>
public enum ShardEnd
{
    /// <summary>Everything there was is forwarded.</summary>
    UpToDate,

    /// <summary>The shard is read only and was read to its end: its children may follow.</summary>
    Drained,

    /// <summary>Time ran out; there is more.</summary>
    More,

    /// <summary>The destination did not take the records; they stay where they are.</summary>
    Pending,

    /// <summary>A parent shard is not drained yet.</summary>
    WaitsForParent,

    /// <summary>Another invocation is at work on it and was told to look again.</summary>
    Busy,

    /// <summary>The Logstore does not exist.</summary>
    NoLogstore,

    /// <summary>Something else failed; nothing is lost, the checkpoint stands.</summary>
    Failed,
}

/// <summary>Forwards one shard to one destination: pull, decode, normalise, format, send, ledger, checkpoint — in this order.</summary>
/// <remarks>While one batch is on its way the next is pulled and encoded; see <see cref="BatchLane"/>.</remarks>
internal sealed class ShardWorker(
    ILogSource source,
    Ledger ledger,
    DeadLetters deadLetters,
    SyncOptions options,
    TimeProvider time,
    ILogger logger
)
{
    private readonly ShardReader reader = new(source, ledger, options, logger);
    private readonly Settlement settlement = new(
        source,
        ledger,
        deadLetters,
        new Delivery(options, time, logger),
        time,
        logger
    );

    /// <summary>Works until the end of the shard or the deadline.</summary>
    /// <param name="turn">What to work on. One that ended up to date, or with more, may be carried on.</param>
    /// <param name="deadline">No new pull begins after it.</param>
    /// <param name="cancel">Gives up at once; what is not in the ledger by then is sent again.</param>
    public async Task<ShardEnd> RunAsync(Turn turn, Deadline deadline, CancellationToken cancel)
    {
        if (turn.Position.IsNone)
        {
            turn.Position = await reader.StartAsync(turn, cancel);
        }

        await using var lane = new BatchLane(settlement, turn, deadline, time, cancel);
        while (
            deadline.AllowsNewWork(time.GetUtcNow()) && !turn.Enough.IsCancellationRequested && await lane.IsOpenAsync()
        )
        {
            switch (await reader.PullAsync(turn, cancel))
            {
                case Pull.Nothing:
                    if (await lane.FlushAsync())
                    {
                        return turn.Shard.Writable ? ShardEnd.UpToDate : ShardEnd.Drained;
                    }

                    break;
                case Pull.Groups(var pulled):
                    using (pulled)
                    {
                        await TakeAsync(turn, lane, pulled);
                    }

                    break;
                case Pull.Broken(var next, var problem):
                    lane.Open.AddUnreadable(turn.Position, next, problem);
                    turn.Position = next;
                    break;
                case Pull.Gap(var to, var why):
                    // What was read before the gap is settled first: the checkpoint then moves over the gap alone.
                    if (await lane.FlushAsync())
                    {
                        await reader.LoseAsync(turn, turn.Position, to, why, cancel);
                        lane.Open.Begin(turn.Position);
                    }

                    break;
            }
        }

        return await lane.EndAsync() ? ShardEnd.More : ShardEnd.Pending;
    }

    // Encodes a pull. A full batch waits for the one before it; a batch that is only old goes when the lane is free.
    private async Task TakeAsync(Turn turn, BatchLane lane, PulledLogs pulled)
    {
        for (var next = 0; next < pulled.GroupCount; )
        {
            next = lane.Open.Read(pulled, next, options, time.GetUtcNow());
            if (next < pulled.GroupCount && !await lane.SendAsync())
            {
                return;
            }
        }

        lane.Open.PassTo(pulled.NextCursor);
        turn.Position = pulled.NextCursor;
        var mostAge = turn.Destination.Limits.BatchAge ?? options.MaxBatchAge;
        var isOld = lane.Open.Began is { } began && time.GetUtcNow() - began >= mostAge;
        if (lane.Open.IsFull(options) || (isOld && lane.IsFree))
        {
            await lane.SendAsync();
        }
    }
}

/// <summary>One turn of a worker, and what it found.</summary>
internal sealed class Turn(
    Destination destination,
    LogTarget target,
    Shard shard,
    LogstoreMappings mappings,
    Cursor? checkpoint
)
{
    public Destination Destination { get; } = destination;
    public LogTarget Target { get; } = target;
    public Shard Shard { get; } = shard;
    public LogstoreMappings Mappings { get; } = mappings;
    public Cursor? Checkpoint { get; } = checkpoint;
    public ShardAddress Address { get; } = new(target, shard.Id);
    public LedgerKey Key { get; } = new(destination.Name, new ShardAddress(target, shard.Id));
    public string Group { get; } = destination.GroupOn(target.Logstore);

    /// <summary>Where reading goes on; none until the checkpoint was compared with what the shard holds.</summary>
    public Cursor Position { get; set; }

    /// <summary>Ends the turn in order: no pull begins any more, what is open is still sent.</summary>
    public CancellationToken Enough { get; set; } = CancellationToken.None;
    public RecordCounts Counts { get; set; }
    public List<string> Expired { get; } = [];
    public string Problem { get; set; } = "";
}
