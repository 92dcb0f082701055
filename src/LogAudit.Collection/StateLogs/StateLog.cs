using System.Runtime.CompilerServices;
using System.Text;
using LogAudit.Sls;

namespace LogAudit.Collection;

/// <summary>A Logstore of the central project as a list of texts: appended with acknowledgement, read shard by shard without an index.</summary>
internal sealed class StateLog(SlsAccess sls, Layout layout, LogstoreName logstore, TimeProvider time)
{
    private const int GroupsPerPull = 1000;

    private SlsClient Client => sls.For(layout.CentralAccount, layout.CentralRegion);

    /// <summary>Writes texts and returns when the service has taken them.</summary>
    public async Task AppendAsync(IReadOnlyList<string> rows, CancellationToken cancel)
    {
        using var writer = new LogGroupWriter("", "", []);
        foreach (var row in rows)
        {
            writer.BeginLog(time.GetUtcNow());
            writer.Field("row", row);
            writer.EndLog();
        }

        await Client.PutLogsAsync(layout.CentralProject, logstore, writer, LogCompression.Lz4, cancel);
    }

    /// <summary>The texts received since an instant (null: all that are kept) up to now. A Logstore that does not exist holds none.</summary>
    public async IAsyncEnumerable<string> ReadAsync(
        DateTimeOffset? since,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        var from = since is { } instant ? CursorFrom.ReceivedAt(instant) : CursorFrom.Begin;
        foreach (var (shard, first, end) in await RangesAsync(from, cancel))
        {
            for (var cursor = first; cursor.Number < end.Number; )
            {
                using var pulled = await Client.PullLogsAsync(
                    layout.CentralProject,
                    logstore,
                    shard,
                    cursor,
                    end,
                    GroupsPerPull,
                    cancel
                );
                foreach (var row in Rows(pulled))
                {
                    yield return row;
                }

                if (pulled.NextCursor == cursor)
                {
                    break;
                }

                cursor = pulled.NextCursor;
            }
        }
    }

    /// <summary>What is to be read of each shard; all cursors are asked for at once, because a run begins with this.</summary>
    private async Task<IReadOnlyList<(int Shard, Cursor First, Cursor End)>> RangesAsync(
        CursorFrom from,
        CancellationToken cancel
    )
    {
        IReadOnlyList<Shard> shards;
        try
        {
            shards = await Client.ListShardsAsync(layout.CentralProject, logstore, cancel);
        }
        catch (SlsException failure) when (failure.IsNotFound)
        {
            return [];
        }

        return await Task.WhenAll(shards.Select(RangeAsync));

        async Task<(int Shard, Cursor First, Cursor End)> RangeAsync(Shard shard)
        {
            var cursors = await Task.WhenAll(
                Client.GetCursorAsync(layout.CentralProject, logstore, shard.Id, from, cancel),
                Client.GetCursorAsync(layout.CentralProject, logstore, shard.Id, CursorFrom.End, cancel)
            );
            return (shard.Id, cursors[0], cursors[1]);
        }
    }

    private static List<string> Rows(PulledLogs pulled)
    {
        var rows = new List<string>();
        var groups = pulled.Groups();
        while (groups.Next())
        {
            var logs = groups.Logs();
            while (logs.Next())
            {
                var fields = logs.Fields();
                while (fields.Next())
                {
                    if (fields.Key.SequenceEqual("row"u8))
                    {
                        rows.Add(Encoding.UTF8.GetString(fields.Value));
                    }
                }
            }
        }

        return rows;
    }
}
