using LogAudit.Sls;

namespace LogAudit.Collection;

/// <summary>Gathers what was read and writes it to the central store, about a mebibyte at a time.</summary>
internal sealed class PollBatch(SlsAccess sls, LogTarget store, string topic) : IDisposable
{
    private const int FullBytes = 1024 * 1024;

    private readonly LogGroupWriter writer = new(topic, "", []);

    /// <summary>Logs that the store has acknowledged.</summary>
    public int Written { get; private set; }

    /// <summary>Adds a record.</summary>
    /// <exception cref="SlsDataException">It is larger than the service takes; it was left out.</exception>
    public void Add(PolledRecord record, DateTimeOffset time, string id)
    {
        writer.BeginLog(time);
        writer.Field(PollRecord.IdField, id);
        foreach (var (name, value) in record.Fields)
        {
            writer.Field(name, value);
        }

        writer.EndLog();
    }

    /// <summary>Adds a sample.</summary>
    public void Add(MetricSample sample) => sample.Write(writer);

    /// <summary>Writes when enough has gathered.</summary>
    public Task FlushWhenFullAsync(CancellationToken cancel) =>
        writer.Bytes < FullBytes ? Task.CompletedTask : FlushAsync(cancel);

    /// <summary>Writes everything and returns when the store has acknowledged it.</summary>
    public async Task FlushAsync(CancellationToken cancel)
    {
        if (writer.LogCount == 0)
        {
            return;
        }

        await sls.For(store.Account, store.Region)
            .PutLogsAsync(store.Project, store.Logstore, writer, LogCompression.Lz4, cancel);
        Written += writer.LogCount;
        writer.Clear();
    }

    /// <inheritdoc/>
    public void Dispose() => writer.Dispose();
}
