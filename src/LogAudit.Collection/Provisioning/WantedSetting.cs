namespace LogAudit.Collection;

/// <summary>A setting that should be in place, whatever is there now.</summary>
/// <param name="Phase">When it is written.</param>
/// <param name="Setting">The setting.</param>
/// <param name="State">The state wanted; how it meets what is there is decided by <see cref="SettingRules"/>.</param>
/// <param name="Why">The reason, for a person.</param>
internal sealed record WantedSetting(Phase Phase, SettingRef Setting, SettingState State, string Why)
{
    /// <summary>Settings that must be in place first.</summary>
    public IReadOnlyList<SettingRef> Needs { get; init; } = [];

    /// <summary>Whether it is only brought into shape where somebody else made it (the Logstore of a trail).</summary>
    public bool OnlyIfPresent { get; init; }

    /// <summary>Whether its days are raised where they are fewer, and else left alone.</summary>
    public bool OnlyGrows { get; init; }

    /// <summary>What undo can do about making it.</summary>
    public Reversal Reversal { get; init; }
}

/// <summary>How a wanted state meets the state found.</summary>
internal abstract record Verdict
{
    private Verdict() { }

    /// <summary>Nothing to do.</summary>
    public sealed record Fine : Verdict;

    /// <summary>Bring it to this state.</summary>
    public sealed record Change(SettingState To, Reversal Reversal) : Verdict;

    /// <summary>Leave it and say why.</summary>
    public sealed record Leave(string Why) : Verdict;
}
