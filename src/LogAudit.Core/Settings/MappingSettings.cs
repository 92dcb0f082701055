namespace LogAudit;

/// <summary>A user's mapping of the fields of one log kind, laid over that of the product's data file.</summary>
public sealed record MappingSettings
{
    /// <summary>Product code, for example <c>slb</c>.</summary>
    public required string Product { get; init; }

    /// <summary>Name of the log kind, for example <c>access</c>.</summary>
    public required string LogKind { get; init; }

    /// <summary>Fields of the log that the user speaks of. They lose the ECS names that the data file gives them; those without a name in <see cref="Fields"/> stay under their own.</summary>
    public required IReadOnlyList<string> Sources { get; init; }

    /// <summary>The user's mappings, tried before those of the data file.</summary>
    public required IReadOnlyList<FieldMapping> Fields { get; init; }

    /// <summary>Line of the settings file at which it begins, for messages.</summary>
    public int Line { get; init; }

    /// <summary>The mapping of the data file with the user's laid over it.</summary>
    public RecordMapping Over(RecordMapping mapping)
    {
        var spoken = Sources.Select(source => PathIn(mapping, source)).ToHashSet(StringComparer.Ordinal);
        return mapping with
        {
            Fields = [.. Fields, .. mapping.Fields.Where(field => !spoken.Contains(PathIn(mapping, field.Source)))],
        };
    }

    // Both may be written with or without the name of the JSON field in front.
    private static string PathIn(RecordMapping mapping, string source) =>
        mapping.JsonField.Length > 0 && source.StartsWith($"{mapping.JsonField}.", StringComparison.Ordinal)
            ? source[(mapping.JsonField.Length + 1)..]
            : source;
}
