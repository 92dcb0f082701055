using System.Globalization;
using System.Text.Json.Nodes;

namespace LogAudit.Benchmarks;

/// <summary>Figures by name, printed as a table for people or as one JSON line.</summary>
internal sealed class Report
{
    private readonly JsonObject figures = [];
    private readonly List<string> missed = [];

    /// <summary>Targets that were missed.</summary>
    public IReadOnlyList<string> Missed => missed;

    public void Figure(string name, double value) => figures[name] = Math.Round(value, 3);

    public void Text(string name, string value) => figures[name] = value;

    public void Ratio(string name, double value, double atLeast = 0, double atMost = double.MaxValue)
    {
        Figure(name, value);
        if (value < atLeast || value > atMost)
        {
            missed.Add(name);
        }
    }

    /// <summary>A figure with a value for each of several things.</summary>
    public void Figures(string name, IEnumerable<KeyValuePair<string, double>> values) =>
        figures[name] = new JsonObject(
            values.Select(value => KeyValuePair.Create<string, JsonNode?>(value.Key, Math.Round(value.Value, 3)))
        );

    /// <summary>A ratio for each of several things; missed where one is too high.</summary>
    public void Ratios(string name, IEnumerable<KeyValuePair<string, double>> values, double atMost)
    {
        var list = values.ToList();
        Figures(name, list);
        if (list.Exists(value => value.Value > atMost))
        {
            missed.Add(name);
        }
    }

    public void Print(TextWriter to, bool json)
    {
        if (json)
        {
            to.WriteLine(figures.ToJsonString());
            return;
        }

        foreach (var (name, value) in figures)
        {
            to.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name, -36} {value?.ToJsonString()}{(missed.Contains(name, StringComparer.Ordinal) ? "  MISSED" : "")}"
                )
            );
        }
    }
}
