using System.Reflection;

namespace LogAudit.Products;

/// <summary>Reads a product's data files: <c>X.product.yaml</c> and, where there is one, <c>X.dashboards.yaml</c>.</summary>
/// <remarks>Read as a node tree, one product at a time, when somebody asks for it. A key that is not known, a group without its <c>source</c>
/// and a word that is not allowed fail the load with the file and the key.</remarks>
internal static class ProductFile
{
    private static readonly Dictionary<string, ChangeEffect> Effects = new(StringComparer.Ordinal)
    {
        ["created"] = ChangeEffect.Created,
        ["changed"] = ChangeEffect.Changed,
        ["deleted"] = ChangeEffect.Deleted,
    };

    /// <summary>Loads the embedded files of a product; its dashboards only when somebody looks at them.</summary>
    /// <param name="name">File name without extension, the product code in Pascal case: <c>Slb</c>.</param>
    public static ProductFacts Load(string name) =>
        Parse(
            $"{name}.product.yaml",
            Embedded($"{name}.product.yaml") ?? throw Missing(name),
            $"{name}.dashboards.yaml",
            () => Embedded($"{name}.dashboards.yaml")
        );

    /// <summary>Reads a product from the text of its files.</summary>
    public static ProductFacts Parse(string file, string text, string boardsFile, Func<string?> boardsText)
    {
        var boards = new LateList<(string Log, DashboardSpec Board)>(() =>
            boardsText() is { } found ? DataNode.ReadFile(boardsFile, found, DashboardFile.Read) : []
        );
        return DataNode.ReadFile(file, text, root => Product(root, boards));
    }

    private static ProductFacts Product(DataNode root, IReadOnlyList<(string Log, DashboardSpec Board)> boards)
    {
        Sourced(root);
        var code = root.Text("product");
        var offered = root.One("regions", node => Sourced(node).Texts("ids"));
        var lists = root.Named("lists", (name, node) => (Name: name, Call: ListSection.Read(node)))
            .ToDictionary(list => list.Name, list => list.Call, StringComparer.Ordinal);
        var events = root.Each("changeEvents", Events);
        var ram = root.One("ram", node => Sourced(node).Each("actions", Ram));
        var kinds = root.Named(
            "logs",
            "everyLog",
            (name, node) => LogKindSection.Read(code, name, node, offered, boards)
        );
        return new ProductFacts
        {
            Spec = new ProductSpec
            {
                Code = code,
                Title = root.Text("title"),
                LogKinds = [.. kinds.Select(kind => kind.Kind)],
                ChangeEvents = [.. events.SelectMany(group => group.Events)],
                RamActions = [.. ram.Select(action => action.Action)],
                BySite = root.Flag("bySite", otherwise: false),
                ListsPerRegion = root.Flag("listsPerRegion", otherwise: true),
                Variables =
                [
                    .. kinds
                        .SelectMany(kind => kind.Variables)
                        .GroupBy(variable => variable.Name, StringComparer.Ordinal)
                        .Select(same => Shared(root, [.. same])),
                    .. root.Named("variables", (name, node) => VariableSection.Own(code, name, node)),
                ],
                Prerequisites = root.Each("prerequisites", Prerequisite),
                Gaps = root.TextsOrNone("gaps"),
                Assumed =
                [
                    .. root.TextsOrNone("assumed"),
                    .. events.SelectMany(group => group.Assumed),
                    .. ram.SelectMany(action => action.Assumed),
                ],
            },
            Lists = lists,
            Switches = root.Named("switches", SwitchSection.Read),
            Delivery = root.Has("delivery") ? root.One("delivery", node => DeliverySection.Read(node, lists)) : null,
            Obstacles = root.Each("obstacles", SwitchSection.Obstacle),
            Errors = root.One("errors", Errors),
            Words = root.Named("words", (name, node) => (Name: name, Texts: Sourced(node).Texts("are")))
                .ToDictionary(words => words.Name, words => words.Texts, StringComparer.Ordinal),
        };
    }

    /// <summary>A group of facts names where it was read.</summary>
    public static DataNode Sourced(DataNode node)
    {
        _ = node.Text("source");
        return node;
    }

    // A variable that several kinds name (one retention for a shared Logstore) belongs to the whole product.
    private static CollectVariable Shared(DataNode root, IReadOnlyList<CollectVariable> same) =>
        same.Count == 1 ? same[0]
        : same.Select(variable => variable with { LogKind = "" }).Distinct().ToArray() is [var shared] ? shared
        : throw root.Wrong("logs", $"the kinds that share the variable {same[0].Name} disagree about it");

    private static Prerequisite Prerequisite(DataNode node) =>
        new(Sourced(node).Text("text"), node.Text("step", ""))
        {
            Needs = node.Map("needs").ToArray() switch
            {
                [] => null,
                [var (property, yes)] when node.Has("step") => (property, yes),
                _ => throw node.Wrong(
                    "needs",
                    "one property with its value is wanted, and a step for a person beside it"
                ),
            },
        };

    private static (ChangeEvent[] Events, IReadOnlyList<string> Assumed) Events(DataNode node)
    {
        Sourced(node);
        var service = node.Text("service");
        var effect = node.Word("effect", Effects);
        var ids = node.TextsOrNone("id");
        var gap = node.Text("gap", "");
        var names = node.Texts("names");
        return (
            [.. names.Select(name => new ChangeEvent(service, name, effect, ids) { Gap = gap })],
            Assumed(node, $"Events {string.Join(", ", names)}")
        );
    }

    private static (RamAction Action, IReadOnlyList<string> Assumed) Ram(DataNode node)
    {
        var name = node.Text("action");
        var assumed = Assumed(node, $"RAM action {name}");
        return (
            new RamAction(
                name,
                node.Text("call"),
                node.Text("resource"),
                node.Flag("writes", otherwise: false),
                assumed.Count > 0
            )
            {
                Conditions = node.Map("when"),
                UndoOnly = node.Flag("undo", otherwise: false),
                OnlyFor = node.TextsOrNone("for"),
            },
            assumed
        );
    }

    /// <summary>What is inferred about a fact, for <c>explain</c>.</summary>
    private static IReadOnlyList<string> Assumed(DataNode node, string what) =>
        node.Text("assumed", "") is { Length: > 0 } why ? [$"{what}: {why}"] : [];

    private static ErrorTable Errors(DataNode node)
    {
        Sourced(node);
        return new ErrorTable(
            node.TextsOrNone("alreadyOn"),
            node.TextsOrNone("alreadyOnTexts"),
            node.TextsOrNone("notReady"),
            node.TextsOrNone("notSupported"),
            node.TextsOrNone("gone"),
            node.TextsOrNone("later"),
            node.TextsOrNone("notBought")
        );
    }

    /// <summary>The data file of a product as it stands, UTF-8.</summary>
    public static byte[] Bytes(string name)
    {
        using var stream =
            Assembly.GetExecutingAssembly().GetManifestResourceStream($"{name}.product.yaml") ?? throw Missing(name);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static CatalogueException Missing(string name) => new($"{name}.product.yaml", "(file)", "is not embedded");

    /// <summary>Text of an embedded file; null when there is none of this name.</summary>
    internal static string? Embedded(string file)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(file);
        if (stream is null)
        {
            return null;
        }

        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
