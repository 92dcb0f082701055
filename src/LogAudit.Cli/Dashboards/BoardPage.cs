using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace LogAudit.Cli.Dashboards;

/// <summary>Writes a dashboard as one HTML page that needs nothing else: data, styles, the chart library and the drawing are in it.</summary>
internal static class BoardPage
{
    /// <summary>The page of a board.</summary>
    /// <param name="board">The board.</param>
    /// <param name="data">What each of its charts shows.</param>
    /// <param name="library">Text of the chart library (Apache ECharts).</param>
    /// <param name="project">Where it stands, for the heading.</param>
    /// <param name="at">When it was read.</param>
    public static string Write(
        Board board,
        IReadOnlyList<ChartData> data,
        string library,
        string project,
        DateTimeOffset at
    )
    {
        var title = WebUtility.HtmlEncode(board.Title);
        var moment = at.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
        return $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <link rel="icon" href="data:,">
            <title>{title}</title>
            <style>{Resource("board.css")}</style>
            </head>
            <body>
            <header><h1>{title}</h1><p>{WebUtility.HtmlEncode(project)} · {moment}</p></header>
            <main id="board"></main>
            <script>{Script(library)}</script>
            <script id="data" type="application/json">{Json(board, data)}</script>
            <script>{Resource("board.js")}</script>
            </body>
            </html>

            """;
    }

    /// <summary>The page that leads to the others.</summary>
    public static string Index(IEnumerable<Board> boards, string project) =>
        $"""
            <!doctype html>
            <html lang="en">
            <head><meta charset="utf-8"><link rel="icon" href="data:,"><title>Dashboards</title><style>{Resource(
                "board.css"
            )}</style></head>
            <body>
            <header><h1>Dashboards</h1><p>{WebUtility.HtmlEncode(project)}</p></header>
            <ul class="boards">{string.Concat(
                boards.Select(board =>
                    $"<li><a href=\"{Uri.EscapeDataString(board.Name)}.html\">{WebUtility.HtmlEncode(board.Title)}</a></li>"
                )
            )}</ul>
            </body>
            </html>

            """;

    private static string Json(Board board, IReadOnlyList<ChartData> data)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            foreach (var (chart, shown) in board.Charts.Zip(data))
            {
                json.WriteStartObject();
                json.WriteString("title", chart.Title);
                json.WriteString("type", chart.Type);
                json.WriteString("logstore", chart.Logstore);
                json.WriteString("query", chart.Query);
                json.WriteNumber("hours", chart.Span.TotalHours);
                json.WriteString("trouble", shown.Trouble);
                json.WriteStartArray("columns");
                foreach (var (name, type) in shown.Columns)
                {
                    json.WriteStartArray();
                    json.WriteStringValue(name);
                    json.WriteStringValue(type);
                    json.WriteEndArray();
                }

                json.WriteEndArray();
                json.WriteStartArray("rows");
                foreach (var row in shown.Rows)
                {
                    json.WriteStartArray();
                    foreach (var cell in row)
                    {
                        json.WriteStringValue(cell);
                    }

                    json.WriteEndArray();
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        // The writer escapes < and >, so that no log line can end the script.
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    /// <summary>Source: HTML, restrictions for contents of script elements.</summary>
    private static string Script(string text) =>
        text.Replace("</script", "<\\/script", StringComparison.OrdinalIgnoreCase);

    private static string Resource(string name)
    {
        using var stream =
            typeof(BoardPage).Assembly.GetManifestResourceStream($"LogAudit.Cli.Dashboards.{name}")
            ?? throw new InvalidOperationException($"the resource {name} is missing");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
