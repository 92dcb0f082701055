namespace LogAudit.Collection;

/// <summary>What a row of <c>logaudit_run</c> is, in its member <c>type</c>.</summary>
internal static class RowTypes
{
    /// <summary>A run report.</summary>
    public const string Report = "report";

    /// <summary>A delayed look.</summary>
    public const string Look = "look";

    /// <summary>Cursors of logs that are read by API.</summary>
    public const string Poll = "poll";

    /// <summary>What reading by API could not read or lost.</summary>
    public const string PollNote = "poll-note";
}
