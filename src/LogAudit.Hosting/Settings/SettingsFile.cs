using YamlDotNet.Core;

namespace LogAudit.Hosting;

/// <summary>Reads <c>logaudit.yaml</c>. A wrong file gets all its mistakes at once, each with line, key, what is allowed and an example.</summary>
public static class SettingsFile
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="SettingsException">The file is missing or wrong.</exception>
    public static Settings Read(
        string path,
        SettingsKnowledge known,
        IEnumerable<KeyValuePair<string, string>> environment
    )
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException(
                path,
                [new("", 0, "the file cannot be read", "a readable YAML file", "logaudit.yaml beside the program")]
            );
        }

        return Load(text, path, known, environment);
    }

    /// <summary>Reads a text.</summary>
    /// <param name="text">The YAML.</param>
    /// <param name="fileName">Name for messages.</param>
    /// <param name="known">What the file may name.</param>
    /// <param name="environment">Environment variables; those that begin with <c>LOGAUDIT__</c> are laid over the file.</param>
    /// <exception cref="SettingsException">The text is wrong.</exception>
    public static Settings Load(
        string text,
        string fileName,
        SettingsKnowledge known,
        IEnumerable<KeyValuePair<string, string>> environment
    )
    {
        var errors = new List<SettingsError>();
        var root = Tree(text, fileName);
        var settings = new SettingsReader(known, errors).Read(EnvironmentOverrides.Apply(root, environment, errors));
        return errors.Count == 0 && settings is not null
            ? settings
            : throw new SettingsException(fileName, [.. errors.OrderBy(error => error.Line)]);
    }

    private static YamlMap Tree(string text, string fileName)
    {
        SettingsError error;
        try
        {
            switch (YamlTree.Read(text))
            {
                case null:
                    return new YamlMap([], 1);
                case YamlMap map:
                    return map;
                case { } other:
                    error = new(
                        "",
                        other.Line,
                        $"the file is {SettingsMap.Kind(other)}",
                        "keys with values",
                        "central:"
                    );
                    break;
            }
        }
        catch (YamlException failure)
        {
            error = new(
                "",
                (int)failure.Start.Line,
                $"the file is not readable as YAML: {failure.Message}",
                "YAML 1.2 with two spaces a level",
                "central:"
            );
        }

        throw new SettingsException(fileName, [error]);
    }
}
