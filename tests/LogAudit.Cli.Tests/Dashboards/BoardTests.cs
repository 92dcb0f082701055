using LogAudit.Cli.Dashboards;
using LogAudit.Cli.Demo;
using LogAudit.LocalCloud.Scenario;
using LogAudit.Products;
using LogAudit.Testing;
using Xunit.Abstractions;

namespace LogAudit.Cli.Tests.Dashboards;

/// <summary>Every dashboard of the catalogue, provisioned, queried and drawn.</summary>
public sealed class BoardTests(SampleBoards sample, ITestOutputHelper output) : IClassFixture<SampleBoards>
{
    /// <summary>Boards whose pages a browser draws: the first of each product.</summary>
    public static TheoryData<string> Pages =>
        [
            .. new ProductCatalogue()
                .All.Select(product => product.LogKinds.SelectMany(kind => kind.Dashboards).FirstOrDefault()?.Name)
                .OfType<string>()
                .Append("log_audit_overall_view"),
        ];

    private static IEnumerable<LogKind> Kinds => DemoSettings.Kinds(ScenarioFile.Demo());

    [Fact]
    public void Every_dashboard_of_the_catalogue_is_provisioned()
    {
        var wanted = Kinds.SelectMany(kind => kind.Dashboards).Select(board => board.Name);

        Assert.Empty(wanted.Except(sample.Boards.Select(board => board.Name)));
    }

    [Fact]
    public void Every_query_of_every_chart_runs()
    {
        var refused = Charts().Where(one => one.Data.Trouble is not null);

        Assert.Empty(refused.Select(one => $"{one.Board.Name}, {one.Chart.Title}: {one.Data.Trouble}"));
    }

    [Fact]
    public void Every_query_gives_columns_that_fit_its_chart()
    {
        var unfit = Charts().Where(one => !Fits(one.Chart.Type, one.Data));

        Assert.Empty(
            unfit.Select(one =>
                $"{one.Board.Name}, {one.Chart.Title} ({one.Chart.Type}): {string.Join(", ", one.Data.Columns)}, {one.Data.Rows.Count} rows"
            )
        );
    }

    [Fact]
    public void Boards_of_products_that_log_are_not_empty()
    {
        var boards = Kinds
            .Where(kind => sample.Products.Contains(kind.Product))
            .GroupBy(kind => kind.Product, StringComparer.Ordinal)
            .Select(kinds =>
                (Code: kinds.Key, Names: kinds.SelectMany(kind => kind.Dashboards).Select(one => one.Name))
            )
            .Where(product => product.Names.Any());

        var empty = boards.Where(product =>
            !product.Names.SelectMany(name => sample.Data[name]).Any(data => data.Rows.Count > 1)
        );
        foreach (var (board, chart, data) in Charts().Where(one => one.Data.Rows.Count == 0))
        {
            output.WriteLine($"no records: {board.Name}, {chart.Title}");
        }

        Assert.Empty(empty.Select(product => product.Code));
    }

    [Fact]
    public void The_overall_board_looks_into_every_Logstore_over_30_days()
    {
        var board = sample.Boards.Single(one => one.Name == "log_audit_overall_view");
        var stores = Kinds
            .Where(kind => !kind.Metricstore)
            .Select(kind => kind.Logstore.Replace("{trail}", "logaudit", StringComparison.Ordinal));

        Assert.Equal(stores.Distinct().Order(), board.Charts.Select(chart => chart.Logstore).Distinct().Order());
        Assert.All(board.Charts, chart => Assert.Equal(TimeSpan.FromDays(30), chart.Span));
        Assert.Contains(
            sample.Data[board.Name].Zip(board.Charts, (data, chart) => (data, chart)),
            one => one.chart.Title == "slb_log: accounts heard" && one.data.Rows.Count > 1
        );
        Assert.DoesNotContain(
            sample.Data[board.Name].Where(data => data.Columns.Any(column => column.Name == "account")),
            data => data.Rows.Any(row => row.Contains("null"))
        );
    }

    [PeerTheory("chromium", "echarts")]
    [MemberData(nameof(Pages))]
    public async Task A_page_loads_alone_without_errors_and_every_chart_is_drawn(string name)
    {
        var board = sample.Boards.Single(one => one.Name == name);
        using var folder = new TemporaryFolder();

        var page = await Browser.LoadAsync(folder, board, sample.Data[name]);

        Assert.Empty(page.Console);
        AssertDrawn(board, sample.Data[name], page.Sections);
    }

    [PeerFact("chromium", "echarts")]
    public async Task Log_lines_cannot_break_out_of_a_page()
    {
        const string Evil =
            "</script><script>console.error('broken out')</script><img src=x onerror=\"console.error(1)\">";
        var board = new Board(
            "evil",
            $"Board {Evil}",
            [new($"Chart {Evil}", "table", "x_log", Evil, TimeSpan.FromHours(1))]
        );
        var data = new ChartData(
            [(Evil, "varchar")],
            [
                [Evil],
                [null],
            ],
            Trouble: null
        );
        using var folder = new TemporaryFolder();

        var page = await Browser.LoadAsync(folder, board, [data]);

        Assert.Empty(page.Console);
        Assert.DoesNotContain("<img", page.Sections[0], StringComparison.Ordinal);
        Assert.Contains("&lt;img", page.Sections[0], StringComparison.Ordinal);
    }

    [PeerFact("chromium", "echarts")]
    public async Task Every_type_of_chart_is_drawn_with_its_units()
    {
        var types = (string[])["aggpro", "linepro", "barpro", "piepro", "table"];
        var board = new Board(
            "types",
            "Types",
            [.. types.Select(type => new BoardChart(type, type, "x_log", "*", TimeSpan.FromDays(30)))]
        );
        var figure = new ChartData(
            [("bytes", "bigint")],
            [
                ["3145728"],
            ],
            Trouble: null
        );
        var values = new ChartData(
            [("t", "varchar"), ("status", "bigint"), ("mean_ms", "double")],
            [
                ["10:00", "200", "1.5"],
                ["10:00", "404", "2.5"],
                ["10:05", "200", "null"],
            ],
            Trouble: null
        );
        using var folder = new TemporaryFolder();

        var page = await Browser.LoadAsync(folder, board, [figure, values, values, values, values]);

        Assert.Empty(page.Console);
        AssertDrawn(board, [figure, values, values, values, values], page.Sections);
        Assert.Contains("3 MiB", page.Sections[0], StringComparison.Ordinal);
        Assert.Contains("404", page.Sections[1], StringComparison.Ordinal);
        Assert.Contains("2.5 ms", page.Sections[4], StringComparison.Ordinal);
        Assert.All(page.Sections, section => Assert.Contains("last 30 days", section, StringComparison.Ordinal));
    }

    private IEnumerable<(Board Board, BoardChart Chart, ChartData Data)> Charts() =>
        sample.Boards.SelectMany(board =>
            board.Charts.Zip(sample.Data[board.Name], (chart, data) => (board, chart, data))
        );

    /// <summary>A figure is one number; the others have something to stand on and a number to show.</summary>
    private static bool Fits(string type, ChartData data) =>
        type switch
        {
            "aggpro" => data.Columns is [var (_, only)] && IsNumber(only) && data.Rows.Count == 1,
            "linepro" or "barpro" or "piepro" => data.Columns.Count >= 2
                && data.Columns.Skip(1).Any(column => IsNumber(column.Type)),
            "table" => data.Columns.Count >= 1,
            _ => false,
        };

    private static bool IsNumber(string type) => type is "bigint" or "double";

    private static void AssertDrawn(Board board, IReadOnlyList<ChartData> data, IReadOnlyList<string> sections)
    {
        Assert.Equal(board.Charts.Count, sections.Count);
        foreach (var (index, chart) in board.Charts.Index())
        {
            var rows = data[index].Rows.Count;
            var (mark, least) =
                rows == 0 ? ("class=\"none\"", 1)
                : chart.Type == "table" ? ("<tr>", rows + 1)
                : chart.Type == "aggpro" ? ("class=\"figure\"", 1)
                // Axis, grid and at least the shape itself.
                : ("<path", 2);
            Assert.True(
                Browser.Count(sections[index], mark) >= least,
                $"{board.Name}, {chart.Title}: {Browser.Count(sections[index], mark)} × {mark} for {rows} rows"
            );
        }
    }
}
