namespace LogAudit.Products;

/// <summary>Reads a product's <c>X.dashboards.yaml</c>.</summary>
internal static class DashboardFile
{
    private static readonly string[] Types = ["table", "linepro", "barpro", "piepro", "aggpro"];

    /// <summary>The dashboards with the log kind over whose Logstore each stands.</summary>
    public static IReadOnlyList<(string Log, DashboardSpec Board)> Read(DataNode root) =>
        root.Named("dashboards", (name, node) => (node.Text("log"), Board(name, node)));

    private static DashboardSpec Board(string name, DataNode node)
    {
        var charts = node.Each("charts", Chart);
        if (
            charts.GroupBy(chart => chart.Title, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is
            { Key: { } twice }
        )
        {
            throw node.Wrong("charts", $"two charts are called '{twice}'");
        }

        return new DashboardSpec(name, node.Text("title"), charts);
    }

    private static ChartSpec Chart(DataNode node)
    {
        var type = node.Text("type");
        return Types.Contains(type, StringComparer.Ordinal)
            ? new ChartSpec(node.Text("title"), type, node.Text("query"))
            : throw node.Wrong("type", $"'{type}' is not one of {string.Join(", ", Types)}");
    }
}
