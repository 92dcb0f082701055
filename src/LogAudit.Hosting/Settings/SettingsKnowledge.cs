namespace LogAudit.Hosting;

/// <summary>What the libraries know and a settings file may name. An empty list is not checked against.</summary>
/// <param name="Variables">Keys under <c>collect:</c>.</param>
/// <param name="Products">Product codes.</param>
/// <param name="Sinks">Names of sinks.</param>
/// <param name="Formats">Names of formats.</param>
public sealed record SettingsKnowledge(
    IReadOnlyList<CollectVariable> Variables,
    IReadOnlyList<string> Products,
    IReadOnlyList<string> Sinks,
    IReadOnlyList<string> Formats
)
{
    /// <summary>Finds one key under <c>collect:</c>; the list is then looked at only to tell somebody what there is. Default: looks in the list.</summary>
    public Func<string, CollectVariable?>? VariableByName { get; init; }

    /// <summary>Names of the log kinds of a product; null when they are not checked against.</summary>
    public Func<string, IReadOnlyList<string>>? KindsOf { get; init; }

    /// <summary>Whether keys under <c>collect:</c> are checked.</summary>
    public bool ChecksVariables => VariableByName is not null || Variables.Count > 0;

    /// <summary>A key that may stand under <c>collect:</c>; null when nobody knows it.</summary>
    public CollectVariable? FindVariable(string name) =>
        VariableByName is { } find
            ? find(name)
            : Variables.FirstOrDefault(variable => string.Equals(variable.Name, name, StringComparison.Ordinal));

    /// <summary>Nothing: only the shape of the file is checked.</summary>
    public static SettingsKnowledge None { get; } = new([], [], [], []);
}
