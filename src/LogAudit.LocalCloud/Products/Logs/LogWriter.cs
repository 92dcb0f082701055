using LogAudit.LocalCloud.Kernel;

namespace LogAudit.LocalCloud.Products.Logs;

/// <summary>Writes the lines of products where they belong and notes each that was written.</summary>
internal sealed class LogWriter : IPart
{
    private Cloud _cloud = null!;

    /// <summary>Everything that was written.</summary>
    public MarkerLedger Ledger { get; } = new();

    public void Register(Cloud cloud)
    {
        _cloud = cloud;
        cloud.Services.Add(this);
    }

    /// <summary>Writes lines of one topic where their source's lines belong. False when that is gone, or no policy wants them: the product then drops them, as the real one does.</summary>
    public bool Write(LogSource source, string topic, IReadOnlyList<(ResourceKey Resource, LogRecord Line)> lines)
    {
        var (product, place) = (source.Resource.Product, source.Place);
        return source.Policy is { } subject
            ? Note(
                product,
                source.Kind,
                place,
                lines,
                _cloud.Services.Find<ICollectionPolicies>()?.Deliver(subject, topic, product, [], Items(lines)) ?? false
            )
            : Write(product, source.Kind, place, topic, lines, source.StaysWithProduct);
    }

    /// <summary>Writes lines of one topic to a Logstore. False when it is gone.</summary>
    public bool Write(
        string product,
        string kind,
        LogPlace place,
        string topic,
        IReadOnlyList<(ResourceKey Resource, LogRecord Line)> lines,
        bool stayWithProduct = false
    ) =>
        Note(
            product,
            kind,
            place,
            lines,
            _cloud.Services.Get<ILogStorage>().Append(place.Project, place.Logstore, topic, product, [], Items(lines)),
            stayWithProduct
        );

    private static List<LogItem> Items(IReadOnlyList<(ResourceKey Resource, LogRecord Line)> lines) =>
        [.. lines.Select(l => new LogItem((uint)l.Line.Time.ToUnixTimeSeconds(), l.Line.Fields))];

    private bool Note(
        string product,
        string kind,
        LogPlace place,
        IReadOnlyList<(ResourceKey Resource, LogRecord Line)> lines,
        bool written,
        bool stayWithProduct = false
    )
    {
        if (!written)
        {
            return false;
        }
        var now = _cloud.Clock.GetUtcNow();
        foreach (var (resource, line) in lines)
        {
            Ledger.Add(
                new WrittenRecord(
                    product,
                    kind,
                    resource.Account,
                    resource.Id,
                    line.Marker,
                    place.Project,
                    place.Logstore,
                    now
                )
                {
                    StaysWithProduct = stayWithProduct,
                }
            );
        }
        return true;
    }
}
