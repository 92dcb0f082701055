using System.Text;

namespace LogAudit.Forwarding;

/// <summary>Finds the mapping of a record by its Logstore and topic.</summary>
/// <remarks>Takes the log kinds of the product catalogue. A topic or Logstore that nothing describes is forwarded all the same, unmapped.</remarks>
public sealed class MappingCatalogue
{
    private const string TrailPlace = "{trail}";
    private readonly Func<string, IReadOnlyList<LogKind>> kindsIn;
    private readonly UserMappings users;
    private readonly Dictionary<(string, string), CompiledMapping> compiled = [];

    /// <summary>Takes the log kinds of a Logstore when it is first read, and compiles them then.</summary>
    /// <param name="kindsIn">The log kinds that share a Logstore.</param>
    /// <param name="users">What the user maps; null for nothing.</param>
    public MappingCatalogue(Func<string, IReadOnlyList<LogKind>> kindsIn, UserMappings? users = null) =>
        (this.kindsIn, this.users) = (kindsIn, users ?? new UserMappings([], ""));

    /// <summary>Takes all log kinds; each is compiled when a Logstore of it is first read.</summary>
    public MappingCatalogue(IEnumerable<LogKind> kinds, UserMappings? users = null)
        : this(logstore => [.. kinds.Where(kind => Matches(kind.Logstore, logstore))], users) { }

    /// <summary>The mappings of one Logstore.</summary>
    /// <exception cref="SettingsException">A mapping of the user does not go with that of the product file.</exception>
    public LogstoreMappings For(LogstoreName logstore)
    {
        var here = kindsIn(logstore.Value);
        var product = here.Count > 0 ? here[0].Product : logstore.Value;
        return new LogstoreMappings(
            [.. here.SelectMany(kind => kind.Topics.Select(topic => (Encoding.UTF8.GetBytes(topic), Compile(kind))))],
            here.Count == 1 ? Compile(here[0]) : CompiledMapping.Unmapped(product),
            Encoding.UTF8.GetBytes(here.Select(kind => kind.ToldBy).FirstOrDefault(field => field.Length > 0) ?? ""),
            [.. here.Select(kind => kind.Product).Distinct(StringComparer.Ordinal)]
        );
    }

    private CompiledMapping Compile(LogKind kind)
    {
        lock (compiled)
        {
            if (!compiled.TryGetValue((kind.Product, kind.Name), out var mapping))
            {
                mapping = users.Compile(kind);
                compiled.Add((kind.Product, kind.Name), mapping);
            }

            return mapping;
        }
    }

    // actiontrail_{trail} stands for every trail's Logstore.
    private static bool Matches(string pattern, string logstore) =>
        pattern.EndsWith(TrailPlace, StringComparison.Ordinal)
            ? logstore.StartsWith(pattern[..^TrailPlace.Length], StringComparison.Ordinal)
            : string.Equals(pattern, logstore, StringComparison.Ordinal);
}

/// <summary>The mappings of one Logstore, by topic.</summary>
public sealed class LogstoreMappings
{
    private readonly (byte[] Topic, CompiledMapping Mapping)[] topics;
    private readonly CompiledMapping otherwise;
    private readonly byte[] toldBy;

    internal LogstoreMappings(
        (byte[] Topic, CompiledMapping Mapping)[] topics,
        CompiledMapping otherwise,
        byte[] toldBy,
        IReadOnlyList<string> products
    )
    {
        this.topics = topics;
        this.otherwise = otherwise;
        this.toldBy = toldBy;
        Products = products;
    }

    /// <summary>Products whose logs it holds; empty when no data file names it.</summary>
    public IReadOnlyList<string> Products { get; }

    /// <summary>Name of the field that marks the kind of a record where its topic does not; empty where the topic does.</summary>
    public ReadOnlySpan<byte> ToldBy => toldBy;

    /// <summary>The mapping of a topic, or of the value of the field that marks the kind.</summary>
    public CompiledMapping Find(ReadOnlySpan<byte> topic)
    {
        foreach (var (known, mapping) in topics)
        {
            if (topic.SequenceEqual(known))
            {
                return mapping;
            }
        }

        return otherwise;
    }
}
