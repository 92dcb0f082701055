namespace LogAudit.Products;

/// <summary>Reads <c>records:</c> of a log kind: every documented field with its index type and either the ECS names it becomes or a place under <c>unmapped</c>.</summary>
internal static class RecordSection
{
    private static readonly string[] Types = ["text", "long", "double", "json"];

    private static readonly Dictionary<string, FieldConversion> Conversions = Enum.GetValues<FieldConversion>()
        .ToDictionary(Word, StringComparer.Ordinal);

    /// <summary>Reads the section. With <c>json</c> the field names are paths inside that field, and the index knows them as <c>json.path</c>.</summary>
    public static (IReadOnlyList<IndexField> Fields, RecordMapping Mapping) Read(string product, DataNode node)
    {
        ProductFile.Sourced(node);
        var json = node.Text("json", "");
        var prefix = json.Length == 0 ? "" : $"{json}.";
        var mapped = node.Named("fields", (name, field) => Field(prefix, name, field));
        var unmapped = node.Has("unmapped")
            ? node.One(
                "unmapped",
                map => map.Keys().Select(name => new IndexField(prefix + name, Type(map, name))).ToArray()
            )
            : [];

        var mapping = new RecordMapping
        {
            Dataset = node.Text("dataset", $"aliyun.{product}"),
            Category = node.Text("category"),
            OcsfClass = node.Number("ocsf", 0),
            JsonField = json,
            IdField = node.Text("id", ""),
            Fields = [.. mapped.SelectMany(field => field.Mappings)],
        };
        return ([.. mapped.Select(field => field.Index), .. unmapped], mapping);
    }

    private static (IndexField Index, IReadOnlyList<FieldMapping> Mappings) Field(
        string prefix,
        string name,
        DataNode node
    )
    {
        IReadOnlyList<FieldMapping> mappings = node.IsText("to")
            ? [new FieldMapping(name, node.Text("to"), FieldConversion.Text)]
            : node.One<IReadOnlyList<FieldMapping>>(
                "to",
                to => [.. to.Keys().Select(target => new FieldMapping(name, target, to.Word(target, Conversions)))]
            );
        return (new IndexField(prefix + name, Type(node, "type")), mappings);
    }

    private static string Type(DataNode node, string key)
    {
        var type = node.Text(key);
        return Types.Contains(type, StringComparer.Ordinal)
            ? type
            : throw node.Wrong(key, $"'{type}' is not one of {string.Join(", ", Types)}");
    }

    private static string Word(FieldConversion conversion)
    {
        var name = conversion.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }
}
