using System.Runtime.CompilerServices;
using System.Text;

namespace LogAudit.Forwarding;

/// <summary>A key of a format that knows keys and values only.</summary>
/// <param name="Name">The key, for example <c>suser</c>.</param>
/// <param name="MostBytes">Longest value that it takes; a longer one goes whole under the format's own key for the ECS name.</param>
internal sealed record FlatKey(string Name, int MostBytes);

/// <summary>The dictionary of a flat format: which key stands for which ECS name.</summary>
internal sealed class FlatKeys
{
    private readonly IReadOnlyDictionary<string, FlatKey> known;
    private readonly ConditionalWeakTable<CompiledMapping, FlatField[]> plans = [];

    /// <param name="known">ECS name → key; no key stands twice.</param>
    public FlatKeys(IReadOnlyDictionary<string, FlatKey> known) => this.known = known;

    /// <summary>The fields of a mapping in writing order. Worked out once per mapping.</summary>
    public FlatField[] Of(CompiledMapping mapping) =>
        // Asked first, since making the delegate allocates.
        plans.TryGetValue(mapping, out var plan)
            ? plan
            : plans.GetValue(mapping, Plan);

    private FlatField[] Plan(CompiledMapping mapping)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        return
        [
            .. mapping
                .Targets.Select((target, number) => (target, number))
                .Where(one => !one.target.IsTimestamp)
                .Select(one => Field(one.target, one.number, Free(OwnKey(one.target.Name), taken))),
        ];
    }

    private FlatField Field(CompiledMapping.Target target, int number, string ownKey) =>
        new()
        {
            Target = number,
            Key = Bytes(known.GetValueOrDefault(target.Name)?.Name ?? ownKey),
            MostBytes = known.GetValueOrDefault(target.Name)?.MostBytes ?? int.MaxValue,
            OwnKey = Bytes(ownKey),
            HostKey = target.TakesAddress
                ? Bytes(known.GetValueOrDefault(Sibling(target.Name))?.Name ?? OwnKey(Sibling(target.Name)))
                : [],
        };

    // labels.a_b and labels.a.b would be one key; a reader keeps one value of two.
    private static string Free(string key, HashSet<string> taken)
    {
        var free = key;
        for (var number = 2; !taken.Add(free); number++)
        {
            free = $"{key}{number}";
        }

        return free;
    }

    private static string Sibling(string target) => $"{target[..target.LastIndexOf('.')]}.address";

    // Vendor keys are letters and digits: source.nat.ip → AliyunSourceNatIp.
    private static string OwnKey(string target) =>
        target
            .Split(['.', '_', '-', '@'], StringSplitOptions.RemoveEmptyEntries)
            .Aggregate("Aliyun", (name, part) => name + char.ToUpperInvariant(part[0]) + part[1..]);

    private static byte[] Bytes(string name) => Encoding.ASCII.GetBytes(name);
}

/// <summary>A target of a mapping and the keys under which its value is written.</summary>
internal sealed class FlatField
{
    /// <summary>Number of the target.</summary>
    public required int Target { get; init; }

    /// <summary>The key.</summary>
    public required byte[] Key { get; init; }

    /// <summary>Longest value of the key.</summary>
    public required int MostBytes { get; init; }

    /// <summary>The key for a value that is longer.</summary>
    public required byte[] OwnKey { get; init; }

    /// <summary>The key for a value that is no IP address; empty where the mapping takes none.</summary>
    public required byte[] HostKey { get; init; }
}
