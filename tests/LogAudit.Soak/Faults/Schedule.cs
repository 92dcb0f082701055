namespace LogAudit.Soak;

/// <summary>A fault that will be made.</summary>
/// <param name="At">Time since the start.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Seed">Fixes its choices.</param>
internal sealed record PlannedFault(TimeSpan At, FaultKind Kind, int Seed);

/// <summary>All faults of a run, drawn from its seed before it begins: the same seed plans the same faults at the same times.</summary>
internal static class Schedule
{
    /// <summary>The faults of a lane. Every kind comes once before one comes again.</summary>
    public static IReadOnlyList<PlannedFault> Of(Lane lane, int seed, TimeSpan length)
    {
        var random = new Random(seed);
        var planned = new List<PlannedFault>();
        var bag = new Queue<FaultKind>();
        for (var at = Pause(lane, random) / 2; at < length.TotalSeconds - lane.Least; at += Pause(lane, random))
        {
            if (bag.Count == 0)
            {
                var kinds = lane.Kinds.ToArray();
                random.Shuffle(kinds);
                bag = new Queue<FaultKind>(kinds);
            }

            planned.Add(new PlannedFault(TimeSpan.FromSeconds(at), bag.Dequeue(), random.Next()));
        }

        return planned;
    }

    private static double Pause(Lane lane, Random random) =>
        lane.Least + (random.NextDouble() * (lane.Most - lane.Least));
}
