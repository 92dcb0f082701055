using LogAudit.Sls;

namespace LogAudit.Cli.Dashboards;

/// <summary>Reads dashboards of a project and runs their queries there, as a console does.</summary>
internal sealed class BoardReader(SlsClient sls, ProjectName project, TimeProvider time)
{
    /// <summary>Every dashboard of the project that is wanted, by name.</summary>
    public async Task<IReadOnlyList<Board>> BoardsAsync(Func<string, bool> wanted, CancellationToken cancel)
    {
        List<Board> boards = [];
        await foreach (var name in sls.ListDashboardsAsync(project, cancel))
        {
            if (wanted(name) && await sls.GetDashboardAsync(project, name, cancel) is { } dashboard)
            {
                boards.Add(Board.Read(dashboard));
            }
        }

        return [.. boards.OrderBy(board => board.Name, StringComparer.Ordinal)];
    }

    /// <summary>Runs the query of a chart. What the service refuses is told in the chart's place; the others still show.</summary>
    public async Task<ChartData> RunAsync(BoardChart chart, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        try
        {
            var found = await sls.GetLogsAsync(
                project,
                new LogstoreName(chart.Logstore),
                new LogQuery
                {
                    From = now - chart.Span,
                    To = now.AddSeconds(1),
                    Query = chart.Query,
                },
                cancel
            );
            return new(
                found.Columns,
                [
                    .. found.Rows.Select(row =>
                        found.Columns.Select(column => row.GetValueOrDefault(column.Name)).ToList()
                    ),
                ],
                found.Complete ? null : "the service has not read everything: the figures are too low"
            );
        }
        catch (SlsException refused)
        {
            return new([], [], refused.Message);
        }
    }
}

/// <summary>What a chart shows.</summary>
/// <param name="Columns">Name and SQL type.</param>
/// <param name="Rows">Texts, as the service gives them.</param>
/// <param name="Trouble">What is wrong with it; null when nothing is.</param>
internal sealed record ChartData(
    IReadOnlyList<(string Name, string Type)> Columns,
    IReadOnlyList<IReadOnlyList<string?>> Rows,
    string? Trouble
);
