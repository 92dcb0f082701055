using System.Net.Http.Headers;

namespace LogAudit.Forwarding;

/// <summary>Records of a batch that go in one request.</summary>
/// <param name="Batch">The batch.</param>
/// <param name="Start">First record.</param>
/// <param name="Count">Records.</param>
internal readonly record struct BatchRun(EncodedBatch Batch, int Start, int Count);

/// <summary>What a receiver said of a run.</summary>
internal abstract record RunOutcome
{
    private RunOutcome() { }

    /// <summary>The same of every record. A refused run of several records goes again in halves, until the bad one is alone.</summary>
    public sealed record Whole(RecordOutcome Outcome) : RunOutcome;

    /// <summary>The receiver read up to a record that it refused; what stands behind it was not looked at and goes again.</summary>
    /// <param name="Index">Position of the refused record in the run.</param>
    /// <param name="Before">What became of the records before it; null when nobody knows: they go again too.</param>
    /// <param name="Refused">The refusal.</param>
    public sealed record Upto(int Index, RecordOutcome? Before, RecordOutcome.Reject Refused) : RunOutcome;

    /// <summary>One outcome for each record, in order.</summary>
    public sealed record Each(IReadOnlyList<RecordOutcome> Outcomes) : RunOutcome;
}

/// <summary>How a receiver is spoken to: what a request holds, and what an answer means.</summary>
internal interface IHttpDialect
{
    /// <summary>MIME type of a body.</summary>
    string ContentType { get; }

    /// <summary>Writes the body of a run.</summary>
    void WriteBody(BatchRun run, PooledBuffer body);

    /// <summary>Sets the headers of a try.</summary>
    /// <param name="run">What is sent.</param>
    /// <param name="body">The body before it is packed.</param>
    /// <param name="headers">The headers.</param>
    void AddHeaders(BatchRun run, ReadOnlySpan<byte> body, HttpRequestHeaders headers);

    /// <summary>Reads an answer, whatever its status.</summary>
    ValueTask<RunOutcome> ReadAsync(BatchRun run, HttpResponseMessage answer, CancellationToken cancel);
}
