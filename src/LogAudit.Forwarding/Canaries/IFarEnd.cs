namespace LogAudit.Forwarding;

/// <summary>What a receiver answers when it is asked for a record that it accepted.</summary>
public abstract record FarEndAnswer
{
    private FarEndAnswer() { }

    /// <summary>It is there and can be searched.</summary>
    public sealed record Found : FarEndAnswer
    {
        /// <summary>The one value.</summary>
        public static Found There { get; } = new();
    }

    /// <summary>It cannot be found yet.</summary>
    public sealed record NotYet : FarEndAnswer
    {
        /// <summary>The one value.</summary>
        public static NotYet There { get; } = new();
    }

    /// <summary>The question was not answered.</summary>
    /// <param name="Why">What the receiver said, and what to check.</param>
    public sealed record CannotTell(string Why) : FarEndAnswer;
}

/// <summary>A sink whose receiver can be asked for a record. Syslog, Splunk's HEC and webhooks cannot: there the acknowledgement is all there is.</summary>
public interface IFarEnd
{
    /// <summary>Asks for a record.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancel">Gives up.</param>
    Task<FarEndAnswer> AskAsync(string id, CancellationToken cancel);
}
