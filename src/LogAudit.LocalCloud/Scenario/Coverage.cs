using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Products;
using LogAudit.LocalCloud.Sls.Storage;

namespace LogAudit.LocalCloud.Scenario;

/// <summary>Whether a resource's log gathers where it should.</summary>
public enum CoverageState
{
    /// <summary>On, delivered, and carried to the central project.</summary>
    Collecting,

    /// <summary>It could be collected and is not, or not to the central project.</summary>
    NotCollecting,

    /// <summary>It cannot have the log.</summary>
    NotCollectable,

    /// <summary>Its account lets nobody look.</summary>
    Unknown,
}

/// <summary>What LocalCloud itself knows of one log of one resource.</summary>
/// <param name="Product">Product code.</param>
/// <param name="Account">Uid.</param>
/// <param name="Region">Region; empty for the trail.</param>
/// <param name="Id">Resource id.</param>
/// <param name="Kind">Kind of log, for example <c>access</c>, <c>flow</c>, <c>audit</c>, <c>slow</c>, <c>events</c>.</param>
/// <param name="State">The judgement.</param>
/// <param name="Why">Why it is not collected or cannot be; empty when it is.</param>
public sealed record CoverageRow(
    string Product,
    string Account,
    string Region,
    string Id,
    string Kind,
    CoverageState State,
    string Why
);

/// <summary>Judges collection end to end by the cloud's own state, never by what LogAudit says.</summary>
internal sealed class Coverage(Cloud cloud, ScenarioScript script, CentralStores central)
{
    private readonly HashSet<string> _denied =
    [
        .. script.Accounts.Where(account => account.DeniesAccess).Select(account => account.Uid),
    ];

    /// <summary>One row per resource: that of its main log, which its product names first.</summary>
    public IReadOnlyList<CoverageRow> Resources() => Judged(states => states.DistinctBy(state => state.Resource));

    /// <summary>One row per resource and kind of log.</summary>
    public IReadOnlyList<CoverageRow> Rows() => Judged(states => states);

    private IReadOnlyList<CoverageRow> Judged(Func<IEnumerable<LoggingState>, IEnumerable<LoggingState>> some)
    {
        lock (cloud.Gate)
        {
            return
            [
                .. some(
                        cloud
                            .Services.Get<LocalProducts>()
                            .All.SelectMany(product => product.Logging())
                            .Where(IsCounted)
                    )
                    .Select(Judge),
            ];
        }
    }

    // In a directory one trail serves everybody, so the trail is one resource, that of the central account. A platform
    // trail counts where the scenario has somebody make one.
    private bool IsCounted(LoggingState state) =>
        state.Resource.Product is not "actiontrail"
        || (
            state.Kind is "platform" ? script.PlatformTrails.Contains(state.Resource.Account, StringComparer.Ordinal)
            : script.Directory is null ? script.Accounts.Any(account => account.Uid == state.Resource.Account)
            : state.Resource.Account == script.CentralAccount
        );

    private CoverageRow Judge(LoggingState state)
    {
        var (product, account, region, id) = state.Resource;
        var (judgement, why) =
            _denied.Contains(account) ? (CoverageState.Unknown, $"account {account} denies access")
            : state.WhyNot is { } reason ? (CoverageState.NotCollectable, reason)
            : state.Places.Any(Gathers) || (state.IsShown && central.Holds(state.Resource, state.Kind))
                ? (CoverageState.Collecting, "")
            : state.Places.Count == 0
                ? (CoverageState.NotCollecting, state.IsShown ? "nobody reads the log" : "the log is off")
            : (CoverageState.NotCollecting, $"the log ends in {state.Places[0].Project}/{state.Places[0].Logstore}");
        return new CoverageRow(product, account, region, id, state.Kind, judgement, why);
    }

    /// <summary>Whether what is written to a Logstore is in the central project, or a running job carries it there.</summary>
    private bool Gathers(LogPlace place)
    {
        var store = cloud.Services.Get<SlsStore>();
        if (store.Project(place.Project) is not { } project)
        {
            return false;
        }
        if (IsCentral(project))
        {
            return true;
        }
        return project.Logstore(place.Logstore) is not null
            && project.Jobs.Values.Any(job =>
                job is { Etl: { } etl, IsStopped: false, Failure: null }
                && etl.Logstore == place.Logstore
                && etl.Sinks.Any(sink =>
                    store.Project(sink.Project) is { } target
                    && IsCentral(target)
                    && target.Logstore(sink.Logstore) is not null
                )
            );
    }

    private bool IsCentral(SlsProject project) =>
        project.Name == script.CentralProject
        && project.Account == script.CentralAccount
        && project.Region == script.CentralRegion;
}
