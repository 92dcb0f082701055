using LogAudit.Cli.Dashboards;
using LogAudit.LocalCloud.Scenario;
using LogAudit.Sls;
using Microsoft.Extensions.DependencyInjection;

namespace LogAudit.Cli.Tests.Dashboards;

/// <summary>The demo's organisation after some hours of logs, with every dashboard and what its charts show. Made once for the tests that look at it.</summary>
public sealed class SampleBoards : IAsyncLifetime
{
    private SampleEstate estate = null!;

    internal IReadOnlyList<Board> Boards { get; private set; } = [];

    internal IReadOnlyDictionary<string, IReadOnlyList<ChartData>> Data { get; private set; } =
        new Dictionary<string, IReadOnlyList<ChartData>>(StringComparer.Ordinal);

    /// <summary>Products of which the organisation has resources.</summary>
    internal IReadOnlySet<string> Products { get; private set; } = new HashSet<string>(StringComparer.Ordinal);

    public async Task InitializeAsync()
    {
        var script = ScenarioFile.Demo();
        Products = script.Resources.Select(resource => resource.Product).Append("actiontrail").ToHashSet();
        estate = await SampleEstate.StartAsync(
            script,
            new Terminal(TextReader.Null, TextWriter.Null, TextWriter.Null),
            CancellationToken.None
        );
        var central = estate.Settings.Central;
        var reader = new BoardReader(
            estate.Services.GetRequiredService<SlsClients>().For(central.Account, central.Region),
            central.Project,
            TimeProvider.System
        );
        Boards = await reader.BoardsAsync(_ => true, CancellationToken.None);
        var data = new Dictionary<string, IReadOnlyList<ChartData>>(StringComparer.Ordinal);
        foreach (var board in Boards)
        {
            List<ChartData> shown = [];
            foreach (var chart in board.Charts)
            {
                shown.Add(await reader.RunAsync(chart, CancellationToken.None));
            }

            data[board.Name] = shown;
        }

        Data = data;
    }

    public async Task DisposeAsync() => await estate.DisposeAsync();
}
