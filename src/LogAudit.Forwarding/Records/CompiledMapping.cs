using System.Runtime.InteropServices;
using System.Text;

namespace LogAudit.Forwarding;

/// <summary>A <see cref="RecordMapping"/> made ready for the hot path: names hashed, targets in writing order, conversions resolved. Built once per log kind.</summary>
public sealed class CompiledMapping
{
    /// <summary>ECS version that the records name.</summary>
    public const string EcsVersion = "8.17.0";

    /// <summary>ECS <c>cloud.provider</c>. The value of the OpenTelemetry conventions; Elastic's own tools differ among themselves.</summary>
    public const string CloudProvider = "alibaba_cloud";

    private const string ProductMember = "aliyun.product";
    private const string KindMember = "aliyun.kind";
    internal const string PlaceMember = "aliyun.sls";

    // Members that the record itself fills; a field mapped to one of them stays under its source name.
    private static readonly string[] Reserved =
    [
        "ecs.version",
        "event.id",
        "event.kind",
        "event.category",
        "event.dataset",
        "event.module",
        "event.ingested",
        "cloud.provider",
        ProductMember,
        KindMember,
        PlaceMember,
    ];

    private readonly Dictionary<string, string> constants = new(StringComparer.Ordinal);
    private readonly string[] targetNames;

    /// <summary>Compiles.</summary>
    /// <param name="product">Product code.</param>
    /// <param name="kind">Name of the log kind.</param>
    /// <param name="mapping">The mapping of the product's data file.</param>
    /// <exception cref="FormatException">Two mappings exclude each other; the message names the log kind and the ECS name.</exception>
    public CompiledMapping(string product, string kind, RecordMapping mapping)
    {
        (Product, LogKind, Dataset, OcsfClass) = (product, kind, mapping.Dataset, mapping.OcsfClass);
        ProductName = Encoding.UTF8.GetBytes(product);
        KindName = Encoding.UTF8.GetBytes(kind);
        var messageId = Dataset.StartsWith("aliyun.", StringComparison.Ordinal) ? Dataset["aliyun.".Length..] : Dataset;
        MessageId = Encoding.ASCII.GetBytes(messageId[..Math.Min(messageId.Length, 32)]);
        JsonField = Encoding.UTF8.GetBytes(mapping.JsonField);
        var sources = new List<string>();
        var targets = new List<Target>();
        var idSource = PathOf(mapping.IdField, mapping.JsonField);
        IdSource = idSource.Length == 0 ? -1 : SourceNumber(sources, idSource);
        var tree = Header(mapping);
        try
        {
            foreach (var field in mapping.Fields)
            {
                AddField(field, mapping, sources, targets, tree);
            }

            tree.Add(ProductMember, LeafKind.Constant, Json(product));
            tree.Add(KindMember, LeafKind.Constant, Json(kind));
            tree.Add(PlaceMember, LeafKind.Place);
            tree.Add(RestMember(product), LeafKind.Rest);
        }
        catch (FormatException problem)
        {
            throw new FormatException($"Mapping of {product} {kind}: {problem.Message}", problem);
        }

        tree.Freeze();
        (Shape, Targets) = (new RecordShape(tree), [.. targets]);
        targetNames = [.. targets.Select(target => target.Name)];
        Steps =
        [
            .. targets.SelectMany(
                (target, number) =>
                    target.Slots.Select(
                        (slot, at) => new Step(number, (byte)(at + 1), slot.Source, slot.Convert, target)
                    )
            ),
        ];
        SourceNames = [.. sources.Select(Encoding.UTF8.GetBytes)];
        WantsJson =
        [
            .. sources.Select(
                (_, number) =>
                    targets.Exists(target =>
                        Array.Exists(
                            target.Slots,
                            slot => slot.Source == number && slot.Convert == FieldConversion.Json
                        )
                    )
            ),
        ];
        Paths = new PathNode(sources);
        (AccountTarget, RegionTarget) = (TargetNumber("cloud.account.id"), TargetNumber("cloud.region"));
        (ActionTarget, OutcomeTarget) = (TargetNumber("event.action"), TargetNumber("event.outcome"));
    }

    /// <summary>Product code.</summary>
    public string Product { get; }

    /// <summary>Name of the log kind.</summary>
    public string LogKind { get; }

    /// <summary>ECS <c>event.dataset</c>.</summary>
    public string Dataset { get; }

    /// <summary>OCSF class uid; 0 for none.</summary>
    public int OcsfClass { get; }

    /// <summary>The product code as bytes.</summary>
    internal byte[] ProductName { get; }

    /// <summary>The name of the log kind as bytes.</summary>
    internal byte[] KindName { get; }

    /// <summary>The data set without <c>aliyun.</c>, at most 32 characters: MSGID of syslog.</summary>
    internal byte[] MessageId { get; }

    internal byte[] JsonField { get; }

    internal int IdSource { get; }

    /// <summary>ECS names whose values are the same in every record.</summary>
    internal IReadOnlyDictionary<string, string> Constants => constants;

    /// <summary>Names of the sources, by number.</summary>
    internal byte[][] SourceNames { get; }

    /// <summary>Whether a source may be an object or a list, by number.</summary>
    internal bool[] WantsJson { get; }

    internal PathNode Paths { get; }

    /// <summary>Members of the record by ECS names.</summary>
    internal RecordShape Shape { get; }

    internal Target[] Targets { get; }

    /// <summary>What is tried to fill the targets, in order: each target's sources one behind the other.</summary>
    internal Step[] Steps { get; }

    internal int AccountTarget { get; }

    internal int RegionTarget { get; }

    internal int ActionTarget { get; }

    internal int OutcomeTarget { get; }

    /// <summary>The number of an ECS name for <see cref="AuditRecord.TryGet"/>; -1 when the mapping has no such name. Ask once, not per record.</summary>
    public int TargetNumber(string ecsName) => Array.IndexOf(targetNames, ecsName);

    /// <summary>The path of a source as its number is asked for: without the name of the JSON field in front.</summary>
    internal string SourcePath(string source) => PathOf(source, Encoding.UTF8.GetString(JsonField));

    /// <summary>The number of a source by its path; -1 when the mapping does not read it. Ask once, not per record.</summary>
    internal int SourceNumber(string path) =>
        Array.FindIndex(SourceNames, name => name.AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(path)));

    /// <summary>Paths of every source behind a name, which may be an ECS name, the name of an ECS object, or a source's own.</summary>
    internal IEnumerable<string> SourcesOf(string name)
    {
        var ecs = name switch
        {
            "account.id" => "cloud.account.id",
            "region" => "cloud.region",
            _ => name,
        };
        return Targets
            .Where((target, number) => target.IsOrIsIn(ecs) || number == AddressTarget(ecs))
            .SelectMany(target => target.Slots.Select(slot => Encoding.UTF8.GetString(SourceNames[slot.Source])))
            .Append(SourcePath(name.StartsWith("log.", StringComparison.Ordinal) ? name["log.".Length..] : name))
            .Distinct(StringComparer.Ordinal);
    }

    /// <summary>The number of the target whose values that are no IP address stand under a name: <c>source.address</c> for <c>source.ip</c>; -1 without one.</summary>
    internal int AddressTarget(string name)
    {
        const string Ending = ".address";
        var number = name.EndsWith(Ending, StringComparison.Ordinal)
            ? TargetNumber($"{name[..^Ending.Length]}.ip")
            : -1;
        return number >= 0 && Targets[number].TakesAddress ? number : -1;
    }

    /// <summary>A mapping for records that no data file describes: everything is kept under <c>aliyun.&lt;product&gt;</c>.</summary>
    public static CompiledMapping Unmapped(string product) =>
        new(
            product,
            "unknown",
            new RecordMapping
            {
                Dataset = $"aliyun.{product}",
                Category = "",
                Fields = [],
            }
        );

    private EcsTree Header(RecordMapping mapping)
    {
        var tree = new EcsTree();
        tree.Add("@timestamp", LeafKind.Timestamp);
        Constant("ecs.version", EcsVersion);
        tree.Add("event.id", LeafKind.Id);
        Constant("event.kind", "event");
        if (mapping.Category.Length > 0)
        {
            tree.Add("event.category", LeafKind.Constant, [(byte)'[', .. Json(mapping.Category), (byte)']']);
            constants.Add("event.category", mapping.Category);
        }

        if (mapping.Outcome.Length > 0)
        {
            Constant("event.outcome", mapping.Outcome);
        }

        Constant("event.dataset", Dataset);
        Constant("event.module", "aliyun");
        tree.Add("event.ingested", LeafKind.Ingested);
        Constant("cloud.provider", CloudProvider);
        return tree;

        void Constant(string name, string text)
        {
            tree.Add(name, LeafKind.Constant, Json(text));
            constants.Add(name, text);
        }
    }

    private static void AddField(
        FieldMapping field,
        RecordMapping mapping,
        List<string> sources,
        List<Target> targets,
        EcsTree tree
    )
    {
        if (Array.IndexOf(Reserved, field.Target) >= 0)
        {
            return;
        }

        var slot = new Slot(SourceNumber(sources, PathOf(field.Source, mapping.JsonField)), field.Convert);
        if (targets.Find(target => string.Equals(target.Name, field.Target, StringComparison.Ordinal)) is { } known)
        {
            known.Slots = [.. known.Slots, slot];
            return;
        }

        targets.Add(new Target(field.Target, slot));
        if (string.Equals(field.Target, "@timestamp", StringComparison.Ordinal))
        {
            return;
        }

        var parts = field.Target.Split('.');
        var sibling = string.Join('.', [.. parts[..^1], "address"]);
        var takesAddress =
            field.Convert == FieldConversion.Ip
            && string.Equals(parts[^1], "ip", StringComparison.Ordinal)
            && !mapping.Fields.Any(other => string.Equals(other.Target, sibling, StringComparison.Ordinal));
        targets[^1].TakesAddress = takesAddress;
        tree.Add(field.Target, LeafKind.Field, target: targets.Count - 1, addressName: takesAddress ? "address" : null);
    }

    // A Logstore that no data file describes stands for its product, and may be called like a member of ours.
    internal static string RestMember(string product) =>
        $"aliyun.{product}" is var name && Array.IndexOf(Reserved, name) >= 0 ? $"{name}_log" : name;

    // Sources may be written with or without the name of the JSON field in front.
    private static string PathOf(string source, string jsonField) =>
        jsonField.Length > 0 && source.StartsWith($"{jsonField}.", StringComparison.Ordinal)
            ? source[(jsonField.Length + 1)..]
            : source;

    private static int SourceNumber(List<string> sources, string source)
    {
        var number = sources.IndexOf(source);
        if (number < 0)
        {
            sources.Add(source);
            number = sources.Count - 1;
        }

        return number;
    }

    private static byte[] Json(string text) => Encoding.UTF8.GetBytes($"\"{text}\"");

    /// <summary>An ECS name and the sources that may fill it, the first that converts wins.</summary>
    internal sealed class Target(string name, Slot first)
    {
        public string Name { get; } = name;
        public Slot[] Slots { get; set; } = [first];
        public bool TakesAddress { get; set; }

        /// <summary>Whether a name is this one or an object around it.</summary>
        public bool IsOrIsIn(string name) =>
            Name.StartsWith(name, StringComparison.Ordinal) && (Name.Length == name.Length || Name[name.Length] == '.');

        public bool IsTimestamp { get; } = string.Equals(name, "@timestamp", StringComparison.Ordinal);
    }

    /// <summary>A source that is tried for a target.</summary>
    /// <param name="number">Number of the target.</param>
    /// <param name="choice">What notes that this source filled it.</param>
    /// <param name="source">Number of the source.</param>
    /// <param name="convert">Its conversion.</param>
    /// <param name="target">The target.</param>
    [StructLayout(LayoutKind.Auto)]
    internal readonly struct Step(int number, byte choice, int source, FieldConversion convert, Target target)
    {
        public int Target { get; } = number;
        public byte Choice { get; } = choice;
        public int Source { get; } = source;
        public FieldConversion Convert { get; } = convert;
        public bool TakesAddress { get; } = target.TakesAddress;
        public bool IsTimestamp { get; } = target.IsTimestamp;

        /// <summary>Whether the target says all that the source did.</summary>
        public bool Keeps { get; } = Conversions.Keeps(convert);
    }

    /// <summary>A source of a target.</summary>
    [StructLayout(LayoutKind.Auto)]
    internal readonly record struct Slot(int Source, FieldConversion Convert);
}
