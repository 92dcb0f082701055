using System.Text;

namespace LogAudit.Forwarding;

/// <summary>One member of the normalised record, at its place in the order in which the record is written.</summary>
internal sealed class EcsLeaf
{
    /// <summary>What it begins with, ready to copy behind another member: comma, name and colon, and the whole value of a <see cref="LeafKind.Constant"/>: <c>,"ip":</c>.</summary>
    public required byte[] Opening { get; init; }

    /// <summary>The same as first member of its object, without the comma.</summary>
    public ReadOnlySpan<byte> FirstOpening => Opening.AsSpan(1);

    /// <summary>Numbers of the objects in which it stands, outermost first.</summary>
    public required int[] Path { get; init; }

    /// <summary>What fills it.</summary>
    public required LeafKind Kind { get; init; }

    /// <summary>Number of the target of a <see cref="LeafKind.Field"/>.</summary>
    public int Target { get; init; } = -1;

    /// <summary>The opening of the sibling for values that are no IP address (<c>,"address":</c>); empty without one.</summary>
    public byte[] AddressOpening { get; init; } = [];

    /// <summary>Whether it is written at all.</summary>
    public LeafGuard Guard { get; init; }
}

/// <summary>A condition for writing a leaf: one of some targets has a value, or none has.</summary>
/// <param name="Targets">Their numbers; none for no condition.</param>
/// <param name="Needed">Whether one must have a value (true) or none may (false).</param>
internal readonly record struct LeafGuard(int[]? Targets, bool Needed)
{
    /// <summary>Whether the leaf is written.</summary>
    public bool Opens(in AuditRecord record) => Targets is not { Length: > 0 } || record.HasAny(Targets) == Needed;
}

/// <summary>The members of a record in writing order, ready to copy.</summary>
internal sealed class RecordShape(EcsTree tree)
{
    /// <summary>The members.</summary>
    public EcsLeaf[] Leaves { get; } = tree.Leaves;

    /// <summary>Name, colon and brace of every object.</summary>
    public byte[][] Groups { get; } = tree.Groups;

    /// <summary>How records of the shape are written.</summary>
    public WritePlans Plans { get; } = new();

    /// <summary>Bytes that the parts known beforehand can take.</summary>
    public int FixedLength { get; } =
        tree.Leaves.Sum(leaf => Math.Max(leaf.Opening.Length, leaf.AddressOpening.Length) + 48)
        + tree.Groups.Sum(group => group.Length + 2);
}

/// <summary>What fills a leaf.</summary>
internal enum LeafKind
{
    /// <summary>The same JSON in every record.</summary>
    Constant,

    /// <summary>A mapped field.</summary>
    Field,

    /// <summary><c>@timestamp</c>.</summary>
    Timestamp,

    /// <summary><c>event.id</c>.</summary>
    Id,

    /// <summary><c>event.ingested</c>.</summary>
    Ingested,

    /// <summary>The same in milliseconds since 1970.</summary>
    IngestedMillis,

    /// <summary><c>aliyun.sls</c>: project, Logstore, shard, cursor of the group, index in the group.</summary>
    Place,

    /// <summary>All fields without a mapping, as members of <c>aliyun.&lt;product&gt;</c>.</summary>
    Rest,
}

/// <summary>The shape of a normalised record: dotted names turned into nested objects, once, in the order in which they are written.</summary>
internal sealed class EcsTree
{
    private readonly Node root = new("");
    private readonly List<byte[]> groups = [];
    private readonly List<EcsLeaf> leaves = [];

    /// <summary>The leaves in writing order; set by <see cref="Freeze"/>.</summary>
    public EcsLeaf[] Leaves => [.. leaves];

    /// <summary>Name, colon and brace of every object: <c>"source":{</c>.</summary>
    public byte[][] Groups => [.. groups];

    /// <summary>Whether a dotted name is taken, as a leaf or as an object.</summary>
    public bool Has(string name) => Find(name) is not null;

    /// <summary>Adds a leaf.</summary>
    /// <exception cref="FormatException">The name is taken, or would have to be a value and an object at once.</exception>
    public void Add(
        string name,
        LeafKind kind,
        byte[]? constant = null,
        int target = -1,
        string? addressName = null,
        LeafGuard guard = default
    )
    {
        var node = root;
        foreach (var part in kind == LeafKind.Rest ? [.. name.Split('.'), ""] : name.Split('.'))
        {
            if (node.Kind is not null)
            {
                throw new FormatException(
                    $"'{name}' cannot be mapped to: a shorter name of it is mapped to a value already. Choose another ECS name."
                );
            }

            node = node.Child(part);
        }

        if (node.Kind is not null || node.Children.Count > 0)
        {
            throw new FormatException($"'{name}' cannot be mapped to: it is taken already. Choose another ECS name.");
        }

        (node.Kind, node.Constant, node.Target, node.AddressName) = (kind, constant ?? [], target, addressName);
        node.Guard = guard;
    }

    /// <summary>Puts everything into writing order: as added, <c>aliyun</c> at the end and the rest at its end.</summary>
    public void Freeze()
    {
        Visit(root, []);
    }

    private void Visit(Node node, int[] path)
    {
        foreach (var child in node.Children.OrderBy(WritesLast))
        {
            var name = Encoding.UTF8.GetBytes($",\"{child.Name}\":");
            if (child.Kind is { } kind)
            {
                leaves.Add(
                    new EcsLeaf
                    {
                        Opening = [.. name, .. child.Constant],
                        Path = path,
                        Kind = kind,
                        Target = child.Target,
                        Guard = child.Guard,
                        AddressOpening = child.AddressName is null
                            ? []
                            : Encoding.UTF8.GetBytes($",\"{child.AddressName}\":"),
                    }
                );
                continue;
            }

            groups.Add([.. name[1..], (byte)'{']);
            Visit(child, [.. path, groups.Count - 1]);
        }
    }

    private static int WritesLast(Node node) => node.Kind == LeafKind.Rest || node.HoldsRest() ? 1 : 0;

    private Node? Find(string name)
    {
        var node = root;
        foreach (var part in name.Split('.'))
        {
            node = node.Children.Find(child => string.Equals(child.Name, part, StringComparison.Ordinal));
            if (node is null)
            {
                return null;
            }
        }

        return node;
    }

    private sealed class Node(string name)
    {
        public string Name { get; } = name;
        public List<Node> Children { get; } = [];
        public LeafKind? Kind { get; set; }
        public byte[] Constant { get; set; } = [];
        public int Target { get; set; } = -1;
        public string? AddressName { get; set; }
        public LeafGuard Guard { get; set; }

        public Node Child(string part)
        {
            var child = Children.Find(known => string.Equals(known.Name, part, StringComparison.Ordinal));
            if (child is null)
            {
                child = new Node(part);
                Children.Add(child);
            }

            return child;
        }

        public bool HoldsRest() => Children.Exists(child => child.Kind == LeafKind.Rest || child.HoldsRest());
    }
}
