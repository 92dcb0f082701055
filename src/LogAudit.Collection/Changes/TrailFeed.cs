using LogAudit.Sls;
using Microsoft.Extensions.Logging;

namespace LogAudit.Collection;

/// <summary>The events of a trail's Logstore, shard by shard, from the checkpoint of our own consumer group. The trigger that woke us is only a doorbell.</summary>
/// <remarks>Without a checkpoint it begins where the trigger says, or at the first log that is kept: older changes are found by the full run. A gap is told, and reading goes on at the first log.</remarks>
internal sealed partial class TrailFeed(SlsAccess sls, Layout layout, TimeProvider time, ILogger<TrailFeed> log)
{
    private const int GroupsPerPull = 100;
    private static readonly TimeSpan GroupTimeout = TimeSpan.FromSeconds(60);

    private SlsClient Client => sls.For(layout.CentralAccount, layout.CentralRegion);

    /// <summary>Name of the consumer group.</summary>
    public static string GroupOf(LogstoreName logstore) => $"logaudit-onchange-{logstore}";

    /// <summary>Hands every batch of events to <paramref name="take"/> and moves the checkpoint after it returned.</summary>
    /// <returns>Whether there is more than fitted into the time.</returns>
    public async Task<bool> ReadAsync(
        TrailDoorbell bell,
        Func<IReadOnlyList<byte[]>, Task> take,
        Deadline deadline,
        CancellationToken cancel
    )
    {
        var project = layout.CentralProject;
        var group = GroupOf(bell.Logstore);
        var cursor = await StartAsync(bell, group, cancel);
        var end = await Client.GetCursorAsync(project, bell.Logstore, bell.Shard, CursorFrom.End, cancel);
        while (cursor.Number < end.Number)
        {
            if (!deadline.AllowsNewWork(time.GetUtcNow()))
            {
                return true;
            }

            Cursor next;
            IReadOnlyList<byte[]> events;
            using (
                var pulled = await Client.PullLogsAsync(
                    project,
                    bell.Logstore,
                    bell.Shard,
                    cursor,
                    end,
                    GroupsPerPull,
                    cancel
                )
            )
            {
                (events, next) = (Events(pulled), pulled.NextCursor);
            }

            await take(events);
            if (next == cursor)
            {
                break;
            }

            cursor = next;
            await Client.SaveCheckpointAsync(project, bell.Logstore, group, bell.Shard, cursor, consumer: null, cancel);
        }

        return false;
    }

    private async Task<Cursor> StartAsync(TrailDoorbell bell, string group, CancellationToken cancel)
    {
        var begin = await Client.GetCursorAsync(
            layout.CentralProject,
            bell.Logstore,
            bell.Shard,
            CursorFrom.Begin,
            cancel
        );
        var saved = await CheckpointAsync(bell, group, cancel);
        var cursor = saved ?? bell.Begin ?? begin;
        if (cursor.Number < begin.Number)
        {
            Gap(log, bell.Logstore.Value, bell.Shard, cursor.Value, begin.Value);
            return begin;
        }

        return cursor;
    }

    private async Task<Cursor?> CheckpointAsync(TrailDoorbell bell, string group, CancellationToken cancel)
    {
        try
        {
            var saved = await Client.GetCheckpointsAsync(layout.CentralProject, bell.Logstore, group, cancel);
            return saved.FirstOrDefault(one => one.Shard == bell.Shard)?.Cursor;
        }
        catch (SlsException failure)
            when (failure.ErrorCode.Contains("ConsumerGroupNotExist", StringComparison.OrdinalIgnoreCase))
        {
            await SlsAccess.CreateAsync(
                Client.CreateConsumerGroupAsync(
                    layout.CentralProject,
                    bell.Logstore,
                    new ConsumerGroup(group, GroupTimeout, Ordered: false),
                    cancel
                )
            );
            return null;
        }
    }

    private static List<byte[]> Events(PulledLogs pulled)
    {
        var events = new List<byte[]>();
        var groups = pulled.Groups();
        while (groups.Next())
        {
            var logs = groups.Logs();
            while (logs.Next())
            {
                var fields = logs.Fields();
                while (fields.Next())
                {
                    if (fields.Key.SequenceEqual("event"u8))
                    {
                        events.Add(fields.Value.ToArray());
                    }
                }
            }
        }

        return events;
    }

    [LoggerMessage(
        5030,
        LogLevel.Error,
        "Events of {Logstore} shard {Shard} between {From} and {To} expired before they were read; the full run finds what they told"
    )]
    private static partial void Gap(ILogger log, string logstore, int shard, string from, string to);
}

/// <summary>The trigger of a shard.</summary>
/// <param name="Logstore">Logstore of the trail.</param>
/// <param name="Shard">The shard.</param>
/// <param name="Begin">First cursor of the trigger's range; null when it is not told.</param>
internal sealed record TrailDoorbell(LogstoreName Logstore, int Shard, Cursor? Begin);
