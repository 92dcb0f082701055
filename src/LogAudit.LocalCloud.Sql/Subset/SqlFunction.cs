namespace LogAudit.LocalCloud.Sql.Subset;

/// <summary>A function of the service and how the engine says it.</summary>
/// <param name="Name">In lower case.</param>
/// <param name="Parameters">
/// Kinds, separated by blanks: the types <c>varchar bigint boolean json array</c>; <c>double</c> (bigint widens); <c>number</c> (bigint or double as it is);
/// <c>any</c>; <c>time</c> (timestamp, or Unix seconds); <c>clock</c> (the same, or a text of a time); constants <c>unit format path group</c>.
/// </param>
/// <param name="Result">Type, or <c>first</c> for the type of the first parameter.</param>
/// <param name="Engine">Expression of the engine; <c>{n}</c> stands for an argument.</param>
internal sealed record SqlFunction(string Name, string Parameters, string Result, string Engine)
{
    public bool IsAggregate { get; init; }

    public IReadOnlyList<string> Kinds { get; } = Parameters.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    public override string ToString() => $"{Name}({string.Join(", ", Kinds)})";
}
