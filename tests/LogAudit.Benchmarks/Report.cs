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

    public void Ratio(string name, double value, double atLeast = 0, double atMost = double.MaxValue)
    {
        Figure(name, value);
        if (value < atLeast || value > atMost)
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
                    $"{name, -36} {value}{(missed.Contains(name, StringComparer.Ordinal) ? "  MISSED" : "")}"
                )
            );
        }
    }
}
