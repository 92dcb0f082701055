namespace LogAudit.Forwarding;

/// <summary>The user's mappings, laid over those of the product files.</summary>
/// <param name="mappings">Section <c>mappings</c> of the settings.</param>
/// <param name="file">Name of the settings file, for messages.</param>
public sealed class UserMappings(IReadOnlyList<MappingSettings> mappings, string file)
{
    /// <summary>Finds what only the product files can tell: two ECS names of which one would have to be a value and an object at once. Empty when all is well.</summary>
    /// <param name="mappings">Section <c>mappings</c> of the settings.</param>
    /// <param name="kindsOf">The log kinds of a product.</param>
    public static IReadOnlyList<SettingsError> Check(
        IReadOnlyList<MappingSettings> mappings,
        Func<string, IReadOnlyList<LogKind>> kindsOf
    )
    {
        var errors = new List<SettingsError>();
        foreach (var mapping in mappings)
        {
            if (kindsOf(mapping.Product).FirstOrDefault(kind => IsFor(mapping, kind)) is { } kind)
            {
                Compile(kind, mapping, errors);
            }
        }

        return errors;
    }

    /// <summary>Compiles the mapping of a log kind.</summary>
    /// <exception cref="SettingsException">The user's mapping does not go with that of the product file.</exception>
    internal CompiledMapping Compile(LogKind kind)
    {
        if (mappings.FirstOrDefault(mapping => IsFor(mapping, kind)) is not { } users)
        {
            return new CompiledMapping(kind.Product, kind.Name, kind.Mapping);
        }

        var errors = new List<SettingsError>();
        return Compile(kind, users, errors) ?? throw new SettingsException(file, errors);
    }

    private static CompiledMapping? Compile(LogKind kind, MappingSettings users, List<SettingsError> errors)
    {
        try
        {
            return new CompiledMapping(kind.Product, kind.Name, users.Over(kind.Mapping));
        }
        catch (FormatException problem)
        {
            errors.Add(
                new SettingsError(
                    $"mappings.{users.Product}.{users.LogKind}",
                    users.Line,
                    problem.Message,
                    "ECS names of which none is the beginning of another, those of the product file included",
                    "upstream_status: labels.upstream_status"
                )
            );
            return null;
        }
    }

    private static bool IsFor(MappingSettings mapping, LogKind kind) =>
        string.Equals(mapping.Product, kind.Product, StringComparison.Ordinal)
        && string.Equals(mapping.LogKind, kind.Name, StringComparison.Ordinal);
}
