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

    /// <summary>Writes lines of one topic to a Logstore. False when it is gone: the product then drops them, as the real one does.</summary>
    public bool Write(
        string product,
        LogPlace place,
        string topic,
        IReadOnlyList<(ResourceKey Resource, LogRecord Line)> lines
    ) =>
        Note(
            product,
            place,
            lines,
            _cloud.Services.Get<ILogStorage>().Append(place.Project, place.Logstore, topic, product, [], Items(lines))
        );

    /// <summary>Writes lines of one topic where the collection policies want them. False when no policy does.</summary>
    public bool Write(
        string product,
        PolicySubject subject,
        LogPlace place,
        string topic,
        IReadOnlyList<(ResourceKey Resource, LogRecord Line)> lines
    ) =>
        Note(
            product,
            place,
            lines,
            _cloud.Services.Find<ICollectionPolicies>()?.Deliver(subject, topic, product, [], Items(lines)) ?? false
        );

    private static List<LogItem> Items(IReadOnlyList<(ResourceKey Resource, LogRecord Line)> lines) =>
        [.. lines.Select(l => new LogItem((uint)l.Line.Time.ToUnixTimeSeconds(), l.Line.Fields))];

    private bool Note(
        string product,
        LogPlace place,
        IReadOnlyList<(ResourceKey Resource, LogRecord Line)> lines,
        bool written
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
                    resource.Account,
                    resource.Id,
                    line.Marker,
                    place.Project,
                    place.Logstore,
                    now
                )
            );
        }
        return true;
    }
}
