namespace LogAudit.Collection;

/// <summary>What <c>Poll</c> left in the state: which logs it reads, and what it could not.</summary>
/// <param name="Read">Key of a target → end of what was read of it.</param>
/// <param name="Note">Its newest note; null when it left none.</param>
internal sealed record PollMemory(IReadOnlyDictionary<string, DateTimeOffset> Read, PollNote? Note)
{
    // A cursor is written at least every 20 minutes while its log is read, and stands some minutes behind.
    private static readonly TimeSpan Fresh = TimeSpan.FromHours(1);

    public static PollMemory Empty { get; } = new(new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal), null);

    /// <summary>Whether a log only waits for its collection policy and may be read by API meanwhile.</summary>
    public static bool MayRead(Look look) =>
        look is { PolicyMissing: true, Stuck: false, Fixes.Count: 0, Collect.Kind: { Poll: not null } kind }
        && kind.Route.HasFlag(Routes.Poll);

    /// <summary>Whether it is.</summary>
    public bool Reads(Look look, DateTimeOffset now) =>
        MayRead(look)
        && Read.TryGetValue(new PollTarget(look.Collect.Kind, look.Resource).Key, out var until)
        && now - until < Fresh;
}

/// <summary>What an invocation of <c>Poll</c> said when it last said something new.</summary>
/// <param name="At">When.</param>
/// <param name="Report">What it said.</param>
public sealed record PollNote(DateTimeOffset At, PollReport Report);
