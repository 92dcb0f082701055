namespace LogAudit.Collection;

/// <summary>What a run found and did.</summary>
public sealed record RunReport
{
    /// <summary>Id of the run; also on its rows in the journal.</summary>
    public required string Run { get; init; }

    /// <summary>What woke it: <c>timer</c>, <c>bus</c>, <c>trail</c>, <c>command</c>, <c>look</c>.</summary>
    public required string Road { get; init; }

    /// <summary>Whether it looked at everything in scope.</summary>
    public required bool Full { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>When it ended.</summary>
    public required DateTimeOffset Ended { get; init; }

    /// <summary>One row per account and product that was looked at.</summary>
    public required IReadOnlyList<CoverageRow> Coverage { get; init; }

    /// <summary>Write calls that were made in the cloud, not counting LogAudit's own state.</summary>
    public required int Writes { get; init; }

    /// <summary>Resources and units about which nobody could tell, with the reason; at most <see cref="MaxReasons"/>.</summary>
    public required IReadOnlyList<string> Unknown { get; init; }

    /// <summary>Changes that did not come to be, with the reason; at most <see cref="MaxReasons"/>.</summary>
    public required IReadOnlyList<string> Errors { get; init; }

    /// <summary>What was seen and left alone.</summary>
    public required IReadOnlyList<string> Findings { get; init; }

    /// <summary>Known gaps that the changes behind this run opened in the logs, for example the minutes after a restart.</summary>
    public IReadOnlyList<string> Gaps { get; init; } = [];

    /// <summary>Resources that were not ready and get another look, each as <c>account/region/product/id</c>.</summary>
    public IReadOnlyList<string> LookAgain { get; init; } = [];

    /// <summary>Where the next run begins, because the time was up; empty when everything was looked at.</summary>
    public string Next { get; init; } = "";

    /// <summary>Whether there is more to do than fitted into the time.</summary>
    public bool More { get; init; }

    /// <summary>Most reasons that a report carries; the counts are always complete.</summary>
    public const int MaxReasons = 200;

    /// <summary>Whether a person has something to look at.</summary>
    public bool NeedsAttention => Errors.Count > 0 || Unknown.Count > 0;
}

/// <summary>Coverage of one product in one account. A resource counts once, by the worst of its log kinds.</summary>
/// <param name="Account">The account.</param>
/// <param name="Product">Product code.</param>
/// <param name="Resources">Resources in scope.</param>
/// <param name="CollectingBefore">Those that already collected.</param>
/// <param name="Collecting">Those that collect now.</param>
/// <param name="NotCollecting">Those that could collect and do not.</param>
/// <param name="NotApplicable">Those that cannot have the log.</param>
/// <param name="Unknown">Those about which nobody could tell.</param>
/// <param name="Excluded">Resources that the settings leave out; not part of <paramref name="Resources"/>.</param>
/// <param name="Unreadable">Whether a part of the account could not be listed, so that the numbers are too small.</param>
public sealed record CoverageRow(
    AccountId Account,
    string Product,
    int Resources,
    int CollectingBefore,
    int Collecting,
    int NotCollecting,
    int NotApplicable,
    int Unknown,
    int Excluded,
    bool Unreadable
)
{
    /// <summary>Of <see cref="Collecting"/>, those of which a log is read by API because no collection policy delivers it.</summary>
    public int ByPoll { get; init; }
}
