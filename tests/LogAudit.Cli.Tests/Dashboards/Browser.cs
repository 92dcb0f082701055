using System.Text.RegularExpressions;
using LogAudit.Cli.Dashboards;
using LogAudit.Testing;

namespace LogAudit.Cli.Tests.Dashboards;

/// <summary>Headless Chromium: what stands in a page after its scripts ran.</summary>
internal static partial class Browser
{
    private static readonly string Library = Path.Combine(
        Peers.Repository,
        "tests/LogAudit.Cli.Tests/ECharts/node_modules/echarts/dist/echarts.min.js"
    );

    /// <summary>A loaded page.</summary>
    /// <param name="Console">What its scripts wrote to the console, errors among it.</param>
    /// <param name="Sections">The HTML of each chart's section.</param>
    internal sealed record Page(IReadOnlyList<string> Console, IReadOnlyList<string> Sections);

    public static async Task<Page> LoadAsync(TemporaryFolder folder, Board board, IReadOnlyList<ChartData> data)
    {
        var html = BoardPage.Write(
            board,
            data,
            await File.ReadAllTextAsync(Library),
            "logaudit-center",
            DateTimeOffset.UnixEpoch
        );
        var file = folder.With("page.html", html);
        var profile = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(file)!, "profile"));
        var (exit, dom, errors) = await Peers.RunAsync(
            "chromium",
            Path.GetDirectoryName(file)!,
            null,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            $"--user-data-dir={profile.FullName}",
            "--window-size=1400,2000",
            "--enable-logging=stderr",
            "--dump-dom",
            new Uri(file).AbsoluteUri
        );
        Assert.True(exit == 0, $"chromium ended with {exit}: {errors}");
        return new(
            [.. errors.Split('\n').Where(line => line.Contains("CONSOLE", StringComparison.Ordinal))],
            [.. Section().Matches(dom).Select(match => match.Value)]
        );
    }

    public static int Count(string text, string what) => text.Split(what).Length - 1;

    [GeneratedRegex("<section.*?</section>", RegexOptions.Singleline, 10_000)]
    private static partial Regex Section();
}
