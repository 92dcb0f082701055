using System.Text;
using LogAudit.Forwarding;

namespace LogAudit.EndToEnd.Tests.Forwarding;

/// <summary>A receiver that stores before it acknowledges, shared by all consumers of a test.</summary>
internal sealed class SharedReceiver
{
    private readonly Lock gate = new();
    private readonly List<(string Id, string Mark)> stored = [];

    /// <summary>Whether it takes anything.</summary>
    public bool IsUp { get; set; } = true;

    /// <summary>Everything stored, in order; a record that came twice stands twice.</summary>
    public IReadOnlyList<(string Id, string Mark)> Stored
    {
        get
        {
            lock (gate)
            {
                return [.. stored];
            }
        }
    }

    /// <summary>The connection of one process to it.</summary>
    public ISink Connect(MortalHandler process) => new Connection(this, process);

    private DeliveryReport Store(EncodedBatch batch)
    {
        lock (gate)
        {
            if (!IsUp)
            {
                return new DeliveryReport(batch.Count, new RecordOutcome.Retry("the receiver is down"));
            }

            for (var index = 0; index < batch.Count; index++)
            {
                var text = Encoding.UTF8.GetString(batch.Body(index).Span);
                stored.Add((Encoding.ASCII.GetString(batch.Id(index)), text.Split("\"mark\":\"")[1].Split('"')[0]));
            }

            return new DeliveryReport(batch.Count, RecordOutcome.Accepted.Value);
        }
    }

    private sealed class Connection(SharedReceiver receiver, MortalHandler process) : ISink
    {
        public string Name => "shared";

        public bool Acknowledges => true;

        public async Task<DeliveryReport> SendAsync(EncodedBatch batch, CancellationToken cancel)
        {
            if (!process.IsKilled)
            {
                var report = receiver.Store(batch);
                process.Pass(KillPoint.Stored);
                if (!process.IsKilled)
                {
                    return report;
                }
            }

            // Stored perhaps, acknowledged never.
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancel);
            throw new InvalidOperationException("an endless pause ended");
        }

        public void Dispose() { }
    }
}
