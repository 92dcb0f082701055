namespace LogAudit.Cli.Tests.Deployment;

[Collection(ProcessEnvironmentTests.Name)]
public sealed class DeployScriptTests
{
    [Fact]
    public async Task It_bootstraps_publishes_renders_and_deploys_in_this_order()
    {
        await using var estate = await LocalEstate.StartAsync();
        using var script = new DeployScript();

        var (code, told) = await script.RunAsync(estate, "--yes", "--runtime", "custom.debian11");

        Assert.True(code == 0, told);
        Assert.Equal(
            [
                "build src/LogAudit.Cli",
                "logaudit bootstrap",
                "publish --runtime custom.debian11",
                "logaudit render",
                $"s deploy -y -t artifacts/deploy/s.yaml as {LocalEstate.Account} custom.debian11",
            ],
            script.Steps
        );
        Assert.Contains("log-actiontrail-logaudit", script.Read("artifacts/deploy/s.yaml"), StringComparison.Ordinal);
        Assert.Equal(
            await File.ReadAllTextAsync(estate.Settings),
            script.Read("artifacts/functions/Discover/logaudit.yaml")
        );
        Assert.Contains("CreateProject", estate.WritesSince(0));
    }

    [Fact]
    public async Task A_plan_is_shown_and_nothing_is_written()
    {
        await using var estate = await LocalEstate.StartAsync();
        using var script = new DeployScript();

        var (code, told) = await script.RunAsync(estate, "--plan");

        Assert.Equal(3, code);
        Assert.Contains($"logaudit-center-{LocalEstate.Account}-{LocalEstate.Region}", told, StringComparison.Ordinal);
        Assert.Equal(["build src/LogAudit.Cli", "logaudit bootstrap"], script.Steps);
        Assert.Empty(estate.WritesSince(0));
    }

    [Theory]
    [InlineData]
    [InlineData("--with-findings")]
    public async Task Where_nobody_agrees_nothing_is_written_and_nothing_is_deployed(params string[] options)
    {
        await using var estate = await LocalEstate.StartAsync();
        using var script = new DeployScript();

        var (code, told) = await script.RunAsync(estate, options);

        Assert.Equal(3, code);
        Assert.Contains("nothing was written", told, StringComparison.Ordinal);
        Assert.DoesNotContain(script.Steps, step => step.StartsWith("publish", StringComparison.Ordinal));
        Assert.Empty(estate.WritesSince(0));
    }

    [Theory]
    [InlineData(3, "--yes")]
    [InlineData(0, "--yes", "--with-findings")]
    public async Task A_finding_stops_it_unless_it_is_told_to_go_on(int expected, params string[] options)
    {
        await using var estate = await LocalEstate.StartOrganisationAsync();
        using var script = new DeployScript();

        var (code, told) = await script.RunAsync(estate, options);

        Assert.True(expected == code, told);
        Assert.Contains("account 1000000000000003 cannot be entered", told, StringComparison.Ordinal);
        Assert.Equal(expected == 0, script.Steps.Any(step => step.StartsWith("s deploy", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("--unheard", "unknown option")]
    [InlineData("--settings", "needs a file")]
    public async Task A_wrong_option_is_told_before_anything_runs(string option, string says)
    {
        await using var estate = await LocalEstate.StartAsync();
        using var script = new DeployScript();

        var (code, told) = await script.RunAsync(estate, option);

        Assert.NotEqual(0, code);
        Assert.Contains(says, told, StringComparison.Ordinal);
        Assert.Empty(script.Steps);
    }
}
