namespace LogAudit.Products;

/// <summary>Reads <c>delivery:</c>.</summary>
internal static class DeliverySection
{
    /// <summary>Reads the section.</summary>
    public static DeliveryShape Read(DataNode node, IReadOnlyDictionary<string, ListCall> lists)
    {
        ProductFile.Sourced(node);
        var state = CallSection.Readings(node, "state");
        return new DeliveryShape(node.Text("kind"), node.Text("name"), node.Word("list", lists), state)
        {
            At = node.One("at", Parts),
            Wanted = OfState("wanted", node.Map("wanted"), wanted => wanted.Keys),
            Serves = OfState("serves", node.TextsOrNone("serves"), serves => serves),
            Fixed = OfState("fixed", node.TextsOrNone("fixed"), @fixed => @fixed),
            Status = OfState("status", node.One("status", Status), status => [status.Member]),
            None = node.Text("none", ""),
            Misfit = node.Text("misfit", ""),
            Create = node.One("create", CallSection.Call),
            Change = node.One("change", CallSection.Call),
            Delete = node.One("delete", CallSection.Call),
            Start = CallOrNone(node, "start"),
            // What can be started can be stopped.
            Stop = node.Has("start") ? node.One("stop", CallSection.Call) : null,
            Tell = CallOrNone(node, "tell"),
        };

        T OfState<T>(string key, T value, Func<T, IEnumerable<string>> members) =>
            members(value).FirstOrDefault(member => !state.ContainsKey(member)) is { } stranger
                ? throw node.Wrong(key, $"'{stranger}' is no member of the state: {string.Join(", ", state.Keys)}")
                : value;
    }

    private static CallShape? CallOrNone(DataNode node, string key) =>
        node.Has(key) ? node.One(key, CallSection.Call) : null;

    private static DeliveryParts Parts(DataNode node) =>
        new(node.Text("id"), node.Text("name"), node.Text("owner"), node.Text("region", ""), node.Text("error", ""));

    private static DeliveryStatus Status(DataNode node) =>
        new(node.Text("member"), node.Text("on"), node.Text("off"))
        {
            Coming = node.Map("coming"),
            Gone = node.TextsOrNone("gone"),
            RestsAtEnds = node.Flag("restsAtEnds", otherwise: false),
        };
}
