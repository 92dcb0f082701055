namespace LogAudit.Products;

/// <summary>Reads <c>records:</c> of a log kind: every documented field with its index type and either the ECS names it becomes or a place under <c>unmapped</c>.</summary>
internal static class RecordSection
{
    private static readonly string[] Types = ["text", "long", "double", "json"];

    /// <summary>What a sample of a Metricstore holds; it has no index of ours and becomes no event.</summary>
    /// <remarks>Source: SLS, Metricstore: a sample is a log with exactly these four keys.</remarks>
    public static (IReadOnlyList<IndexField> Fields, RecordMapping Mapping) Samples { get; } =
        (
            [
                new IndexField("__name__", "text"),
                new IndexField("__labels__", "text"),
                new IndexField("__time_nano__", "long"),
                new IndexField("__value__", "double"),
            ],
            new RecordMapping
            {
                Dataset = "aliyun.metrics",
                Category = "host",
                Fields = [],
            }
        );

    /// <summary>Reads the section; <c>like</c> adds the fields of a shared file. With <c>json</c> the field names are paths inside that field, and the index knows them as <c>json.path</c>.</summary>
    /// <param name="product">Product code.</param>
    /// <param name="node">The section.</param>
    /// <param name="polled">Whether the records are read by API and carry an id that was made of their members.</param>
    public static (IReadOnlyList<IndexField> Fields, RecordMapping Mapping) Read(
        string product,
        DataNode node,
        bool polled
    )
    {
        ProductFile.Sourced(node);
        var json = node.Text("json", "");
        var prefix = json.Length == 0 ? "" : $"{json}.";
        var (mapped, unmapped) = Fields(node, prefix);
        if (node.Has("like"))
        {
            var (file, shared) = Shared(node);
            var (alsoMapped, alsoUnmapped) = DataNode.ReadFile(
                file,
                shared,
                like => Fields(ProductFile.Sourced(like), prefix)
            );
            (mapped, unmapped) = ([.. mapped, .. alsoMapped], [.. unmapped, .. alsoUnmapped]);
        }

        var mapping = new RecordMapping
        {
            Dataset = node.Text("dataset", $"aliyun.{product}"),
            Category = node.Text("category"),
            Outcome = node.Text("outcome", ""),
            OcsfClass = node.Number("ocsf", 0),
            JsonField = json,
            IdField = node.Text("id", polled ? PollRecord.IdField : ""),
            Fields = [.. mapped.SelectMany(field => field.Mappings)],
        };
        var id = polled ? [new IndexField(PollRecord.IdField, "text")] : Array.Empty<IndexField>();
        return ([.. mapped.Select(field => field.Index), .. unmapped, .. id], mapping);
    }

    private static (IReadOnlyList<MappedField> Mapped, IReadOnlyList<IndexField> Unmapped) Fields(
        DataNode node,
        string prefix
    ) =>
        (
            node.Named("fields", (name, field) => Field(prefix, name, field)),
            node.Has("unmapped")
                ? node.One(
                    "unmapped",
                    map => map.Keys().Select(name => new IndexField(prefix + name, Type(map, name))).ToArray()
                )
                : []
        );

    /// <summary>Fields that several products write alike stand in a file of their own, <c>X.records.yaml</c>.</summary>
    private static (string File, string Text) Shared(DataNode node)
    {
        var file = $"{node.Text("like")}.records.yaml";
        return (file, ProductFile.Embedded(file) ?? throw node.Wrong("like", $"{file} is not embedded"));
    }

    private static MappedField Field(string prefix, string name, DataNode node)
    {
        IReadOnlyList<FieldMapping> mappings = node.IsText("to")
            ? [new FieldMapping(name, node.Text("to"), FieldConversion.Text)]
            : node.One<IReadOnlyList<FieldMapping>>(
                "to",
                to =>
                    [
                        .. to.Keys()
                            .Select(target => new FieldMapping(name, target, to.Word(target, FieldConversions.ByWord))),
                    ]
            );
        return new(new IndexField(prefix + name, Type(node, "type")), mappings);
    }

    private static string Type(DataNode node, string key)
    {
        var type = node.Text(key);
        return Types.Contains(type, StringComparer.Ordinal)
            ? type
            : throw node.Wrong(key, $"'{type}' is not one of {string.Join(", ", Types)}");
    }

    private sealed record MappedField(IndexField Index, IReadOnlyList<FieldMapping> Mappings);
}
