namespace LogAudit.Products;

/// <summary>What the delivery objects of a resource say about its log.</summary>
/// <param name="shape">What they are.</param>
/// <param name="kind">The log.</param>
/// <param name="resource">The resource; its id is their owner.</param>
/// <param name="wanted">State of one that would serve.</param>
internal sealed class DeliveryJudgement(DeliveryShape shape, LogKind kind, ResourceRef resource, SettingState wanted)
{
    private readonly DeliveryStatus status = shape.Status;

    /// <summary>The answer; null when none of them is ours or serves.</summary>
    /// <param name="all">They, and perhaps those of other resources.</param>
    /// <param name="error">What the delivery of one that runs fails with; empty for nothing.</param>
    public async Task<Observed?> OfAsync(IEnumerable<Delivery> all, Func<Delivery, Task<string>> error)
    {
        var mine = all.Where(one => one.Ref.Owner.Same(resource.Id)).ToArray();
        var ours = shape.Ours(resource.Id, mine);
        var serving = mine.Where(one => Agree(shape.Serves, one.State, wanted))
            .OrderByDescending(IsOn)
            .FirstOrDefault();
        if ((serving ?? (ours is [var first, ..] ? first : null)) is not { } one)
        {
            return null;
        }

        if ((ours.Count > 1 ? ours : []).Append(one).FirstOrDefault(IsMoving) is { } moving)
        {
            return Is(new Observation.Unknown($"{Named(moving)} is {moving.State[status.Member]}", LookAgain: true));
        }

        var answer =
            serving is null ? Misfit(one)
            : IsOn(one) ? Running(one, await error(one))
            : Off($"{Named(one)} is stopped", Change(one, ours, On(one.State), $"{Named(one)} is stopped"));
        return ours.Count > 1 ? WithoutTwins(answer, ours) : answer;
    }

    private Observed Running(Delivery one, string error) =>
        error.Length == 0 ? Is(new Observation.Enabled()) : Off($"{Named(one)} runs, but its delivery fails: {error}");

    // One of ours that does not serve is mended, and made anew where it cannot be.
    private Observed Misfit(Delivery one)
    {
        var why = Holes.Fill(shape.Misfit, name => name is "id" ? one.Ref.Id : one.State.GetValueOrDefault(name));
        var mended = On(shape.Serves.Aggregate(one.State, (state, member) => state.With(member, wanted[member])));
        return Agree(shape.Fixed, one.State, mended)
            ? Off(why, Change(one, [one], mended, why))
            : Off(why, Change(one, [one], null, $"{why}, which cannot be changed"), shape.Making(resource, wanted));
    }

    /// <summary>Each further one of ours, made by two runs at once, delivers everything once more.</summary>
    private Observed WithoutTwins(Observed answer, IReadOnlyList<Delivery> ours)
    {
        var why =
            $"{resource.Id} has {ours.Count} {shape.Noun}s of ours, created at once: records come {ours.Count} times";
        var twins = ours.Skip(1).Select(one => Change(one, [], null, why) with { Reversal = Reversal.Cannot });
        return Off(why, [.. answer.Fixes, .. twins]);
    }

    private SettingChange Change(Delivery one, IReadOnlyList<Delivery> ours, SettingState? to, string why)
    {
        var isOurs = ours.Count > 0 && ours[0].Ref == one.Ref;
        var id = isOurs ? resource.Id : $"{resource.Id}/{one.Ref.Id}";
        return new(new(shape.Kind, one.Ref.Account, one.Ref.Region, id), one.State, to, why);
    }

    private static bool Agree(IEnumerable<string> members, SettingState one, SettingState other) =>
        members.All(member => one[member].Same(other[member]));

    private bool IsMoving(Delivery one) => !IsOn(one) && !one.State[status.Member].Same(status.Off);

    private bool IsOn(Delivery one) => one.State[status.Member].Same(status.On);

    private SettingState On(SettingState state) => state.With(status.Member, status.On);

    private string Named(Delivery one) => $"{shape.Noun} {one.Ref.Id}";

    private Observed Off(string why, params IReadOnlyList<SettingChange> fixes) =>
        Is(new Observation.Disabled(why), fixes);

    private Observed Is(Observation state, params IReadOnlyList<SettingChange> fixes) =>
        resource.Is(kind, state, fixes);
}
