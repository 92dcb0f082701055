using System.Globalization;
using LogAudit.Sls;
using Newtonsoft.Json.Linq;

namespace LogAudit.Collection;

/// <summary>Turns rows of metrics into samples: names and values joined by <c>&amp;</c> are taken apart pairwise.</summary>
internal static class PolledSamples
{
    private const char Joint = '&';

    /// <summary>The samples of a row that fall into a stretch of time: from its beginning up to, not including, its end.</summary>
    /// <param name="target">The log.</param>
    /// <param name="row">The row.</param>
    /// <param name="span">The stretch.</param>
    /// <param name="unknown">Takes what has no name of ours or no number.</param>
    public static IEnumerable<MetricSample> Of(PollTarget target, JObject row, PollSpan span, Action<string> unknown)
    {
        var shape = target.Poll.Metrics!;
        var names = (PollValues.At(row, shape.NamePath) ?? "").Split(Joint);
        var labels = shape.Labels.ToDictionary(
            label => label.Key,
            label => PollValues.Of(label.Value, target.Resource, row) ?? "",
            StringComparer.Ordinal
        );
        foreach (var point in row.SelectToken(shape.PointsPath)?.Children() ?? [])
        {
            if (PollTimes.Read(shape.TimeFormat, PollValues.At(point, shape.TimePath) ?? "") is not { } time)
            {
                unknown($"a point of {names[0]} has no readable time");
                continue;
            }

            if (time < span.From || time >= span.To)
            {
                continue;
            }

            var values = (PollValues.At(point, shape.ValuePath) ?? "").Split(Joint);
            for (var i = 0; i < names.Length; i++)
            {
                if (!shape.Names.TryGetValue(names[i], out var name))
                {
                    unknown($"the value {names[i]} has no metric name");
                }
                else if (
                    i < values.Length
                    && double.TryParse(values[i], NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
                )
                {
                    yield return new(name, labels, time, value);
                }
                else
                {
                    unknown($"a point has no number for {names[i]}");
                }
            }
        }
    }
}
