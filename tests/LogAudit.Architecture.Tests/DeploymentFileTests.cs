using LogAudit.Testing;
using Newtonsoft.Json.Linq;
using NJsonSchema;

namespace LogAudit.Architecture.Tests;

/// <summary>The deployment file against the schema of the fc3 component and the command line of Serverless Devs.</summary>
public sealed class DeploymentFileTests
{
    private static readonly Dictionary<string, string> TriggerDefinitions = new(StringComparer.Ordinal)
    {
        ["timer"] = "ITimerTriggerConfig",
        ["log"] = "ILogTriggerConfig",
        ["eventbridge"] = "IEventBridge",
    };

    [PeerFact("serverless-devs", "reference")]
    public async Task Every_function_and_trigger_is_valid_by_its_own_definition_and_unknown_keys_are_refused()
    {
        var schema = StrictSchema();
        var rendered = await PreviewAsync("s.yaml");

        foreach (var resource in ((JObject)rendered["resources"]!).Properties())
        {
            var props = (JObject)resource.Value["props"]!;
            var triggers = (JArray)props["triggers"]!;
            Assert.NotEmpty(triggers);
            foreach (var trigger in triggers)
            {
                var definition = await JsonSchema.FromJsonAsync(
                    DefinitionOf(schema, TriggerDefinitions[(string)trigger["triggerType"]!])
                );
                Assert.Empty(
                    definition
                        .Validate(trigger["triggerConfig"]!.ToString())
                        .Select(error => $"{resource.Name}/{trigger["triggerName"]}: {error}")
                );
            }

            var whole = await JsonSchema.FromJsonAsync(schema.ToString());
            Assert.Empty(whole.Validate(props.ToString()).Select(error => $"{resource.Name}: {error}"));
        }
    }

    [PeerFact("serverless-devs", "reference")]
    public async Task A_misspelt_key_is_found()
    {
        var schema = await JsonSchema.FromJsonAsync(StrictSchema().ToString());
        var rendered = await PreviewAsync("s.yaml");
        var props = (JObject)rendered.SelectToken("resources.sync.props")!;

        props["instanceConcurency"] = 3;

        Assert.NotEmpty(schema.Validate(props.ToString()));
    }

    [PeerFact("serverless-devs", "reference")]
    public async Task Serverless_Devs_verifies_the_file()
    {
        var (exit, output, errors) = await RunAsync("verify", "s.yaml");

        Assert.True(exit == 0, output + errors);
        Assert.Contains("passed", output + errors, StringComparison.Ordinal);
    }

    [PeerFact("serverless-devs")]
    public async Task The_runtime_is_a_variable()
    {
        var rendered = await PreviewAsync("s.yaml", ("LOGAUDIT_RUNTIME", "custom.debian11"));

        Assert.All(
            rendered.SelectTokens("resources.*.props.runtime"),
            runtime => Assert.Equal("custom.debian11", (string?)runtime)
        );
    }

    private static async Task<JObject> PreviewAsync(string file, params (string Name, string Value)[] environment)
    {
        var (exit, output, errors) = await RunAsync("preview", file, environment);
        Assert.True(exit == 0, output + errors);
        return JObject.Parse(output[output.IndexOf('{', StringComparison.Ordinal)..]);
    }

    private static Task<(int ExitCode, string Output, string Errors)> RunAsync(
        string command,
        string file,
        params (string Name, string Value)[] environment
    )
    {
        const string Tools = "tests/LogAudit.Architecture.Tests/ServerlessDevs";
        var variables = environment.ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal);
        variables["FC3_COMPONENT"] = $"./{Tools}/fc3-schema";
        variables["FC3_SCHEMA"] = Path.Combine(Peers.Reference ?? "", "fc3-schema.json");
        return Peers.RunAsync(
            Path.Combine(Peers.Repository, Tools, "node_modules/.bin/s"),
            Peers.Repository,
            variables,
            command,
            "-t",
            file,
            "-o",
            "json"
        );
    }

    /// <summary>The component's schema with its weaknesses mended: unknown keys fail, a trigger's configuration is judged by its own definition.</summary>
    private static JObject StrictSchema()
    {
        var schema = JObject.Parse(File.ReadAllText(Path.Combine(Peers.Reference!, "fc3-schema.json")));
        foreach (
            var shape in schema
                .DescendantsAndSelf()
                .OfType<JObject>()
                .Where(shape =>
                    shape["properties"] is JObject { HasValues: true } && shape["additionalProperties"] is null
                )
                .ToArray()
        )
        {
            shape["additionalProperties"] = false;
        }

        // The component types these as text and the service as integer; the component's own example writes numbers.
        var job = (JObject)schema.SelectToken("definitions.ILogTriggerConfig.properties.jobConfig.properties")!;
        job["maxRetryTime"] = job["triggerInterval"] = new JObject { ["type"] = "integer" };
        // The check by type of trigger follows separately.
        schema
            .SelectToken("definitions.ITrigger.properties.triggerConfig")!
            .Replace(new JObject { ["type"] = "object" });
        return schema;
    }

    private static string DefinitionOf(JObject schema, string name)
    {
        var definition = (JObject)schema["definitions"]![name]!.DeepClone();
        definition["definitions"] = schema["definitions"]!.DeepClone();
        return definition.ToString();
    }
}
