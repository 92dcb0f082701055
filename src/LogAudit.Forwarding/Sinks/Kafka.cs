using System.Globalization;
using System.Text;
using Confluent.Kafka;

namespace LogAudit.Forwarding;

/// <summary>Sink <c>kafka</c>: one message per record, keyed by account, acknowledged by every in-sync replica.</summary>
/// <remarks>
/// Headers <c>event-id</c> (the record's id, for consumers that remove duplicates) and <c>content-type</c>. librdkafka itself tries a
/// record again until <see cref="KafkaOptions.Timeout"/>. A producer that left a record open, for whatever reason, is given up with what it
/// holds: nothing is in flight when a call returns, and the next try begins without its back-off and its remembered errors. The client copies
/// every record once, and takes an object per record for its report.
/// <para>A broker refuses a batch as a whole for its size, also where each record alone would fit: refused records go once more, each in a
/// batch of its own, and only what is refused there is rejected.</para>
/// </remarks>
public sealed class Kafka(KafkaOptions options, TimeProvider time) : ISink
{
    // What librdkafka may take longer than the time that it is given, before it counts as stuck.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan QueuePause = TimeSpan.FromMilliseconds(10);

    private readonly KafkaProducer together = new(options, alone: false);
    private readonly KafkaProducer alone = new(options, alone: true);

    /// <summary>Formats that Kafka carries: a message is any bytes.</summary>
    public static IReadOnlyList<string> Formats { get; } = [.. FormatCatalogue.Names];

    /// <inheritdoc/>
    public string Name => "kafka";

    /// <inheritdoc/>
    public bool Acknowledges => true;

    /// <inheritdoc/>
    public async Task<DeliveryReport> SendAsync(EncodedBatch batch, CancellationToken cancel)
    {
        var report = new DeliveryReport(batch.Count);
        if (batch.Count == 0)
        {
            return report;
        }

        var refused = await SendAsync(together, batch, [.. Enumerable.Range(0, batch.Count)], report, cancel);
        if (refused.Count > 0)
        {
            await SendAsync(alone, batch, refused, report, cancel);
        }

        return report;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        together.Dispose();
        alone.Dispose();
    }

    // Returns the records that a broker refused for their size.
    private async Task<List<int>> SendAsync(
        KafkaProducer producer,
        EncodedBatch batch,
        List<int> indices,
        DeliveryReport report,
        CancellationToken cancel
    )
    {
        KafkaProducer.Use use;
        try
        {
            use = producer.Enter();
        }
        catch (Exception fault) when (fault is InvalidOperationException or KafkaException or DllNotFoundException)
        {
            var retry = Again($"the client cannot be made: {fault.Message}");
            indices.ForEach(index => report[index] = retry);
            return [];
        }

        var settled = false;
        try
        {
            var answers = await ProduceAsync(use.Producer, batch, indices, cancel);
            var refused = Read(answers, indices, use.LastProblem, batch, report);
            settled = !use.Fatal && !indices.Exists(index => report[index] is RecordOutcome.Retry);
            return refused;
        }
        finally
        {
            producer.Leave(use, giveUp: !settled);
        }
    }

    private async Task<KafkaAnswers> ProduceAsync(
        IProducer<byte[]?, byte[]> producer,
        EncodedBatch batch,
        List<int> indices,
        CancellationToken cancel
    )
    {
        using var limit = new CancellationTokenSource(options.Timeout + Grace, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        var answers = new KafkaAnswers(batch.Count);
        var contentType = Encoding.ASCII.GetBytes(batch.ContentType);
        try
        {
            foreach (var index in indices)
            {
                await ProduceAsync(producer, Message(batch, index, contentType), index, answers, either.Token);
            }

            await answers.AllAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // Stuck: what has no answer yet stays open.
        }

        return answers;
    }

    private static Message<byte[]?, byte[]> Message(EncodedBatch batch, int index, byte[] contentType)
    {
        var account = batch.Account(index);
        return new Message<byte[]?, byte[]>
        {
            Key = account.IsEmpty ? null : account.ToArray(),
            Value = batch.Body(index).ToArray(),
            Headers = new Headers { { "event-id", batch.Id(index).ToArray() }, { "content-type", contentType } },
        };
    }

    private async Task ProduceAsync(
        IProducer<byte[]?, byte[]> producer,
        Message<byte[]?, byte[]> message,
        int index,
        KafkaAnswers answers,
        CancellationToken cancel
    )
    {
        answers.Expect(index);
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            try
            {
                producer.Produce(options.Topic, message, answered => answers.Note(index, answered.Error));
                return;
            }
            catch (ProduceException<byte[]?, byte[]> full) when (full.Error.Code == ErrorCode.Local_QueueFull)
            {
                await Task.Delay(QueuePause, time, cancel);
            }
            catch (ProduceException<byte[]?, byte[]> refused)
            {
                answers.Refuse(index, refused.Error);
                return;
            }
        }
    }

    private List<int> Read(
        KafkaAnswers answers,
        List<int> indices,
        string problem,
        EncodedBatch batch,
        DeliveryReport report
    )
    {
        var refused = new List<int>();
        foreach (var index in indices)
        {
            var (error, byClient) = answers[index];
            switch (error?.Code)
            {
                case ErrorCode.NoError:
                    report[index] = RecordOutcome.Accepted.Value;
                    break;
                case ErrorCode.MsgSizeTooLarge when byClient:
                    var limit = options.MaxMessageBytes.ToString(CultureInfo.InvariantCulture);
                    report[index] = TooLarge(batch.Body(index).Length, $"max-message-bytes is {limit}");
                    break;
                case ErrorCode.MsgSizeTooLarge:
                    report[index] = TooLarge(batch.Body(index).Length, $"topic {options.Topic} takes less");
                    refused.Add(index);
                    break;
                case ErrorCode.InvalidRecord:
                    report[index] = new RecordOutcome.Reject($"Topic {options.Topic} refused it: {error.Reason}");
                    break;
                default:
                    report[index] = Again($"{Said(error)} {problem}".TrimEnd());
                    break;
            }
        }

        return refused;
    }

    private string Said(Error? error) =>
        error is null or { Code: ErrorCode.Local_MsgTimedOut }
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"no acknowledgement within {options.Timeout.TotalSeconds:0.#} s."
            )
            : $"{error.Reason}.";

    private static RecordOutcome.Reject TooLarge(int bytes, string limit) =>
        new(string.Create(CultureInfo.InvariantCulture, $"The record has {bytes} bytes; {limit}."));

    private RecordOutcome.Retry Again(string said) =>
        new(
            $"Producing to topic {options.Topic} at {options.Brokers} failed: {said} Check the brokers, the topic, the user's rights and the network."
        );
}

/// <summary>What the client said of the records of one call; noted from its threads.</summary>
internal sealed class KafkaAnswers(int count)
{
    private readonly (Error? Error, bool ByClient)[] answers = new (Error?, bool)[count];
    private readonly TaskCompletionSource all = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // One more than the records that have no answer, until everything was handed over.
    private int open = 1;

    /// <summary>The answer for a record, and whether the client gave it without asking a broker.</summary>
    public (Error? Error, bool ByClient) this[int index] => answers[index];

    /// <summary>A record is handed over.</summary>
    public void Expect(int index)
    {
        answers[index] = default;
        Interlocked.Increment(ref open);
    }

    /// <summary>A delivery report.</summary>
    public void Note(int index, Error error)
    {
        answers[index] = (error, false);
        Count();
    }

    /// <summary>The client did not take it.</summary>
    public void Refuse(int index, Error error)
    {
        answers[index] = (error, true);
        Count();
    }

    /// <summary>Waits for every record that was handed over.</summary>
    public Task AllAsync(CancellationToken cancel)
    {
        Count();
        return all.Task.WaitAsync(cancel);
    }

    private void Count()
    {
        if (Interlocked.Decrement(ref open) == 0)
        {
            all.TrySetResult();
        }
    }
}
