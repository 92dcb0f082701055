using System.Runtime.CompilerServices;
using System.Text;
using LogAudit.Sls;

namespace LogAudit.Forwarding;

/// <summary>State rows as logs in Logstores of the central project, read by PullLogs and not by index.</summary>
public sealed class SlsStateStore(SlsClients clients, CentralSettings central, TimeProvider time) : IStateStore
{
    private const int PullCount = 1000;

    private SlsClient Client => clients.For(central.Account, central.Region);

    /// <inheritdoc/>
    public async Task AppendAsync(LogstoreName logstore, IReadOnlyList<StateRow> rows, CancellationToken cancel)
    {
        using var writer = new LogGroupWriter(topic: "", source: "", tags: []);
        foreach (var row in rows)
        {
            writer.BeginLog(time.GetUtcNow());
            foreach (var (name, value) in row.Fields)
            {
                writer.Field(name, value);
            }

            writer.EndLog();
        }

        await Client.PutLogsAsync(central.Project, logstore, writer, LogCompression.Lz4, cancel);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<StateRow> ReadAsync(LogstoreName logstore, CancellationToken cancel) =>
        ReadAsync(logstore, CursorFrom.Begin, cancel);

    /// <inheritdoc/>
    public IAsyncEnumerable<StateRow> ReadSinceAsync(
        LogstoreName logstore,
        DateTimeOffset since,
        CancellationToken cancel
    ) => ReadAsync(logstore, CursorFrom.ReceivedAt(since), cancel);

    private async IAsyncEnumerable<StateRow> ReadAsync(
        LogstoreName logstore,
        CursorFrom from,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        foreach (var shard in await ShardsAsync(logstore, cancel))
        {
            var end = await Client.GetCursorAsync(central.Project, logstore, shard.Id, CursorFrom.End, cancel);
            var at = await Client.GetCursorAsync(central.Project, logstore, shard.Id, from, cancel);
            while (at.Number < end.Number)
            {
                using var pulled = await Client.PullLogsAsync(
                    central.Project,
                    logstore,
                    shard.Id,
                    at,
                    end,
                    PullCount,
                    cancel
                );
                foreach (var row in Rows(pulled))
                {
                    yield return row;
                }

                if (pulled.AtEnd || pulled.NextCursor == at)
                {
                    break;
                }

                at = pulled.NextCursor;
            }
        }
    }

    private async Task<IReadOnlyList<Shard>> ShardsAsync(LogstoreName logstore, CancellationToken cancel)
    {
        try
        {
            return await Client.ListShardsAsync(central.Project, logstore, cancel);
        }
        catch (SlsException fault) when (fault.IsNotFound)
        {
            return [];
        }
    }

    private static List<StateRow> Rows(PulledLogs pulled)
    {
        var rows = new List<StateRow>();
        for (var groups = pulled.Groups(); groups.Next(); )
        {
            for (var logs = groups.Logs(); logs.Next(); )
            {
                var fields = new Dictionary<string, string>(StringComparer.Ordinal);
                for (var one = logs.Fields(); one.Next(); )
                {
                    fields[Encoding.UTF8.GetString(one.Key)] = Encoding.UTF8.GetString(one.Value);
                }

                rows.Add(new StateRow(fields));
            }
        }

        return rows;
    }
}
