namespace LogAudit.Cli.Tests.Commands;

[Collection(ProcessEnvironmentTests.Name)]
public sealed class EnvironmentTests
{
    private const string Settings = """central: { account: "1000000000000001", region: cn-hangzhou }""";

    [Theory]
    [InlineData("bootstrap")]
    [InlineData("plan")]
    [InlineData("apply")]
    [InlineData("status")]
    [InlineData("undo")]
    public async Task Without_credentials_a_command_fails_and_names_the_variables_once(string command)
    {
        using var folder = new TemporaryFolder();
        using var environment = new ProcessEnvironment(
            ("ALIBABA_CLOUD_ACCESS_KEY_ID", null),
            ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", null),
            ("LOGAUDIT_ENDPOINT", "http://127.0.0.1:9")
        );

        var ended = await CommandLine.RunAsync(command, "--settings", folder.With("logaudit.yaml", Settings));

        Assert.Equal(1, ended.Code);
        Assert.Empty(ended.Output);
        Assert.StartsWith("logaudit: There are no credentials: set ALIBABA_CLOUD_ACCESS_KEY_ID", ended.Progress);
        Assert.Single(ended.Progress.TrimEnd().Split('\n'));
    }

    [Theory]
    [InlineData("https://127.0.0.1:8080")]
    [InlineData("http://example.com")]
    [InlineData("not a place")]
    public async Task An_endpoint_outside_this_machine_fails_with_what_is_allowed(string endpoint)
    {
        using var folder = new TemporaryFolder();
        using var environment = new ProcessEnvironment(("LOGAUDIT_ENDPOINT", endpoint));

        var ended = await CommandLine.RunAsync("plan", "--settings", folder.With("logaudit.yaml", Settings));

        Assert.Equal(1, ended.Code);
        Assert.Contains("Example: http://127.0.0.1:8080", ended.Progress, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_variable_that_leads_to_no_setting_is_a_mistake_of_the_settings()
    {
        using var folder = new TemporaryFolder();
        using var environment = new ProcessEnvironment(("LOGAUDIT__CENTRAL__REGION__NAME", "cn-hangzhou"));

        var ended = await CommandLine.RunAsync("roles", "--settings", folder.With("logaudit.yaml", Settings));

        Assert.Equal(2, ended.Code);
        Assert.Contains("LOGAUDIT__CENTRAL__REGION__NAME", ended.Progress, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_variable_overrides_the_file()
    {
        using var folder = new TemporaryFolder();
        using var environment = new ProcessEnvironment(("LOGAUDIT__CENTRAL__ACCOUNT", "1000000000000009"));

        var ended = await CommandLine.RunAsync("roles", "--settings", folder.With("logaudit.yaml", Settings));

        Assert.Equal(0, ended.Code);
        Assert.Contains("1000000000000009", ended.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("1000000000000001", ended.Output, StringComparison.Ordinal);
    }
}
