using System.Globalization;
using System.Text.RegularExpressions;
using LogAudit.Testing;

namespace LogAudit.Architecture.Tests;

/// <summary>Rules over the text of the sources.</summary>
public sealed partial class SourceTests
{
    private static readonly string[] Sources =
    [
        .. new[] { "src", "functions", "tests" }
            .SelectMany(folder =>
                Directory.GetFiles(Path.Combine(Peers.Repository, folder), "*.cs", SearchOption.AllDirectories)
            )
            .Where(file => !file.Contains("/node_modules/", StringComparison.Ordinal)),
    ];

    [Fact]
    public void Event_ids_are_unique_and_in_the_range_of_their_library()
    {
        var ranges = new Dictionary<string, int>(StringComparer.Ordinal)
        {
            ["Core"] = 1000,
            ["OpenApi"] = 2000,
            ["Sls"] = 3000,
            ["Products"] = 4000,
            ["Collection"] = 5000,
            ["Forwarding"] = 6000,
            ["Hosting"] = 7000,
        };
        var ids = Product()
            .SelectMany(file =>
                EventId()
                    .Matches(File.ReadAllText(file))
                    .Select(match =>
                        (Library: Library(file), Id: int.Parse(match.Groups["id"].Value, CultureInfo.InvariantCulture))
                    )
            )
            .ToArray();

        Assert.NotEmpty(ids);
        Assert.Equal(ids.Length, ids.Select(entry => entry.Id).Distinct().Count());
        Assert.All(ids, entry => Assert.InRange(entry.Id, ranges[entry.Library], ranges[entry.Library] + 999));
    }

    [Fact]
    public void Unfinished_work_carries_a_link() =>
        Assert.Empty(
            Sources
                .Where(file => !file.EndsWith("SourceTests.cs", StringComparison.Ordinal))
                .Where(file => Unfinished().IsMatch(File.ReadAllText(file)))
                .Select(Path.GetFileName)
        );

    [Fact]
    public void Files_hold_one_subject() =>
        Assert.Empty(
            Sources
                .Where(file => File.ReadAllLines(file).Length > 420)
                .Select(file => Path.GetRelativePath(Peers.Repository, file))
        );

    [Fact]
    public void Folders_are_named_after_subjects_and_not_after_kinds()
    {
        string[] kinds = ["Interfaces", "Services", "Helpers", "Utils", "Common", "Models", "Managers"];

        Assert.Empty(
            Product()
                .SelectMany(file => Path.GetRelativePath(Peers.Repository, file).Split('/'))
                .Intersect(kinds, StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Types_are_not_named_with_empty_words() =>
        Assert.Empty(
            Product().SelectMany(file => EmptyWord().Matches(File.ReadAllText(file)).Select(match => match.Value))
        );

    [Fact]
    public void The_environment_is_read_only_where_processes_begin()
    {
        var readers = Product()
            .Where(file =>
                File.ReadAllText(file).Contains("Environment.GetEnvironmentVariable", StringComparison.Ordinal)
            )
            .Select(Library)
            .Distinct(StringComparer.Ordinal);

        Assert.Empty(readers.Except(["Hosting", "Cli", "LocalCloud"], StringComparer.Ordinal));
    }

    private static IEnumerable<string> Product() =>
        Sources.Where(file => file.Contains("/src/", StringComparison.Ordinal));

    private static string Library(string file) =>
        Path.GetRelativePath(Path.Combine(Peers.Repository, "src"), file).Split('/')[0]["LogAudit.".Length..];

    [GeneratedRegex(
        @"\[LoggerMessage\(\s*(?:EventId\s*=\s*)?(?<id>[0-9]+)",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        1000
    )]
    private static partial Regex EventId();

    [GeneratedRegex(
        @"NotImplementedException|\b(TODO|FIXME|HACK)\b(?!.*https?://)",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        1000
    )]
    private static partial Regex Unfinished();

    [GeneratedRegex(
        @"(class|record|interface|struct) \w+(Manager|Processor|Helper|Util|Utils|Impl)\b",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        1000
    )]
    private static partial Regex EmptyWord();
}
