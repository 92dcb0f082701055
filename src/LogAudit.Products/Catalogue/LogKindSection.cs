namespace LogAudit.Products;

/// <summary>Reads one entry of <c>logs:</c>: a log kind, how it is collected, where it goes and what its records hold.</summary>
internal static class LogKindSection
{
    private static readonly Dictionary<string, Routes> RouteWords = new(StringComparer.Ordinal)
    {
        ["policy"] = Routes.Policy,
        ["switch"] = Routes.Switch,
        ["delivery"] = Routes.Delivery,
        ["poll"] = Routes.Poll,
    };

    /// <summary>Reads the entry; <c>regions</c> of the kind narrows those of the product.</summary>
    public static (LogKind Kind, IReadOnlyList<CollectVariable> Variables) Read(
        string product,
        string name,
        DataNode node,
        IReadOnlyList<string> offered,
        IReadOnlyList<(string Log, DashboardSpec Board)> boards
    )
    {
        ProductFile.Sourced(node);
        var (poll, pollAssumed) = node.Has("poll") ? node.One("poll", PollSection.Read) : (null, []);
        var isMetrics = node.Flag("metricstore", otherwise: false);
        var records = isMetrics
            ? RecordSection.Samples
            : node.One("records", record => RecordSection.Read(product, record, polled: poll is not null));
        var codes = node.Has("policy") ? node.One("policy", Policy) : (Known: null, Variable: null, Assumed: []);
        var variables = node.One("variables", set => VariableSection.Read(product, name, set, codes.Variable));
        var kind = new LogKind
        {
            Product = product,
            Name = name,
            About = node.Text("about"),
            Route = Route(node),
            Policy = codes.Known,
            PolicyCodesVariable = codes.Variable ?? "",
            RegionalFirst = node.Flag("regionalFirst", otherwise: false),
            LandsInVariable = variables.Projects,
            LandsIn = node.TextsOrNone("landsIn"),
            Carry = node.Text("carry", "*"),
            MakesLogstore = node.Flag("makesLogstore", otherwise: false),
            CopyLogstore = variables.CopyLogstore,
            CopyVariable = variables.Copy,
            ServesOrganisation = node.Flag("servesOrganisation", otherwise: false),
            Metricstore = isMetrics,
            Poll = poll,
            Ended = node.Text("ended", ""),
            ResourceField = node.Text("resourceField", ""),
            Steps = node.TextsOrNone("steps"),
            Logstore = node.Text("logstore"),
            ToldBy = node.Text("toldBy", ""),
            Topics = isMetrics ? [] : node.Texts("topics"),
            Regions = [.. (node.Has("regions") ? node.Texts("regions") : offered).Select(id => new RegionId(id))],
            EnabledVariable = variables.Enabled,
            TtlVariable = variables.Ttl,
            RegionalTtlVariable = variables.RegionalTtl,
            OwnTtlVariable = variables.OwnTtl,
            PolicyVariable = variables.Policy,
            RegionalTtlDays = variables.RegionalDays,
            Fields = records.Fields,
            Mapping = records.Mapping,
            Dashboards = new LateList<DashboardSpec>(() =>
                [.. boards.Where(board => board.Log.Same(name)).Select(board => board.Board)]
            ),
            Assumed = [.. node.TextsOrNone("assumed"), .. codes.Assumed, .. pollAssumed],
        };

        foreach (var (route, section) in ((Routes, string)[])[(Routes.Policy, "policy"), (Routes.Poll, "poll")])
        {
            if (kind.Route.HasFlag(route) != node.Has(section))
            {
                throw node.Wrong(section, $"stands here exactly when the route names {section}");
            }
        }

        return (kind, variables.All);
    }

    private static Routes Route(DataNode node)
    {
        if (node.IsText("route"))
        {
            return node.Text("route") is "manual"
                ? Routes.Manual
                : throw node.Wrong("route", $"is 'manual' or a list of {string.Join(", ", RouteWords.Keys)}");
        }

        return node.Texts("route")
            .Aggregate(
                Routes.Manual,
                (route, word) =>
                    RouteWords.TryGetValue(word, out var flag)
                        ? route | flag
                        : throw node.Wrong("route", $"'{word}' is not one of {string.Join(", ", RouteWords.Keys)}")
            );
    }

    // Where the codes are not known here they are the settings' to give: `setting` names the variable.
    private static (PolicyCodes? Known, string? Variable, IReadOnlyList<string> Assumed) Policy(DataNode node)
    {
        var variable = node.Has("setting") ? node.Text("setting") : null;
        var why = node.Text("assumed", "");
        IReadOnlyList<string> assumed = why.Length == 0 ? [] : [$"Collection policy codes: {why}"];
        if (variable is not null && !node.Has("product"))
        {
            return (null, variable, assumed);
        }

        var mode = node.Text("mode", "");
        return mode is "" or "attributeMode"
            ? (
                new PolicyCodes(node.Text("product"), node.Text("data"), why.Length > 0)
                {
                    OnlyMode = mode,
                    NeedsDataRegion = node.Flag("dataRegion", otherwise: false),
                },
                variable,
                assumed
            )
            : throw node.Wrong("mode", $"'{mode}' is not attributeMode, the only mode that a service insists on");
    }
}
