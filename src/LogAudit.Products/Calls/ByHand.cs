namespace LogAudit.Products;

/// <summary>What observing says of a log that no call of the product can switch.</summary>
internal static class ByHand
{
    /// <summary>Off, with what a person must do, for a log that is switched by hand; nothing in the way for one that a policy or a poll collects.</summary>
    public static Observation StateOf(LogKind kind, ResourceRef resource) =>
        kind.Route == Routes.Manual ? Off(kind, resource) : new Observation.Enabled();

    /// <summary>Off, with the steps of the data file.</summary>
    public static Observation.Disabled Off(LogKind kind, ResourceRef resource) =>
        Off(kind, $"no call switches the {kind.Name} log of {resource.Id}") with
        {
            RecordsTell = true,
        };

    /// <summary>Off for a reason, with the steps of the data file.</summary>
    public static Observation.Disabled Off(LogKind kind, string why) =>
        new(why) { Todo = $"{string.Join("; then ", kind.Steps)}{Otherwise(kind)}" };

    private static string Otherwise(LogKind kind) =>
        kind.Policy is not null || kind.PolicyCodesVariable.Length == 0
            ? ""
            : $"; or look up the codes of its collection policy and set {kind.PolicyCodesVariable} under collect:";
}
