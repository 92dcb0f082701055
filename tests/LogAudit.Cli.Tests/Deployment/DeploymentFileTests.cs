using LogAudit.Cli.Deployment;
using LogAudit.Testing;

namespace LogAudit.Cli.Tests.Deployment;

public sealed class DeploymentFileTests
{
    private static readonly Dictionary<string, string> Nothing = [];

    private const string Small = """
        edition: 3.0.0
        name: small
        vars:
          region: ${env('PLACE', 'cn-hangzhou')}
          project: center-${vars.region}
        template:
          common:
            runtime: custom.debian12
            timeout: 60
            logConfig: { project: "${vars.project}" }
        resources:
          one:
            component: fc3
            extend: { name: common }
            props:
              functionName: small-one
              timeout: 10
              tags: [ "${env('NONE')}", "in ${vars.region}" ]
        """;

    [Fact]
    public void Templates_are_merged_and_a_functions_own_properties_win()
    {
        var one = Function(Small, Nothing);

        Assert.Equal("custom.debian12", (string?)one["runtime"]);
        Assert.Equal(10, (int)one["timeout"]!);
        Assert.Equal("small-one", (string?)one["functionName"]);
    }

    [Fact]
    public void Variables_take_the_environment_or_their_default_and_may_use_each_other()
    {
        var usual = Function(Small, Nothing);
        var given = Function(Small, new() { ["PLACE"] = "eu-central-1" });
        var empty = Function(Small, new() { ["PLACE"] = "" });

        Assert.Equal("center-cn-hangzhou", (string?)usual.SelectToken("logConfig.project"));
        Assert.Equal("center-eu-central-1", (string?)given.SelectToken("logConfig.project"));
        Assert.Equal("in eu-central-1", (string?)given.SelectToken("tags[1]"));
        Assert.Equal("", (string?)given.SelectToken("tags[0]"));
        Assert.Equal("center-cn-hangzhou", (string?)empty.SelectToken("logConfig.project"));
    }

    [Theory]
    [InlineData("${file('secret.txt')}")]
    [InlineData("${vars.nowhere}")]
    [InlineData("${resources.one.output.url}")]
    [InlineData("${env(PLACE)}")]
    public void A_variable_of_another_form_is_told_with_the_forms_that_are_known(string variable)
    {
        var file = DeploymentFile.Parse(Small.Replace("small-one", variable, StringComparison.Ordinal));

        var failure = Assert.Throws<FormatException>(() => file.Functions(Nothing));

        Assert.Contains(variable, failure.Message, StringComparison.Ordinal);
        Assert.Contains("${env('NAME', 'default')}", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_template_that_is_missing_is_told()
    {
        var file = DeploymentFile.Parse(Small.Replace("name: common", "name: rare", StringComparison.Ordinal));

        Assert.Contains("'rare'", Assert.Throws<FormatException>(() => file.Functions(Nothing)).Message);
    }

    [Fact]
    public void A_log_trigger_of_a_function_that_is_missing_is_told()
    {
        var file = DeploymentFile.Parse(Small);

        Assert.Contains("'sync'", Assert.Throws<FormatException>(() => file.Add([new("sync", "rds_log", 30)])).Message);
    }

    [Fact]
    public void A_function_without_triggers_gets_a_list_of_them()
    {
        var file = DeploymentFile.Parse(
            Small.Replace("  region: $", "  account: '1'\n  region: $", StringComparison.Ordinal)
        );

        file.Add([new("one", "rds_log", 30)]);

        var trigger = YamlJson.From(file.Functions(Nothing)["one"])["triggers"]![0]!;
        Assert.Equal("log-rds-log", (string?)trigger["triggerName"]);
        Assert.Equal(30, (int)trigger.SelectToken("triggerConfig.jobConfig.triggerInterval")!);
        Assert.Equal("acs:log:cn-hangzhou:1:project/center-cn-hangzhou", (string?)trigger["sourceArn"]);
    }

    [Fact]
    public void What_is_written_reads_back_the_same()
    {
        var text = File.ReadAllText(Path.Combine(Peers.Repository, "s.yaml"));

        var once = DeploymentFile.Parse(text).ToYaml();

        Assert.Equal(once, DeploymentFile.Parse(once).ToYaml());
        foreach (var (name, props) in DeploymentFile.Parse(text).Functions(Nothing))
        {
            Assert.Equal(
                YamlJson.From(props).ToString(),
                YamlJson.From(DeploymentFile.Parse(once).Functions(Nothing)[name]).ToString()
            );
        }
    }

    private static Newtonsoft.Json.Linq.JToken Function(string text, Dictionary<string, string> environment) =>
        YamlJson.From(DeploymentFile.Parse(text).Functions(environment)["one"]);
}
