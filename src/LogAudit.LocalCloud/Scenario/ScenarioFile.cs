using System.Globalization;
using System.Reflection;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace LogAudit.LocalCloud.Scenario;

/// <summary>Reads scenario files.</summary>
public static class ScenarioFile
{
    /// <summary>The built-in demo.</summary>
    public static ScenarioScript Demo() => Parse(Embedded("demo.yaml"), "demo.yaml");

    /// <summary>The built-in demo as text, to start a file of one's own from.</summary>
    public static string DemoText() => Embedded("demo.yaml");

    /// <summary>The JSON schema of scenario files.</summary>
    public static string Schema() => ScenarioSchema.Fill(Embedded("scenario.schema.json"));

    /// <summary>Reads a scenario.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="file">Name for messages.</param>
    /// <exception cref="ScenarioException">The text has mistakes; all of them are told, with their lines.</exception>
    public static ScenarioScript Parse(string yaml, string file)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(yaml));
        }
        catch (YamlException e)
        {
            throw new ScenarioException(file, [new ScenarioMistake(e.Start.Line, "", $"is not YAML: {e.Message}")]);
        }
        if (stream.Documents is not [{ RootNode: YamlMappingNode root }])
        {
            throw new ScenarioException(
                file,
                [new ScenarioMistake(1, "", "must be one mapping, beginning with 'version: 1'.")]
            );
        }
        var mistakes = new List<ScenarioMistake>();
        var scenario = new ScenarioReader().Read(new YamlMap("", root, mistakes));
        return mistakes.Count == 0 ? scenario : throw new ScenarioException(file, [.. mistakes.OrderBy(m => m.Line)]);
    }

    private static string Embedded(string name)
    {
        using var stream =
            Assembly.GetExecutingAssembly().GetManifestResourceStream($"LogAudit.LocalCloud.Scenario.{name}")
            ?? throw new InvalidOperationException($"The embedded file {name} is missing from this build.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

/// <summary>One mistake of a scenario file.</summary>
/// <param name="Line">Line, from 1.</param>
/// <param name="Key">Where in the file, for example <c>resources[3].region</c>.</param>
/// <param name="Problem">What is wrong and what is allowed.</param>
public sealed record ScenarioMistake(long Line, string Key, string Problem)
{
    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"line {Line}: {(Key.Length == 0 ? "the file" : Key)} {Problem}");
}

/// <summary>A scenario file with mistakes.</summary>
public sealed class ScenarioException : Exception
{
    /// <summary>Tells all mistakes at once.</summary>
    public ScenarioException(string file, IReadOnlyList<ScenarioMistake> mistakes)
        : base($"{file} has {mistakes.Count} mistake(s):\n  " + string.Join("\n  ", mistakes)) => Mistakes = mistakes;

    /// <summary>The mistakes, by line.</summary>
    public IReadOnlyList<ScenarioMistake> Mistakes { get; }
}
