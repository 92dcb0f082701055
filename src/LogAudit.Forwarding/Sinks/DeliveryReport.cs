namespace LogAudit.Forwarding;

/// <summary>What became of one record.</summary>
public abstract record RecordOutcome
{
    private RecordOutcome() { }

    /// <summary>The receiver has it.</summary>
    public sealed record Accepted : RecordOutcome
    {
        /// <summary>The one value.</summary>
        public static Accepted Value { get; } = new();
    }

    /// <summary>Nobody knows, or the receiver asked to come back: it is sent again.</summary>
    /// <param name="Why">What failed, on what, what the receiver said. No payload, no secret.</param>
    /// <param name="After">Pause that the receiver asked for; null when it did not.</param>
    public sealed record Retry(string Why, TimeSpan? After = null) : RecordOutcome;

    /// <summary>The receiver will never take this record: it becomes a dead letter.</summary>
    /// <param name="Reason">Why. No payload, no secret.</param>
    public sealed record Reject(string Reason) : RecordOutcome;
}

/// <summary>What became of the records of a batch. A record that is not mentioned is sent again.</summary>
public sealed class DeliveryReport
{
    private static readonly RecordOutcome NotMentioned = new RecordOutcome.Retry(
        "The sink did not say what became of it."
    );

    private readonly RecordOutcome[] outcomes;

    /// <summary>A report in which nothing is accepted yet.</summary>
    public DeliveryReport(int count, RecordOutcome? otherwise = null)
    {
        outcomes = new RecordOutcome[count];
        Array.Fill(outcomes, otherwise ?? NotMentioned);
    }

    /// <summary>Records reported on.</summary>
    public int Count => outcomes.Length;

    /// <summary>The outcome of a record of the batch, by its position.</summary>
    public RecordOutcome this[int index]
    {
        get => outcomes[index];
        set => outcomes[index] = value;
    }

    /// <summary>Gives some records one outcome.</summary>
    public void Set(IReadOnlyList<int> indices, RecordOutcome outcome)
    {
        foreach (var index in indices)
        {
            outcomes[index] = outcome;
        }
    }

    /// <summary>Gives a run of records one outcome.</summary>
    public void Set(int start, int count, RecordOutcome outcome) => outcomes.AsSpan(start, count).Fill(outcome);
}
