namespace LogAudit.Hosting;

/// <summary>Reads the keys of one part of the settings and notes every mistake: unknown keys, repeated keys, wrong types, values out of range.</summary>
/// <param name="map">The part; null when it is absent.</param>
/// <param name="path">Where it stands, for example <c>destinations[0]</c>; empty for the whole file.</param>
/// <param name="known">Keys that it may have.</param>
/// <param name="errors">Where mistakes are noted.</param>
internal sealed class SettingsMap(YamlMap? map, string path, IReadOnlyList<string> known, List<SettingsError> errors)
{
    /// <summary>Line at which the part begins.</summary>
    public int Line => map?.Line ?? 0;

    /// <summary>Notes keys that are unknown or repeated.</summary>
    public void CheckKeys()
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var entry in map?.Entries ?? [])
        {
            if (!seen.TryAdd(entry.Key, entry.Line))
            {
                Refuse(
                    entry.Key,
                    entry.Line,
                    $"is given twice; first at line {seen[entry.Key]}",
                    "each key once",
                    entry.Key
                );
            }
            else if (!known.Contains(entry.Key, StringComparer.Ordinal))
            {
                var meant = Nearest.To(entry.Key, known);
                Refuse(
                    entry.Key,
                    entry.Line,
                    meant is null ? "is not a known key" : $"is not a known key (did you mean '{meant}'?)",
                    Allowed(known),
                    meant ?? (known.Count > 0 ? known[0] : "")
                );
            }
        }
    }

    /// <summary>A text that is required.</summary>
    public string? Required(string key, Func<string, bool> allows, string allowed, string example)
    {
        if (map?.Find(key) is null or YamlText { IsNothing: true })
        {
            Refuse(key, map?.Find(key)?.Line ?? Line, "is missing", allowed, example);
            return null;
        }

        return Optional(key, allows, allowed, example);
    }

    /// <summary>A text; null when it is absent or wrong.</summary>
    public string? Optional(string key, Func<string, bool> allows, string allowed, string example) =>
        map?.Find(key) switch
        {
            null or YamlText { IsNothing: true } => null,
            YamlText text when allows(text.Text) => text.Text,
            YamlText text => Refuse(key, text.Line, $"is '{Short(text.Text)}'", allowed, example),
            { } other => Refuse(key, other.Line, $"is {Kind(other)}", allowed, example),
        };

    /// <summary>One of some words; null when it is absent or wrong. An empty list of words allows any.</summary>
    public string? OneOf(string key, IReadOnlyList<string> words, bool required)
    {
        var allowed = words.Count > 0 ? Allowed(words) : "a name";
        var example = words.Count > 0 ? words[0] : "name";
        bool Allows(string text) => words.Count > 0 ? words.Contains(text, StringComparer.Ordinal) : text.Length > 0;
        return required ? Required(key, Allows, allowed, example) : Optional(key, Allows, allowed, example);
    }

    /// <summary>A list of texts, each once. From the environment: separated by commas.</summary>
    public IReadOnlyList<string> Texts(string key, Func<string, bool> allows, string allowed, string example)
    {
        var part = map?.Find(key);
        if (part is YamlText { Line: 0 } fromEnvironment)
        {
            var items = fromEnvironment.Text.Split(
                ',',
                StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
            );
            part = new YamlList([.. items.Select(item => new YamlText(item, Plain: false, Line: 0))], Line: 0);
        }

        if (part is null or YamlText { IsNothing: true })
        {
            return [];
        }

        if (part is not YamlList list)
        {
            Refuse(key, part.Line, $"is {Kind(part)}", $"a list, each {allowed}", $"[{example}]");
            return [];
        }

        var kept = new List<string>();
        for (var i = 0; i < list.Items.Count; i++)
        {
            var item = list.Items[i];
            if (item is not YamlText text || !allows(text.Text))
            {
                var shown = item is YamlText wrong ? $"'{Short(wrong.Text)}'" : Kind(item);
                Refuse($"{key}[{i}]", item.Line, $"is {shown}", allowed, example);
            }
            else if (kept.Contains(text.Text, StringComparer.Ordinal))
            {
                Refuse($"{key}[{i}]", item.Line, $"repeats '{Short(text.Text)}'", "each value once", example);
            }
            else
            {
                kept.Add(text.Text);
            }
        }

        return kept;
    }

    /// <summary>A part with keys of its own; null when it is absent or wrong.</summary>
    public YamlMap? Map(string key, string example)
    {
        var part = map?.Find(key);
        if (part is null or YamlText { IsNothing: true } or YamlMap)
        {
            return part as YamlMap;
        }

        Refuse(key, part.Line, $"is {Kind(part)}", "keys with values", example);
        return null;
    }

    /// <summary>A list of parts with keys of their own; items that are something else are noted and left out.</summary>
    public IReadOnlyList<(YamlMap Map, string Path)> Maps(string key, string example)
    {
        var part = map?.Find(key);
        if (part is null or YamlText { IsNothing: true })
        {
            return [];
        }

        if (part is not YamlList list)
        {
            Refuse(key, part.Line, $"is {Kind(part)}", "a list", example);
            return [];
        }

        var kept = new List<(YamlMap, string)>();
        for (var i = 0; i < list.Items.Count; i++)
        {
            if (list.Items[i] is YamlMap item)
            {
                kept.Add((item, Path($"{key}[{i}]")));
            }
            else
            {
                Refuse($"{key}[{i}]", list.Items[i].Line, $"is {Kind(list.Items[i])}", "keys with values", example);
            }
        }

        return kept;
    }

    /// <summary>Notes a mistake.</summary>
    public string? Refuse(string key, int line, string problem, string allowed, string example)
    {
        errors.Add(new(Path(key), line, problem, allowed, example));
        return null;
    }

    /// <summary>Line of a key; that of the part when the key is absent.</summary>
    public int LineOf(string key) => map?.Find(key)?.Line ?? Line;

    internal static string Kind(YamlPart part) =>
        part switch
        {
            YamlMap => "keys with values",
            YamlList => "a list",
            YamlText { IsNothing: true } => "empty",
            _ => "a single value",
        };

    internal static string Short(string text) => text.Length <= 80 ? text : $"{text.AsSpan(0, 80)}…";

    private static string Allowed(IReadOnlyList<string> words) =>
        words.Count <= 24
            ? string.Join(", ", words)
            : $"{string.Join(", ", words.Take(24))} and {words.Count - 24} more";

    private string Path(string key) => path.Length == 0 ? key : $"{path}.{key}";
}
