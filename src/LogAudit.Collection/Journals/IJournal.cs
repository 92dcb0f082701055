namespace LogAudit.Collection;

/// <summary>The record of every write: an intent, acknowledged before the write call, and the outcome after it.</summary>
internal interface IJournal
{
    /// <summary>Writes rows and returns when the store acknowledged them.</summary>
    Task AppendAsync(IReadOnlyList<JournalRow> rows, CancellationToken cancel);

    /// <summary>The rows received since an instant (null: all that are kept), in no particular order.</summary>
    IAsyncEnumerable<JournalRow> ReadAsync(DateTimeOffset? since, CancellationToken cancel);
}

/// <summary>A row of the journal.</summary>
/// <param name="Id">Links an intent and its outcome.</param>
/// <param name="At">When it was written.</param>
/// <param name="Event">What it says.</param>
/// <param name="Change">The change; on every row, so that a row can be read alone.</param>
internal sealed record JournalRow(string Id, DateTimeOffset At, JournalEvent Event, SettingChange Change)
{
    /// <summary>The run that wrote it.</summary>
    public string Run { get; init; } = "";

    /// <summary>Whether the change takes an earlier one back.</summary>
    public bool Undo { get; init; }

    /// <summary>What failed, for an outcome that is no success.</summary>
    public string Note { get; init; } = "";
}

/// <summary>What a row of the journal says.</summary>
internal enum JournalEvent
{
    /// <summary>The change is about to be written.</summary>
    Intent,

    /// <summary>The change is in place.</summary>
    Done,

    /// <summary>The change is not in place.</summary>
    Failed,

    /// <summary>The state is neither that before nor that after: somebody else changed it.</summary>
    Overtaken,
}
