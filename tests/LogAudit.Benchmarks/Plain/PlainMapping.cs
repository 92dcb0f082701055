namespace LogAudit.Benchmarks;

/// <summary>A mapping as somebody would prepare it who does not think of the processor: names split once, everything else looked up per record.</summary>
internal sealed class PlainMapping
{
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
    ];

    public PlainMapping(LogKind kind)
    {
        Kind = kind;
        var json = kind.Mapping.JsonField;
        Targets =
        [
            .. kind
                .Mapping.Fields.Where(field => !Reserved.Contains(field.Target, StringComparer.Ordinal))
                .GroupBy(field => field.Target, StringComparer.Ordinal)
                .Select(group => new PlainTarget(
                    group.Key,
                    group.Key.Split('.'),
                    [.. group.Select(field => field with { Source = PathOf(field.Source, json) })],
                    group.First().Convert == FieldConversion.Ip
                        && group.Key.EndsWith(".ip", StringComparison.Ordinal)
                        && !kind.Mapping.Fields.Any(other => other.Target == group.Key[..^2] + "address")
                )),
        ];
        IdSource = PathOf(kind.Mapping.IdField, json);
        Sources =
        [
            .. Targets
                .SelectMany(target => target.Slots)
                .Select(slot => slot.Source)
                .Append(IdSource)
                .Where(source => source.Length > 0)
                .Distinct(StringComparer.Ordinal)
                .Select(source => new PlainSource(
                    source,
                    source.Split('.'),
                    Targets
                        .SelectMany(target => target.Slots)
                        .Any(slot => slot.Source == source && slot.Convert == FieldConversion.Json)
                )),
        ];
        Opened =
            json.Length > 0
                ? []
                : Sources
                    .Where(source => source.Path.Length > 1)
                    .Select(source => source.Path[0])
                    .ToHashSet(StringComparer.Ordinal);
    }

    public LogKind Kind { get; }

    public IReadOnlyList<PlainTarget> Targets { get; }

    public IReadOnlyList<PlainSource> Sources { get; }

    public string IdSource { get; }

    /// <summary>Fields that hold JSON of which members are mapped.</summary>
    public IReadOnlySet<string> Opened { get; }

    private static string PathOf(string source, string json) =>
        json.Length > 0 && source.StartsWith($"{json}.", StringComparison.Ordinal)
            ? source[(json.Length + 1)..]
            : source;
}

/// <summary>A source field or path.</summary>
internal sealed record PlainSource(string Name, string[] Path, bool WantsJson);

/// <summary>An ECS name and what may fill it.</summary>
internal sealed record PlainTarget(string Name, string[] Path, FieldMapping[] Slots, bool TakesAddress);
