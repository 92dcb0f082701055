using System.Collections.Frozen;
using System.Text;
using LogAudit.OpenApi;

namespace LogAudit.Products;

/// <summary>The products that LogAudit knows. A product's data files are read when somebody first asks for it.</summary>
/// <remarks>
/// A data file names what it is about literally: variables, Logstores, events. So the bytes of the files tell which of them are worth reading for a purpose
/// (<see cref="Naming"/>); a word that stands in a file by chance costs the reading of one file more. A sweep over all products keeps this true.
/// </remarks>
public sealed class ProductCatalogue
{
    // One line per product, in alphabetical order: its data file and, where data cannot say all, its handler.
    private static readonly Entry[] Entries =
    [
        new("ack", "Ack", (facts, use) => new Ack(use.Api, use.Writing, facts)),
        new("actiontrail", "ActionTrail", (facts, use) => new ActionTrail(use.Api, use.Writing, facts, use.Options)),
        new("alb", "Alb", (facts, use) => new Alb(use.Api, use.Writing, facts, use.Options)),
        new("apigateway", "ApiGateway", (facts, use) => new ApiGateway(use.Api, use.Writing, facts)),
        new("bastionhost", "Bastionhost"),
        new("cloudconfig", "CloudConfig", (facts, use) => new CloudConfig(use.Api, use.Writing, facts)),
        new("cloudfirewall", "CloudFirewall", (facts, use) => new CloudFirewall(use.Api, use.Writing, facts)),
        new("ddos", "Ddos", (facts, use) => new Ddos(use.Api, use.Writing, facts)),
        new("dns", "Dns", (facts, use) => new Dns(use.Api, use.Writing, facts)),
        new("drds", "Drds", (facts, use) => new Drds(use.Api, use.Writing, facts)),
        new("nas", "Nas", (facts, use) => new Nas(use.Api, use.Writing, facts)),
        new("oss", "Oss", (facts, use) => new Oss(use.Oss, facts)),
        new(
            "polardb",
            "Polardb",
            (facts, use) => new RelationalDatabase(use.Api, use.Writing, facts, "polardb.sql-log")
        ),
        new(
            "rds",
            "Rds",
            (facts, use) =>
                new RelationalDatabase(use.Api, use.Writing, facts, "rds.sql-log", (ApiProducts.Rds, "INSTANCE"))
        ),
        new("sas", "Sas", (facts, use) => new Sas(use.Api, use.Writing, facts)),
        new("slb", "Slb", (facts, use) => new Slb(use.Api, use.Writing, facts, use.Options)),
        new("vpc", "Vpc", (facts, use) => new Vpc(use.Api, use.Writing, facts, use.Options)),
        new("waf", "Waf", (facts, use) => new Waf(use.Api, use.Writing, facts)),
    ];

    private readonly FrozenDictionary<string, Lazy<ProductFacts>> facts = Entries.ToFrozenDictionary(
        entry => entry.Code,
        entry => new Lazy<ProductFacts>(() => ProductFile.Load(entry.File)),
        StringComparer.Ordinal
    );

    /// <summary>Codes of all products, in order.</summary>
    public static IReadOnlyList<string> Codes { get; } = [.. Entries.Select(entry => entry.Code)];

    /// <summary>All products.</summary>
    public IReadOnlyList<ProductSpec> All => [.. Codes.Select(code => Facts(code).Spec)];

    /// <summary>Every key that may stand under <c>collect:</c> of the settings.</summary>
    public IReadOnlyList<CollectVariable> Variables =>
        new LateList<CollectVariable>(() => [.. All.SelectMany(product => product.Variables)]);

    /// <summary>All log kinds of all products.</summary>
    public IReadOnlyList<LogKind> LogKinds =>
        new LateList<LogKind>(() => [.. All.SelectMany(product => product.LogKinds)]);

    /// <summary>Codes of the products whose data file holds at least one of some words, in order; reads no other file as YAML.</summary>
    public static IReadOnlyList<string> Naming(params IEnumerable<string> words)
    {
        var bytes = words.Select(Encoding.UTF8.GetBytes).ToArray();
        return [.. Entries.Where(entry => bytes.Any(entry.Holds)).Select(entry => entry.Code)];
    }

    /// <summary>A key that may stand under <c>collect:</c>; null when no product has it.</summary>
    public CollectVariable? FindVariable(string name) =>
        Naming(name)
            .SelectMany(code => Facts(code).Spec.Variables)
            .FirstOrDefault(variable => variable.Name.Same(name));

    /// <summary>A product by code; null when there is none.</summary>
    public ProductSpec? Find(string code) => facts.GetValueOrDefault(code)?.Value.Spec;

    /// <summary>The log kinds of a product; empty when there is no such product.</summary>
    public IReadOnlyList<LogKind> LogKindsOf(string code) => Find(code)?.LogKinds ?? [];

    /// <summary>Names of the log kinds of a product, as settings use them.</summary>
    public IReadOnlyList<string> KindNamesOf(string code) => [.. LogKindsOf(code).Select(kind => kind.Name)];

    /// <summary>The log kind of a record.</summary>
    /// <param name="logstore">Logstore from which it was read, for example <c>rds_log</c> or <c>actiontrail_logaudit</c>.</param>
    /// <param name="topic">Its <c>__topic__</c>.</param>
    /// <returns>Null when no product writes such records there.</returns>
    public LogKind? FindLogKind(string logstore, string topic) =>
        LogKinds.FirstOrDefault(kind => IsIn(kind, logstore) && kind.Topics.Contains(topic, StringComparer.Ordinal));

    /// <summary>The log kinds that share a Logstore.</summary>
    public IReadOnlyList<LogKind> LogKindsIn(string logstore) =>
        [
            .. Naming(logstore, PlaceOf(logstore))
                .SelectMany(code => Facts(code).Spec.LogKinds)
                .Where(kind => IsIn(kind, logstore)),
        ];

    /// <summary>The index of a Logstore: the fields of every kind that shares it, each once.</summary>
    public IReadOnlyList<IndexField> FieldsOf(string logstore) =>
        [
            .. LogKindsIn(logstore)
                .SelectMany(kind => kind.Fields)
                .DistinctBy(field => field.Name, StringComparer.Ordinal),
        ];

    /// <summary>What an event means for collection; several answers when it concerns several products.</summary>
    /// <param name="service"><c>serviceName</c>, compared without case.</param>
    /// <param name="name"><c>eventName</c>.</param>
    public IReadOnlyList<ProductChange> FindChanges(string service, string name) =>
        [
            .. Naming(name)
                .SelectMany(code => Facts(code).Spec.ChangeEvents.Select(change => new ProductChange(code, change)))
                .Where(change =>
                    change.Event.Name.Same(name)
                    && change.Event.Service.Equals(service, StringComparison.OrdinalIgnoreCase)
                ),
        ];

    /// <summary>What only a handler needs to know of a product.</summary>
    internal ProductFacts Facts(string code) => facts[code].Value;

    /// <summary>A new handler of a product.</summary>
    internal IProductHandler Handler(string code, HandlerParts use) =>
        Entries.Single(entry => entry.Code.Same(code)).Create is { } create
            ? create(Facts(code), use)
            : new DataProduct(use.Api, Facts(code));

    // How a data file writes the Logstore of a trail: actiontrail_{trail}.
    private static string PlaceOf(string logstore) => $"{logstore.Split('_')[0]}_{{";

    private static bool IsIn(LogKind kind, string logstore) =>
        kind.Logstore.IndexOf('{', StringComparison.Ordinal) is var end and >= 0
            ? logstore.StartsWith(kind.Logstore[..end], StringComparison.Ordinal)
            : logstore.Same(kind.Logstore);

    private sealed record Entry(
        string Code,
        string File,
        Func<ProductFacts, HandlerParts, IProductHandler>? Create = null
    )
    {
        private readonly Lazy<byte[]> text = new(() => ProductFile.Bytes(File));

        public bool Holds(byte[] word) => text.Value.AsSpan().IndexOf(word) >= 0;
    }
}

/// <summary>An event and the product for which it means something.</summary>
/// <param name="Product">Product code.</param>
/// <param name="Event">The event.</param>
public sealed record ProductChange(string Product, ChangeEvent Event);

/// <summary>What handlers are made of.</summary>
internal sealed record HandlerParts(OpenApiClient Api, OssClient Oss, Writing Writing, ProductOptions Options);
