using System.CommandLine;
using LogAudit.Cli.Dashboards;
using LogAudit.Products;
using LogAudit.Sls;
using Microsoft.Extensions.DependencyInjection;

namespace LogAudit.Cli.Commands;

/// <summary><c>logaudit dashboards</c>: the dashboards of the central project as pages that a browser shows without the cloud.</summary>
internal static class DashboardsCommand
{
    public static Command Create(Terminal terminal)
    {
        var settings = CommonOptions.Settings();
        var html = new Option<DirectoryInfo>("--html")
        {
            Description = "Folder for the pages, one per dashboard.",
            Required = true,
        };
        var library = new Option<FileInfo>("--echarts")
        {
            Description =
                "echarts.min.js of Apache ECharts, which goes into every page (scripts/dashboards brings it).",
            Required = true,
        };
        var product = new Option<string?>("--product")
        {
            Description = "Only the dashboards of this product, for example slb.",
        };
        product.AcceptOnlyFromAmong([.. ProductCatalogue.Codes]);
        var local = new Option<bool>("--local")
        {
            Description = "Start a LocalCloud, switch everything on, let it log, and show that.",
        };
        var scenario = new Option<FileInfo?>("--scenario")
        {
            Description = "With --local: the organisation; the built-in demo when not given.",
        };
        var command = new Command(
            "dashboards",
            "Runs the queries of the provisioned dashboards and writes each dashboard as an HTML page with its charts."
        )
        {
            settings,
            html,
            library,
            product,
            local,
            scenario,
        };
        command.SetWork(
            terminal,
            async (parsed, cancel) =>
            {
                var pages = new Pages(
                    parsed.GetValue(html)!,
                    await File.ReadAllTextAsync(parsed.GetValue(library)!.FullName, cancel),
                    Wanted(parsed.GetValue(product)),
                    terminal
                );
                if (parsed.GetValue(local))
                {
                    await using var estate = await SampleEstate.StartAsync(
                        ScenarioSource.Read(parsed.GetValue(scenario), seed: null),
                        terminal,
                        cancel
                    );
                    return await pages.WriteAsync(estate.Settings, estate.Services, cancel);
                }

                var read = Composition.ReadSettings(parsed.GetValue(settings)!);
                await using var services = Composition.Services(read, terminal);
                return await pages.WriteAsync(read, services, cancel);
            }
        );
        return command;
    }

    /// <summary>The names of a product's dashboards, those over the carried trails of members too.</summary>
    private static Func<string, bool> Wanted(string? product)
    {
        if (product is null)
        {
            return _ => true;
        }

        var names = new ProductCatalogue()
            .Find(product)!
            .LogKinds.SelectMany(kind => kind.Dashboards)
            .Select(board => board.Name)
            .ToList();
        return name => names.Any(own => name == own || name.StartsWith($"{own}_", StringComparison.Ordinal));
    }

    private sealed record Pages(DirectoryInfo Folder, string Library, Func<string, bool> Wanted, Terminal Terminal)
    {
        public async Task<int> WriteAsync(Settings settings, ServiceProvider services, CancellationToken cancel)
        {
            var (account, region, project) = (
                settings.Central.Account,
                settings.Central.Region,
                settings.Central.Project
            );
            var reader = new BoardReader(
                services.GetRequiredService<SlsClients>().For(account, region),
                project,
                TimeProvider.System
            );
            var boards = await reader.BoardsAsync(Wanted, cancel);
            if (boards.Count == 0)
            {
                Terminal.Error($"project {project} has no such dashboard; run logaudit apply first.");
                return ExitCodes.Failed;
            }

            Folder.Create();
            var troubles = 0;
            foreach (var board in boards)
            {
                List<ChartData> data = [];
                foreach (var chart in board.Charts)
                {
                    data.Add(await reader.RunAsync(chart, cancel));
                    if (data[^1].Trouble is { } trouble)
                    {
                        troubles++;
                        Terminal.Error($"{board.Name}, {chart.Title}: {trouble}");
                    }
                }

                await WriteAsync(
                    $"{board.Name}.html",
                    BoardPage.Write(board, data, Library, project.Value, TimeProvider.System.GetUtcNow()),
                    cancel
                );
            }

            await WriteAsync("index.html", BoardPage.Index(boards, project.Value), cancel);
            Terminal.Tell($"wrote {boards.Count} dashboards to {Folder.FullName}");
            return troubles == 0 ? ExitCodes.Done : ExitCodes.Failed;
        }

        private Task WriteAsync(string file, string text, CancellationToken cancel) =>
            File.WriteAllTextAsync(Path.Combine(Folder.FullName, file), text, cancel);
    }
}
