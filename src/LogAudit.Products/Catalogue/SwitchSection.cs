namespace LogAudit.Products;

/// <summary>Reads one entry of <c>switches:</c>, and <c>obstacles:</c>.</summary>
internal static class SwitchSection
{
    private static readonly (string Key, ObstacleAnswer Answer)[] Answers =
    [
        ("never", ObstacleAnswer.Never),
        ("waits", ObstacleAnswer.Waits),
        ("asks", ObstacleAnswer.Asks),
    ];

    /// <summary>Reads the entry of one kind of setting.</summary>
    public static SwitchShape Read(string kind, DataNode node)
    {
        ProductFile.Sourced(node);
        var off = State(node, "off");
        var read = node.One("read", Reads);
        var set = node.Has("set") ? node.One("set", CallSection.Call) : null;
        var oneWay = set is null ? node.Text("oneWay", "") : "it always has a state, and only another takes its place";
        return oneWay.Length > 0 != node.Has("switchOff")
            ? new SwitchShape(node.Text("kind", kind))
            {
                Id = node.Text("id", "{id}"),
                On = State(node, "on"),
                Off = off,
                Read = read,
                ReadAll = node.Has("readAll") ? node.One("readAll", Reads) : read,
                SwitchOn = set ?? node.One("switchOn", CallSection.Call),
                SwitchOff = node.Has("switchOff") ? node.One("switchOff", CallSection.Call) : null,
                SwitchOver = node.Has("switchOver") ? node.One("switchOver", CallSection.Call) : set,
                OneWay = oneWay,
                Waits = node.Flag("waits", otherwise: false),
                Why = node.Text("why", ""),
                WhyPartly = node.Text("whyPartly", ""),
            }
            : throw node.Wrong("oneWay", "tells why there is no switchOff, so exactly one of the two is wanted");

        SwitchRead Reads(DataNode reads) => SwitchSection.Reads(reads) with { Off = off };
    }

    /// <summary>Reads an obstacle.</summary>
    public static Obstacle Obstacle(DataNode node)
    {
        ProductFile.Sourced(node);
        var (key, answer) = Answers.Where(one => node.Has(one.Key)).ToArray() is [var only]
            ? only
            : throw node.Wrong("never", $"one of {string.Join(", ", Answers.Select(one => one.Key))} is wanted");
        return new Obstacle(Words(node, "when"), Words(node, "unless"), answer, node.Text(key))
        {
            Kinds = node.TextsOrNone("for"),
            Step = answer == ObstacleAnswer.Asks ? node.Text("step") : "",
        };
    }

    private static SwitchRead Reads(DataNode node)
    {
        var state = CallSection.Readings(node, "state");
        // What stands in a JSON text is written back into it by its name, in the word that was read.
        if (node.Has("inside") && state.Values.Any(one => one.Words.Count > 0 || one.At.AsSpan().ContainsAny(".[")))
        {
            throw node.Wrong(
                "inside",
                "the members of such a state are read by a name alone, and in the service's words"
            );
        }

        return new(CallSection.Call(node), state)
        {
            Inside = node.Text("inside", ""),
            Paging = node.Has("rows") ? ListSection.Paging(node) : null,
            Row = node.Text("row", ""),
            ById = node.Has("byId") ? node.One("byId", CallSection.ById) : null,
        };
    }

    private static SettingState? State(DataNode node, string key) =>
        node.Has(key)
            ? node.One(
                key,
                map => new SettingState(map.Keys().Select(name => KeyValuePair.Create(name, map.TextOrEmpty(name))))
            )
            : null;

    private static Dictionary<string, IReadOnlyList<string>> Words(DataNode node, string key) =>
        node.Has(key)
            ? node.One(key, map => map.Keys().ToDictionary(name => name, map.Texts, StringComparer.Ordinal))
            : new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
}
