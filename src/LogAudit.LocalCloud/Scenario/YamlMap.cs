using System.Globalization;
using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace LogAudit.LocalCloud.Scenario;

/// <summary>A mapping of a YAML file that notes every mistake with its line and reads on.</summary>
internal sealed partial class YamlMap(string path, YamlMappingNode node, List<ScenarioMistake> mistakes)
{
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    /// <summary>Where the mapping stands in the file.</summary>
    public string Path => path;

    /// <summary>Its line.</summary>
    public long Line => node.Start.Line;

    /// <summary>Notes a mistake of a key, or of the mapping itself.</summary>
    public void Wrong(string key, string problem) =>
        mistakes.Add(new ScenarioMistake(Child(key)?.Start.Line ?? Line, Join(key), problem));

    /// <summary>A text; empty and noted when it is missing.</summary>
    public string Text(string key) => TextOr(key, null) ?? Missing(key);

    /// <summary>A text or a default.</summary>
    public string? TextOr(string key, string? fallback)
    {
        switch (Child(key))
        {
            case null:
                return fallback;
            case YamlScalarNode { Value: { Length: > 0 } value }:
                return value;
            default:
                Wrong(key, "must be a text.");
                return fallback ?? "";
        }
    }

    /// <summary>One of several words; the first and noted when it is another.</summary>
    public string Word(string key, IReadOnlyList<string> words, string? fallback = null)
    {
        var value = fallback is null ? Text(key) : TextOr(key, fallback)!;
        if (value.Length > 0 && !words.Contains(value, StringComparer.Ordinal))
        {
            Wrong(key, $"is '{value}'; allowed: {string.Join(", ", words)}.");
        }
        return value;
    }

    /// <summary>True or false.</summary>
    public bool Flag(string key, bool fallback) =>
        TextOr(key, null) switch
        {
            null => fallback,
            "true" => true,
            "false" => false,
            var other => Refuse(key, $"is '{other}'; allowed: true, false.", fallback),
        };

    /// <summary>A number within bounds.</summary>
    public double Number(string key, double fallback, double least, double most)
    {
        var text = TextOr(key, null);
        if (text is null)
        {
            return fallback;
        }
        return
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            && value >= least
            && value <= most
            ? value
            : Refuse(
                key,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"is '{text}'; a number from {least} to {most} is allowed."
                ),
                fallback
            );
    }

    /// <summary>A length of time such as <c>5s</c>, <c>1m30s</c> or <c>200ms</c>.</summary>
    public TimeSpan Time(string key) =>
        ParseTime(Text(key)) ?? Refuse(key, "must be a time such as 5s, 1m30s or 200ms.", TimeSpan.Zero);

    /// <summary>Reads a length of time; null when it is none.</summary>
    public static TimeSpan? ParseTime(string text)
    {
        var match = Duration().Match(text);
        if (text.Length == 0 || !match.Success)
        {
            return null;
        }
        double Part(string name) =>
            match.Groups[name].Success ? double.Parse(match.Groups[name].ValueSpan, CultureInfo.InvariantCulture) : 0;
        return TimeSpan.FromMilliseconds((Part("m") * 60_000) + (Part("s") * 1000) + Part("ms"));
    }

    /// <summary>A nested mapping; null when it is not there.</summary>
    public YamlMap? Map(string key)
    {
        switch (Child(key))
        {
            case null:
                return null;
            case YamlMappingNode child:
                return new YamlMap(Join(key), child, mistakes);
            default:
                Wrong(key, "must be a mapping.");
                return null;
        }
    }

    /// <summary>A list of mappings; empty when it is not there.</summary>
    public IEnumerable<YamlMap> Maps(string key)
    {
        var index = 0;
        foreach (var item in Items(key))
        {
            var here = $"{Join(key)}[{index++}]";
            if (item is YamlMappingNode child)
            {
                yield return new YamlMap(here, child, mistakes);
            }
            else
            {
                mistakes.Add(new ScenarioMistake(item.Start.Line, here, "must be a mapping."));
            }
        }
    }

    /// <summary>A list of texts; empty when it is not there.</summary>
    public IReadOnlyList<string> Texts(string key) =>
        [
            .. Items(key)
                .Select(item =>
                    item is YamlScalarNode { Value: { } value } ? value : Refuse(key, "must be a list of texts.", "")
                ),
        ];

    /// <summary>All keys with their values as texts; a list becomes its items joined by commas.</summary>
    public IReadOnlyDictionary<string, string> AllTexts()
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var key in Keys())
        {
            all[key] = Child(key) is YamlSequenceNode ? string.Join(',', Texts(key)) : TextOr(key, "") ?? "";
        }
        return all;
    }

    /// <summary>Notes every key that nobody read.</summary>
    public void Close()
    {
        foreach (var key in Keys().Where(k => !_read.Contains(k)).ToList())
        {
            Wrong(key, $"is not known here; allowed: {string.Join(", ", _read.Order(StringComparer.Ordinal))}.");
        }
    }

    private IEnumerable<string> Keys() => node.Children.Keys.OfType<YamlScalarNode>().Select(k => k.Value ?? "");

    private YamlNode? Child(string key)
    {
        _read.Add(key);
        return node.Children.TryGetValue(new YamlScalarNode(key), out var value) ? value : null;
    }

    private IEnumerable<YamlNode> Items(string key)
    {
        switch (Child(key))
        {
            case null:
                return [];
            case YamlSequenceNode list:
                return list.Children;
            default:
                Wrong(key, "must be a list.");
                return [];
        }
    }

    private string Missing(string key)
    {
        Wrong(key, "is missing.");
        return "";
    }

    private T Refuse<T>(string key, string problem, T instead)
    {
        Wrong(key, problem);
        return instead;
    }

    private string Join(string key) => path.Length == 0 ? key : $"{path}.{key}";

    [GeneratedRegex(
        @"^((?<m>\d+)m(?!s))?((?<s>\d+(\.\d+)?)s)?((?<ms>\d+)ms)?$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Duration();
}
