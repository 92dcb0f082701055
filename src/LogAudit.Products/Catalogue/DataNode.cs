using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace LogAudit.Products;

/// <summary>A mapping of a data file that knows which of its keys were read, so that a key nobody asked for is a mistake and not a silence.</summary>
internal sealed class DataNode
{
    private readonly string file;
    private readonly string path;
    private readonly YamlMappingNode node;
    private readonly HashSet<string> read = new(StringComparer.Ordinal);

    private DataNode(string file, string path, YamlNode node)
    {
        this.file = file;
        this.path = path;
        this.node =
            node as YamlMappingNode ?? throw new CatalogueException(file, Shown(path), "keys with values are wanted");
    }

    /// <summary>Reads a whole file. Every key must have been read when <paramref name="read"/> returns.</summary>
    public static T ReadFile<T>(string file, string text, Func<DataNode, T> read)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (YamlException exception)
        {
            throw new CatalogueException(
                file,
                string.Create(CultureInfo.InvariantCulture, $"line {exception.Start.Line}"),
                exception.Message
            );
        }

        return stream.Documents.Count == 1
            ? new DataNode(file, "", stream.Documents[0].RootNode).Closed(read)
            : throw new CatalogueException(file, "(file)", "one YAML document is wanted");
    }

    /// <summary>Whether a key is there.</summary>
    public bool Has(string key) => node.Children.ContainsKey(new YamlScalarNode(key));

    /// <summary>A text that must be there.</summary>
    public string Text(string key) => Scalar(Need(key), key);

    /// <summary>A text, or a default.</summary>
    public string Text(string key, string otherwise) => Has(key) ? Text(key) : otherwise;

    /// <summary>A text that must be there and may be empty.</summary>
    public string TextOrEmpty(string key) => Need(key) is YamlScalarNode { Value: "" } ? "" : Text(key);

    /// <summary>A whole number, or a default.</summary>
    public int Number(string key, int otherwise) =>
        !Has(key) ? otherwise
        : int.TryParse(Text(key), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw Wrong(key, $"'{Text(key)}' is not a whole number");

    /// <summary><c>true</c> or <c>false</c>, or a default.</summary>
    public bool Flag(string key, bool otherwise) =>
        !Has(key)
            ? otherwise
            : Text(key) switch
            {
                "true" => true,
                "false" => false,
                var other => throw Wrong(key, $"'{other}' is neither true nor false"),
            };

    /// <summary>One of a closed list of words.</summary>
    public T Word<T>(string key, IReadOnlyDictionary<string, T> words) =>
        words.TryGetValue(Text(key), out var value)
            ? value
            : throw Wrong(key, $"'{Text(key)}' is not one of {string.Join(", ", words.Keys)}");

    /// <summary>A list of texts that must be there and hold something.</summary>
    public IReadOnlyList<string> Texts(string key)
    {
        var texts = Need(key) is YamlSequenceNode items
            ? items.Select(item => Scalar(item, key)).ToArray()
            : throw Wrong(key, "a list is wanted");
        return texts.Length > 0 ? texts : throw Wrong(key, "the list is empty; leave the key out instead");
    }

    /// <summary>A list of texts; empty when the key is not there.</summary>
    public IReadOnlyList<string> TextsOrNone(string key) => Has(key) ? Texts(key) : [];

    /// <summary>Texts by name; empty when the key is not there.</summary>
    public IReadOnlyDictionary<string, string> Map(string key) =>
        Has(key)
            ? One(key, map => map.Keys().ToDictionary(name => name, map.Text, StringComparer.Ordinal))
            : new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>A nested mapping that must be there.</summary>
    public T One<T>(string key, Func<DataNode, T> read) => new DataNode(file, At(key), Need(key)).Closed(read);

    /// <summary>A list of mappings; empty when the key is not there.</summary>
    public IReadOnlyList<T> Each<T>(string key, Func<DataNode, T> read) =>
        !Has(key) ? []
        : Need(key) is YamlSequenceNode items
            ?
            [
                .. items.Select(
                    (item, index) =>
                        new DataNode(
                            file,
                            string.Create(CultureInfo.InvariantCulture, $"{At(key)}[{index}]"),
                            item
                        ).Closed(read)
                ),
            ]
        : throw Wrong(key, "a list is wanted");

    /// <summary>Mappings by name, in the order of the file; empty when the key is not there.</summary>
    public IReadOnlyList<T> Named<T>(string key, Func<string, DataNode, T> read) =>
        Has(key)
            ? One<IReadOnlyList<T>>(
                key,
                map => [.. map.Keys().Select(name => map.One(name, child => read(name, child)))]
            )
            : [];

    /// <summary>Mappings by name that have something in common: what stands under <paramref name="common"/> holds for each that does not say otherwise, and maps are joined.</summary>
    public IReadOnlyList<T> Named<T>(string key, string common, Func<string, DataNode, T> read)
    {
        if (!Has(common))
        {
            return Named(key, read);
        }

        var shared = Need(common) as YamlMappingNode ?? throw Wrong(common, "keys with values are wanted");
        return One<IReadOnlyList<T>>(
            key,
            map =>
                [
                    .. map.Keys()
                        .Select(name =>
                            new DataNode(file, map.At(name), Joined(shared, map.Need(name))).Closed(child =>
                                read(name, child)
                            )
                        ),
                ]
        );
    }

    /// <summary>The names of the keys, in the order of the file.</summary>
    public IReadOnlyList<string> Keys() => [.. node.Children.Keys.Select(key => Scalar(key, ""))];

    /// <summary>Whether the value of a key is a plain text and not a mapping or a list.</summary>
    public bool IsText(string key) => Need(key) is YamlScalarNode;

    /// <summary>A mistake at a key of this mapping.</summary>
    public CatalogueException Wrong(string key, string problem) => new(file, Shown(At(key)), problem);

    private T Closed<T>(Func<DataNode, T> reader)
    {
        var value = reader(this);
        var unknown = Keys().FirstOrDefault(key => !read.Contains(key));
        return unknown is null
            ? value
            : throw Wrong(unknown, $"unknown key; known here: {string.Join(", ", read.Order(StringComparer.Ordinal))}");
    }

    private YamlNode Need(string key)
    {
        read.Add(key);
        return node.Children.TryGetValue(new YamlScalarNode(key), out var value)
            ? value
            : throw Wrong(key, "is missing");
    }

    private static YamlNode Joined(YamlNode common, YamlNode own)
    {
        if (common is not YamlMappingNode shared || own is not YamlMappingNode special)
        {
            return own;
        }

        var joined = new YamlMappingNode();
        foreach (var (key, value) in shared.Children)
        {
            joined.Add(key, special.Children.TryGetValue(key, out var other) ? Joined(value, other) : value);
        }

        foreach (var (key, value) in special.Children.Where(pair => !shared.Children.ContainsKey(pair.Key)))
        {
            joined.Add(key, value);
        }

        return joined;
    }

    private string Scalar(YamlNode value, string key) =>
        value is YamlScalarNode { Value: { Length: > 0 } text } ? text : throw Wrong(key, "a text is wanted");

    private string At(string key) =>
        path.Length == 0 ? key
        : key.Length == 0 ? path
        : $"{path}.{key}";

    private static string Shown(string path) => path.Length == 0 ? "(file)" : path;
}
