using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace LogAudit.Cli.Deployment;

/// <summary>A log trigger to add to the deployment file.</summary>
/// <param name="Function">Resource of the file, for example <c>sync</c>.</param>
/// <param name="Logstore">Logstore of the central project that wakes the function.</param>
/// <param name="IntervalSeconds">3–600. Source: FC, JobConfig.triggerInterval.</param>
internal sealed record LogTrigger(string Function, string Logstore, int IntervalSeconds);

/// <summary>The deployment file <c>s.yaml</c> of Serverless Devs: adds the log triggers, and resolves the variables that the file uses.</summary>
/// <remarks>Of the variable forms only <c>${env('NAME', 'default')}</c> and <c>${vars.name}</c> are used, and resolved here, so that a machine without Node.js can deploy to LocalCloud.</remarks>
internal sealed partial class DeploymentFile
{
    private readonly YamlMappingNode root;

    private DeploymentFile(YamlMappingNode root) => this.root = root;

    /// <summary>Reads the text of a deployment file.</summary>
    /// <exception cref="FormatException">It is not YAML, or not a deployment file.</exception>
    public static DeploymentFile Parse(string text)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (YamlException error)
        {
            throw new FormatException($"s.yaml line {error.Start.Line}: {error.Message}", error);
        }

        return stream.Documents is [{ RootNode: YamlMappingNode root }] && root.Children.ContainsKey("resources")
            ? new DeploymentFile(root)
            : throw new FormatException(
                "s.yaml has no 'resources': it is not a deployment file of Serverless Devs, edition 3.0.0."
            );
    }

    /// <summary>Adds log triggers on the central project. The function of each must be a resource of the file.</summary>
    public void Add(IEnumerable<LogTrigger> triggers)
    {
        foreach (var trigger in triggers)
        {
            var props = Map(Map(Map(root, "resources"), trigger.Function), "props");
            if (!props.Children.TryGetValue("triggers", out var list))
            {
                props.Children["triggers"] = list = new YamlSequenceNode();
            }

            var triggersOf = (YamlSequenceNode)list;
            var name = $"log-{trigger.Logstore.Replace('_', '-')}";
            // A file that was rendered before has it already.
            foreach (var before in triggersOf.Where(one => IsNamed(one, name)).ToList())
            {
                triggersOf.Children.Remove(before);
            }

            triggersOf.Add(
                Mapping(
                    ("triggerName", Text(name)),
                    ("triggerType", Text("log")),
                    ("sourceArn", Text("acs:log:${vars.region}:${vars.account}:project/${vars.project}")),
                    ("invocationRole", Text("acs:ram::${vars.account}:role/logaudit-trigger")),
                    (
                        "triggerConfig",
                        Mapping(
                            ("sourceConfig", Mapping(("logstore", Text(trigger.Logstore)))),
                            (
                                "jobConfig",
                                Mapping(
                                    ("maxRetryTime", Plain("3")),
                                    (
                                        "triggerInterval",
                                        Plain(
                                            trigger.IntervalSeconds.ToString(
                                                System.Globalization.CultureInfo.InvariantCulture
                                            )
                                        )
                                    )
                                )
                            ),
                            ("functionParameter", new YamlMappingNode()),
                            (
                                "logConfig",
                                Mapping(("project", Text("${vars.project}")), ("logstore", Text("logaudit_function")))
                            ),
                            ("enable", Plain("true"))
                        )
                    )
                )
            );
        }
    }

    /// <summary>The file as YAML, variables left as they are.</summary>
    public string ToYaml()
    {
        var writer = new StringWriter();
        new YamlStream(new YamlDocument(root)).Save(writer, assignAnchors: false);
        return writer.ToString().Replace("\n...\n", "\n", StringComparison.Ordinal);
    }

    /// <summary>The properties of every function, templates merged and variables resolved.</summary>
    /// <param name="environment">Stands in for the environment variables that the file reads.</param>
    public IReadOnlyDictionary<string, YamlMappingNode> Functions(IReadOnlyDictionary<string, string> environment)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in Map(root, "vars").Children)
        {
            variables[name.ToString()] = Resolve(value.ToString(), environment, variables);
        }

        var functions = new Dictionary<string, YamlMappingNode>(StringComparer.Ordinal);
        foreach (var (name, node) in Map(root, "resources").Children)
        {
            var resource = (YamlMappingNode)node;
            var props = new YamlMappingNode();
            if (resource.Children.TryGetValue("extend", out var extend))
            {
                var template = Map(
                    Map(root, "template"),
                    Map((YamlMappingNode)extend, "name", allowText: true).ToString()
                );
                Merge(props, template, environment, variables);
            }

            Merge(props, Map(resource, "props"), environment, variables);
            functions[name.ToString()] = props;
        }

        return functions;
    }

    private static void Merge(
        YamlMappingNode into,
        YamlMappingNode from,
        IReadOnlyDictionary<string, string> environment,
        Dictionary<string, string> variables
    )
    {
        foreach (var (key, value) in from.Children)
        {
            into.Children[key] = Resolved(value, environment, variables);
        }
    }

    private static YamlNode Resolved(
        YamlNode node,
        IReadOnlyDictionary<string, string> environment,
        Dictionary<string, string> variables
    ) =>
        node switch
        {
            YamlScalarNode { Value: { } text } scalar when text.Contains("${", StringComparison.Ordinal) =>
                new YamlScalarNode(Resolve(text, environment, variables)) { Style = scalar.Style },
            YamlMappingNode map => new YamlMappingNode(
                map.Children.Select(pair => new KeyValuePair<YamlNode, YamlNode>(
                    pair.Key,
                    Resolved(pair.Value, environment, variables)
                ))
            ),
            YamlSequenceNode list => new YamlSequenceNode(
                list.Children.Select(item => Resolved(item, environment, variables))
            ),
            _ => node,
        };

    private static string Resolve(
        string text,
        IReadOnlyDictionary<string, string> environment,
        Dictionary<string, string> variables
    ) =>
        Variable()
            .Replace(
                text,
                match =>
                    match.Groups["env"] is { Success: true } env
                        ? environment.GetValueOrDefault(env.Value) is { Length: > 0 } set
                            ? set
                            : match.Groups["default"].Value
                        : variables.TryGetValue(match.Groups["var"].Value, out var value)
                            ? value
                            : throw new FormatException(
                                $"s.yaml: {match.Value} cannot be resolved; known forms are ${{env('NAME', 'default')}} and ${{vars.name}} of a variable under 'vars'."
                            )
            );

    private static bool IsNamed(YamlNode trigger, string name) =>
        trigger is YamlMappingNode map
        && map.Children.TryGetValue("triggerName", out var given)
        && given is YamlScalarNode { Value: { } text }
        && string.Equals(text, name, StringComparison.Ordinal);

    private static YamlNode Map(YamlMappingNode parent, string key, bool allowText) =>
        parent.Children.TryGetValue(key, out var node) && (node is YamlMappingNode || allowText)
            ? node
            : throw new FormatException($"s.yaml has no '{key}' where one is needed (line {parent.Start.Line}).");

    private static YamlMappingNode Map(YamlMappingNode parent, string key) =>
        (YamlMappingNode)Map(parent, key, allowText: false);

    private static YamlMappingNode Mapping(params (string Key, YamlNode Value)[] members) =>
        new(
            members.Select(member => new KeyValuePair<YamlNode, YamlNode>(new YamlScalarNode(member.Key), member.Value))
        );

    private static YamlScalarNode Text(string value) => new(value) { Style = ScalarStyle.SingleQuoted };

    private static YamlScalarNode Plain(string value) => new(value);

    [GeneratedRegex(
        @"\$\{(?:env\('(?<env>[A-Z0-9_]+)'(?:,\s*'(?<default>[^']*)')?\)|vars\.(?<var>[A-Za-z]+)|[^}]*)\}",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        1000
    )]
    private static partial Regex Variable();
}
