namespace LogAudit.Collection;

/// <summary>Settings as they are against settings as they are wanted.</summary>
/// <param name="Wanted">The settings that were compared, each once, in order.</param>
/// <param name="Changes">Those that must change.</param>
/// <param name="Unreadable">Those that could not be read, and why; nothing is planned for them.</param>
/// <param name="Findings">What is other than wanted and is left so.</param>
internal sealed record Comparison(
    IReadOnlyList<SettingRef> Wanted,
    IReadOnlyDictionary<SettingRef, PlannedChange> Changes,
    IReadOnlyDictionary<SettingRef, string> Unreadable,
    IReadOnlyList<string> Findings
)
{
    /// <summary>Nothing compared.</summary>
    public static Comparison None { get; } =
        new([], new Dictionary<SettingRef, PlannedChange>(), new Dictionary<SettingRef, string>(), []);

    /// <summary>Both together; no setting stands in both.</summary>
    public Comparison And(Comparison other) =>
        new(
            [.. Wanted, .. other.Wanted],
            new Dictionary<SettingRef, PlannedChange>(Changes.Concat(other.Changes)),
            new Dictionary<SettingRef, string>(Unreadable.Concat(other.Unreadable)),
            [.. Findings, .. other.Findings]
        );
}
