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
    /// <summary>Nothing: only the shape of the file is checked.</summary>
    public static SettingsKnowledge None { get; } = new([], [], [], []);
}
