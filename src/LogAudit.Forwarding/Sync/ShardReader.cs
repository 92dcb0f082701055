using LogAudit.Sls;
using Microsoft.Extensions.Logging;

namespace LogAudit.Forwarding;

/// <summary>What a pull found.</summary>
internal abstract record Pull
{
    private Pull() { }

    /// <summary>Nothing stands at the position: the end, for now.</summary>
    public sealed record Nothing : Pull
    {
        /// <summary>The one value.</summary>
        public static Nothing Here { get; } = new();
    }

    /// <summary>Groups to read, or an empty range to pass over.</summary>
    /// <param name="Logs">To be disposed of.</param>
    public sealed record Groups(PulledLogs Logs) : Pull;

    /// <summary>A group that cannot be read.</summary>
    /// <param name="Next">Cursor behind it.</param>
    /// <param name="Problem">Why.</param>
    public sealed record Broken(Cursor Next, string Problem) : Pull;

    /// <summary>What stood between the position and a later cursor can no longer be read.</summary>
    /// <param name="To">The first cursor that there is.</param>
    /// <param name="Why">The reason.</param>
    public sealed record Gap(Cursor To, string Why) : Pull;
}

/// <summary>Reads a shard from its checkpoint on, and notices what can no longer be read.</summary>
internal sealed partial class ShardReader(ILogSource source, Ledger ledger, SyncOptions options, ILogger logger)
{
    private const string DataExpired = "its data expired before it was read";

    /// <summary>Where to begin: the checkpoint where it is still valid, else the first cursor that the shard has, never its end.</summary>
    public async Task<Cursor> StartAsync(Turn turn, CancellationToken cancel)
    {
        var begin = await source.CursorAsync(turn.Target, turn.Shard.Id, CursorFrom.Begin, cancel);
        var end = await source.CursorAsync(turn.Target, turn.Shard.Id, CursorFrom.End, cancel);
        if (turn.Checkpoint is not { } checkpoint)
        {
            var last = await ledger.LastPositionAsync(turn.Key, cancel);
            if (last is { } known)
            {
                await LoseAsync(
                    turn,
                    known,
                    begin,
                    "its checkpoint is gone: the consumer group or the Logstore was deleted",
                    cancel
                );
            }
            else
            {
                // Written down at once, so that the next turn knows this shard without reading the ledger.
                await source.SaveCheckpointAsync(turn.Target, turn.Group, turn.Shard.Id, begin, cancel);
            }

            return begin;
        }

        if (checkpoint.Number > end.Number)
        {
            await LoseAsync(
                turn,
                checkpoint,
                begin,
                "its checkpoint lies behind the end: the Logstore was made anew",
                cancel
            );
            return begin;
        }

        if (checkpoint.Number < begin.Number)
        {
            await LoseAsync(turn, checkpoint, begin, DataExpired, cancel);
            return begin;
        }

        return checkpoint;
    }

    /// <summary>A range can no longer be read: ledger row, visible error, checkpoint to the first cursor that there is.</summary>
    public async Task LoseAsync(Turn turn, Cursor from, Cursor to, string why, CancellationToken cancel)
    {
        LogExpired(turn.Destination.Name, turn.Address.ToString(), from.Value, to.Value, why);
        await ledger.WriteAsync(LedgerKind.Expired, turn.Key, from, to, default, why, cancel);
        await source.SaveCheckpointAsync(turn.Target, turn.Group, turn.Shard.Id, to, cancel);
        turn.Position = to;
        turn.Expired.Add($"{turn.Address}: {why}");
    }

    /// <summary>Reads on from the turn's position, which the caller moves.</summary>
    public async Task<Pull> PullAsync(Turn turn, CancellationToken cancel)
    {
        for (var count = options.PullCount; ; count = 1)
        {
            try
            {
                var pulled = await source.PullAsync(turn.Target, turn.Shard.Id, turn.Position, count, cancel);
                if (pulled.GroupCount == 0)
                {
                    return pulled.AtEnd ? Nothing(pulled) : new Pull.Groups(pulled);
                }

                if (await GapAsync(turn, pulled.GroupCursor(0), cancel) is not { } gap)
                {
                    return new Pull.Groups(pulled);
                }

                pulled.Dispose();
                return gap;
            }
            catch (CursorLostException lost)
            {
                var begin = await source.CursorAsync(turn.Target, turn.Shard.Id, CursorFrom.Begin, cancel);
                if (begin == turn.Position)
                {
                    throw;
                }

                return new Pull.Gap(
                    begin,
                    begin.Number > turn.Position.Number
                        ? DataExpired
                        : $"the service refused its cursor: {lost.Message}"
                );
            }
            catch (SlsDataException broken) when (count == 1 && !broken.IsAnswerBroken)
            {
                // One group alone cannot be unpacked. Assumed: the number after a group's cursor reads on behind it.
                LogUnreadable(turn.Destination.Name, turn.Address.ToString(), turn.Position.Value, broken.Message);
                return new Pull.Broken(Cursor.Of(turn.Position.Number + 1), broken.Message);
            }
            catch (SlsDataException) when (count > 1)
            {
                // The answer as a whole cannot be unpacked: ask group by group, so that only the bad one is left out.
            }
        }
    }

    private static Pull.Nothing Nothing(PulledLogs pulled)
    {
        pulled.Dispose();
        return Pull.Nothing.Here;
    }

    // An answer that begins where it was asked for misses nothing. One that begins later misses what has expired, if the shard's own
    // begin has moved past the position; asked after the pull, because what expires during the pull would be missed before it.
    private async Task<Pull.Gap?> GapAsync(Turn turn, Cursor first, CancellationToken cancel)
    {
        if (first.Number <= turn.Position.Number)
        {
            return null;
        }

        var begin = await source.CursorAsync(turn.Target, turn.Shard.Id, CursorFrom.Begin, cancel);
        return begin.Number <= turn.Position.Number
            ? null
            : new Pull.Gap(begin.Number < first.Number ? begin : first, DataExpired);
    }

    [LoggerMessage(
        6002,
        LogLevel.Error,
        "Records of {Shard} are lost to destination {Destination}: {Why}. From cursor {From}; reading goes on at {To}"
    )]
    private partial void LogExpired(string destination, string shard, string from, string to, string why);

    [LoggerMessage(
        6006,
        LogLevel.Error,
        "A group of {Shard} at cursor {Cursor} cannot be read and becomes a dead letter of {Destination}: {Problem}"
    )]
    private partial void LogUnreadable(string destination, string shard, string cursor, string problem);
}
