using System.Globalization;
using System.Text.Json.Nodes;

namespace LogAudit.Cli.Dashboards;

/// <summary>A dashboard as the service keeps it.</summary>
/// <param name="Name">Its name, which is also that of its page.</param>
/// <param name="Title">Title for people.</param>
/// <param name="Charts">Its charts, in reading order.</param>
internal sealed record Board(string Name, string Title, IReadOnlyList<BoardChart> Charts)
{
    /// <summary>Reads a dashboard. Source of the shape: SLS CreateDashboard.</summary>
    public static Board Read(JsonObject dashboard) =>
        new(
            Text(dashboard["dashboardName"]),
            Text(dashboard["displayName"]),
            [.. (dashboard["charts"] as JsonArray ?? []).OfType<JsonObject>().Select(Chart)]
        );

    private static BoardChart Chart(JsonObject chart) =>
        new(
            Text(chart["display"]?["displayName"]) is { Length: > 0 } shown ? shown : Text(chart["title"]),
            Text(chart["type"]),
            Text(chart["search"]?["logstore"]),
            Text(chart["search"]?["query"]),
            Span(Text(chart["search"]?["start"]))
        );

    /// <summary><c>-86400s</c> as 24 hours; a day when it is written otherwise.</summary>
    private static TimeSpan Span(string start) =>
        start.StartsWith('-')
        && start.EndsWith('s')
        && int.TryParse(start[1..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds)
            : TimeSpan.FromDays(1);

    private static string Text(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
}

/// <summary>A chart of a dashboard.</summary>
/// <param name="Title">Title for people.</param>
/// <param name="Type"><c>aggpro</c>, <c>linepro</c>, <c>barpro</c>, <c>piepro</c>, <c>table</c>.</param>
/// <param name="Logstore">Where it looks.</param>
/// <param name="Query">Search and statement.</param>
/// <param name="Span">How far back from now.</param>
internal sealed record BoardChart(string Title, string Type, string Logstore, string Query, TimeSpan Span);
