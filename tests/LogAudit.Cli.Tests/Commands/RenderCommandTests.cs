using LogAudit.Cli.Deployment;
using LogAudit.Testing;
using Newtonsoft.Json.Linq;

namespace LogAudit.Cli.Tests.Commands;

public sealed class RenderCommandTests
{
    private const string Collected = """
        central: { account: "1000000000000009", region: cn-beijing, trail: watching }
        collect:
          actiontrail_enabled: true
          rds_enabled: true
          rds_slow_enabled: true
          slb_access_enabled: true
        """;

    private const string Destination = """

        destinations:
          - { name: soc, sink: syslog, format: rfc5424, options: { address: "tls://soc.example.com:6514" } }
        """;

    private static string RepositoryFile => Path.Combine(Peers.Repository, "s.yaml");

    [Fact]
    public async Task Every_forwarded_Logstore_rings_sync_and_the_trails_rings_onchange()
    {
        using var folder = new TemporaryFolder();

        var functions = await RenderAsync(folder, Collected + Destination, "--interval", "7");

        Assert.Equal(["actiontrail_watching", "rds_log", "slb_log"], LogstoresOf(functions["sync"]));
        Assert.Equal(["actiontrail_watching"], LogstoresOf(functions["onchange"]));
        Assert.Empty(LogstoresOf(functions["discover"]));
        Assert.All(
            LogTriggersOf(functions["sync"]),
            trigger =>
            {
                Assert.Equal(7, (int)trigger.SelectToken("triggerConfig.jobConfig.triggerInterval")!);
                Assert.Equal(
                    "acs:log:cn-beijing:1000000000000009:project/logaudit-center-1000000000000009-cn-beijing",
                    (string?)trigger["sourceArn"]
                );
                Assert.Equal("acs:ram::1000000000000009:role/logaudit-trigger", (string?)trigger["invocationRole"]);
                Assert.True((bool)trigger.SelectToken("triggerConfig.enable")!);
            }
        );
    }

    [Fact]
    public async Task Without_destinations_nothing_rings_sync_but_its_own_timer()
    {
        using var folder = new TemporaryFolder();

        var functions = await RenderAsync(folder, Collected);

        Assert.Empty(LogstoresOf(functions["sync"]));
        Assert.Equal(["timer"], functions["sync"]["triggers"]!.Select(trigger => (string?)trigger["triggerType"]));
        Assert.Equal(["actiontrail_watching"], LogstoresOf(functions["onchange"]));
    }

    [Fact]
    public async Task The_rendered_file_keeps_its_variables_and_everything_that_was_there()
    {
        using var folder = new TemporaryFolder();

        await RenderAsync(folder, Collected + Destination);

        var rendered = await File.ReadAllTextAsync(folder.Of("s.yaml"));
        Assert.Contains("${env('LOGAUDIT_REGION', 'cn-hangzhou')}", rendered, StringComparison.Ordinal);
        Assert.Contains("${vars.code}/Sync", rendered, StringComparison.Ordinal);
        Assert.Contains("project/${vars.project}", rendered, StringComparison.Ordinal);
        var before = Functions(await File.ReadAllTextAsync(RepositoryFile), new Dictionary<string, string>());
        var after = Functions(rendered, new Dictionary<string, string>());
        foreach (var (name, props) in after)
        {
            foreach (var trigger in LogTriggersOf(props))
            {
                trigger.Remove();
            }

            Assert.True(JToken.DeepEquals(before[name], props), $"{name}: {before[name]} became {props}");
        }
    }

    [Fact]
    public async Task Rendering_what_was_rendered_adds_nothing_twice()
    {
        using var folder = new TemporaryFolder();
        await RenderAsync(folder, Collected + Destination);

        var again = await CommandLine.RunAsync(
            "render",
            "--settings",
            folder.Of("logaudit.yaml"),
            "--deployment",
            folder.Of("s.yaml"),
            "--to",
            folder.Of("again.yaml")
        );

        Assert.True(again.Code == 0, again.Progress);
        Assert.Equal(
            await File.ReadAllTextAsync(folder.Of("s.yaml")),
            await File.ReadAllTextAsync(folder.Of("again.yaml"))
        );
    }

    [Fact]
    public async Task The_variables_of_the_deployment_are_written_as_lines_for_a_shell()
    {
        using var folder = new TemporaryFolder();

        await RenderAsync(folder, Collected, "--variables", folder.Of("variables"));

        Assert.Equal(
            [
                "LOGAUDIT_ACCOUNT=1000000000000009",
                "LOGAUDIT_PROJECT=logaudit-center-1000000000000009-cn-beijing",
                "LOGAUDIT_REGION=cn-beijing",
            ],
            (await File.ReadAllLinesAsync(folder.Of("variables"))).Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData("resources: [", "s.yaml line")]
    [InlineData("functions: {}", "no 'resources'")]
    [InlineData("resources: { sync: {} }", "no 'props'")]
    public async Task A_deployment_file_that_is_something_else_fails_and_writes_nothing(string text, string told)
    {
        using var folder = new TemporaryFolder();

        var ended = await CommandLine.RunAsync(
            "render",
            "--settings",
            folder.With("logaudit.yaml", Collected + Destination),
            "--deployment",
            folder.With("in.yaml", text),
            "--to",
            folder.Of("s.yaml")
        );

        Assert.Equal(1, ended.Code);
        Assert.Matches(told, ended.Progress);
        Assert.False(File.Exists(folder.Of("s.yaml")));
    }

    private static async Task<IReadOnlyDictionary<string, JObject>> RenderAsync(
        TemporaryFolder folder,
        string settings,
        params string[] options
    )
    {
        var ended = await CommandLine.RunAsync([
            "render",
            "--settings",
            folder.With("logaudit.yaml", settings),
            "--deployment",
            RepositoryFile,
            "--to",
            folder.Of("s.yaml"),
            .. options,
        ]);
        Assert.True(ended.Code == 0, ended.Progress);
        Assert.Empty(ended.Output);
        return Functions(
            await File.ReadAllTextAsync(folder.Of("s.yaml")),
            new Dictionary<string, string>
            {
                ["LOGAUDIT_ACCOUNT"] = "1000000000000009",
                ["LOGAUDIT_REGION"] = "cn-beijing",
                ["LOGAUDIT_PROJECT"] = "logaudit-center-1000000000000009-cn-beijing",
            }
        );
    }

    private static Dictionary<string, JObject> Functions(string yaml, Dictionary<string, string> environment) =>
        DeploymentFile
            .Parse(yaml)
            .Functions(environment)
            .ToDictionary(pair => pair.Key, pair => (JObject)YamlJson.From(pair.Value));

    private static List<JToken> LogTriggersOf(JObject props) =>
        [.. props["triggers"]!.Where(trigger => (string?)trigger["triggerType"] == "log")];

    private static IEnumerable<string?> LogstoresOf(JObject props) =>
        LogTriggersOf(props)
            .Select(trigger => (string?)trigger.SelectToken("triggerConfig.sourceConfig.logstore"))
            .Order(StringComparer.Ordinal);
}
