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

    /// <summary>A ratio for each of several things; missed where one is out of bounds.</summary>
    /// <param name="name">Name of the figure.</param>
    /// <param name="values">The ratios.</param>
    /// <param name="judged">The only one that has bounds; null for all.</param>
    /// <param name="atLeast">Lower bound.</param>
    /// <param name="atMost">Upper bound.</param>
    public void Ratios(
        string name,
        IEnumerable<KeyValuePair<string, double>> values,
        string? judged = null,
        double atLeast = 0,
        double atMost = double.MaxValue
    )
    {
        var list = values.ToList();
        Figures(name, list);
        if (list.Exists(value => (judged ?? value.Key) == value.Key && (value.Value < atLeast || value.Value > atMost)))
        {
            missed.Add(name);
        }
    }

    /// <summary>Prints the table, and with <paramref name="json"/> the same as one JSON document on the last line.</summary>
    public void Print(TextWriter to, bool json)
    {
        foreach (var (name, value) in figures)
        {
            to.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name, -36} {value?.ToJsonString()}{(missed.Contains(name, StringComparer.Ordinal) ? "  MISSED" : "")}"
                )
            );
        }

        if (json)
        {
            to.WriteLine(figures.ToJsonString());
        }
    }
}
