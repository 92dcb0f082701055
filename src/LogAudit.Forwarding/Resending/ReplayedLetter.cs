namespace LogAudit.Forwarding;

/// <summary>What became of one dead letter.</summary>
/// <param name="Key">Which record.</param>
/// <param name="Id">Its id; empty when it could not be read.</param>
/// <param name="End">How it ended.</param>
/// <param name="Why">Why it stays a dead letter; empty when it does not.</param>
public sealed record ReplayedLetter(LetterKey Key, string Id, ReplayEnd End, string Why)
{
    /// <summary>Whether it is a dead letter no more, so that no further replay sends it.</summary>
    public bool IsSettled => End is ReplayEnd.Source or ReplayEnd.Copy or ReplayEnd.Filtered;
}

/// <summary>How the replay of a dead letter ended.</summary>
public enum ReplayEnd
{
    /// <summary>Read from its source again, and taken.</summary>
    Source,

    /// <summary>The source has expired: the masked copy was sent, and taken.</summary>
    Copy,

    /// <summary>Read from its source again; the destination's filter leaves it out by now.</summary>
    Filtered,

    /// <summary>The destination refused it again.</summary>
    Refused,

    /// <summary>The destination takes nothing at the moment.</summary>
    Pending,

    /// <summary>Its group still cannot be read.</summary>
    Unreadable,

    /// <summary>The source has expired, and there is no whole copy.</summary>
    Lost,

    /// <summary>The settings name its destination no more.</summary>
    NoDestination,
}
