namespace LogAudit.Cli.Tests.Commands;

/// <summary>Command lines and settings files that are wrong: exit code 2, everything on standard error, nothing on standard output.</summary>
public sealed class UsageTests
{
    private const string TenMistakes = """
        central:
          account: "12a"
          region: Hangzhou!
          trial: logaudit
        accounts:
          mode: everybody
        regions: cn-hangzhou
        compliance: iso
        collect:
          rds_enabled: maybe
          rds_tll: 365
        destinations:
          - name: Soc One
            sink: syslogg
            format: rfc5424
        """;

    public static TheoryData<string[]> CommandsWithSettings =>
        [
            ["bootstrap", "--yes"],
            ["plan"],
            ["apply", "--yes", "--output", "json"],
            ["status"],
            ["undo", "--yes"],
            ["replay"],
            ["backfill", "--from", "2026-03-02", "--to", "2026-03-03"],
            ["render", "--to", "never-written.yaml"],
            ["roles"],
        ];

    [Theory]
    [InlineData("deploy-everything")]
    [InlineData("plan", "--colour")]
    [InlineData("plan", "--output", "xml")]
    [InlineData("render")]
    [InlineData("render", "--to", "x.yaml", "--interval", "often")]
    [InlineData("schema", "dashboards")]
    [InlineData("apply", "--settings")]
    [InlineData("backfill", "--from", "2026-03-02")]
    [InlineData("backfill", "--from", "yesterday", "--to", "2026-03-02")]
    public async Task A_wrong_command_line_is_code_2_and_names_the_help(params string[] arguments)
    {
        var ended = await CommandLine.RunAsync(arguments);

        Assert.Equal(2, ended.Code);
        Assert.Empty(ended.Output);
        Assert.Matches("see logaudit [a-z ]*--help", ended.Progress);
    }

    [Theory]
    [InlineData("2")]
    [InlineData("601")]
    public async Task An_interval_that_no_trigger_can_have_is_refused(string seconds)
    {
        var ended = await CommandLine.RunAsync("render", "--to", "x.yaml", "--interval", seconds);

        Assert.Equal(2, ended.Code);
        Assert.Contains("3 to 600", ended.Progress, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("")]
    public async Task A_member_that_is_no_account_id_is_refused(string member)
    {
        var ended = await CommandLine.RunAsync("roles", "--member", member);

        Assert.Equal(2, ended.Code);
        Assert.Contains("1000000000000001", ended.Progress, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("plan", "--help")]
    public async Task Help_is_a_result(params string[] arguments)
    {
        var ended = await CommandLine.RunAsync(arguments);

        Assert.Equal(0, ended.Code);
        Assert.Contains("Usage:", ended.Output, StringComparison.Ordinal);
        Assert.Empty(ended.Progress);
    }

    [Theory]
    [MemberData(nameof(CommandsWithSettings))]
    public async Task Every_command_tells_all_mistakes_of_the_settings_at_once(string[] arguments)
    {
        using var folder = new TemporaryFolder();

        var ended = await CommandLine.RunAsync([.. arguments, "--settings", folder.With("logaudit.yaml", TenMistakes)]);

        Assert.Equal(2, ended.Code);
        Assert.Empty(ended.Output);
        var told = ended
            .Progress.Split('\n')
            .Select(line => line.Trim())
            .Where(line => line.StartsWith("line ", StringComparison.Ordinal))
            .ToList();
        Assert.Equal(
            [
                "line 2: central.account",
                "line 3: central.region",
                "line 4: central.trial",
                "line 6: accounts.mode",
                "line 7: regions",
                "line 8: compliance",
                "line 10: collect.rds_enabled",
                "line 11: collect.rds_tll",
                "line 13: destinations[0].name",
                "line 14: destinations[0].sink",
            ],
            told.Select(line =>
                line[..line.IndexOf(": ", line.IndexOf(": ", StringComparison.Ordinal) + 2, StringComparison.Ordinal)]
            )
        );
        Assert.All(told, line => Assert.Matches(@"Allowed: .+\. Example: .+", line));
    }

    [Theory]
    [MemberData(nameof(CommandsWithSettings))]
    public async Task A_settings_file_that_is_missing_is_code_2(string[] arguments)
    {
        using var folder = new TemporaryFolder();

        var ended = await CommandLine.RunAsync([.. arguments, "--settings", folder.Of("absent.yaml")]);

        Assert.Equal(2, ended.Code);
        Assert.Contains("absent.yaml", ended.Progress, StringComparison.Ordinal);
        Assert.Contains("cannot be read", ended.Progress, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mistakes_of_a_destination_are_told_before_anything_is_asked_of_the_cloud()
    {
        using var folder = new TemporaryFolder();
        var file = folder.With(
            "logaudit.yaml",
            """
            central: { account: "1000000000000001", region: cn-hangzhou }
            destinations:
              - { name: soc, sink: syslog, format: rfc5424, options: { address: "ftp://soc" } }
              - { name: hook, sink: webhook, format: json, options: { adress: "https://soc.example.com/" } }
            """
        );

        var ended = await CommandLine.RunAsync("plan", "--settings", file);

        Assert.Equal(2, ended.Code);
        Assert.Contains("destinations[0].options.address", ended.Progress, StringComparison.Ordinal);
        Assert.Contains("destinations[1].options.adress", ended.Progress, StringComparison.Ordinal);
    }
}
