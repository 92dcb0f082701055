namespace LogAudit.Benchmarks;

/// <summary>Measures alternatives in turns, by the processor time of this process, so that what the machine does besides hits all of them alike and little.</summary>
internal static class Rounds
{
    /// <summary>The median processor time of each alternative, in the order given.</summary>
    /// <param name="warmups">Rounds that are not counted.</param>
    /// <param name="rounds">Rounds that are.</param>
    /// <param name="alternatives">Each does its whole work once.</param>
    public static TimeSpan[] Medians(int warmups, int rounds, params Action[] alternatives)
    {
        var times = alternatives.Select(_ => new List<TimeSpan>()).ToArray();
        for (var round = -warmups; round < rounds; round++)
        {
            for (var i = 0; i < alternatives.Length; i++)
            {
                var start = Environment.CpuUsage.TotalTime;
                alternatives[i]();
                var took = Environment.CpuUsage.TotalTime - start;
                if (round >= 0)
                {
                    times[i].Add(took);
                }
            }
        }

        return [.. times.Select(list => list.Order().ElementAt(list.Count / 2))];
    }
}
