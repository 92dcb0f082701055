using System.Runtime.CompilerServices;
using LogAudit.OpenApi;

namespace LogAudit.Products;

/// <summary>The trail of an account: one that delivers all its events to the central project. In a resource directory the organisation's one trail stands for all members.</summary>
/// <remarks>A trail delivers only to a Logstore of its own, <c>actiontrail_&lt;trail&gt;</c>. One that exists and delivers to the central project is
/// adopted under its own name: the resource says so in <c>logstore</c>.</remarks>
internal sealed class ActionTrail(OpenApiClient api, Writing writing, ProductFacts facts, ProductOptions options)
    : IProductHandler
{
    // Source: ActionTrail limits, single-account trails per region and account.
    private const int MostTrails = 5;

    private readonly Deliveries trails = new(
        api,
        writing,
        facts,
        hole =>
            hole is not "organisation" ? null
            : options.Accounts == AccountsMode.Directory ? "true"
            : "false"
    );

    public ProductSpec Spec => facts.Spec;

    public IReadOnlyCollection<string> SettingKinds => [facts.Delivery!.Kind];

    /// <summary>The account's one trail, whether it exists or not: there is always one to ask for. Ids in scope do not narrow it, an event of any trail concerns it.</summary>
    public async IAsyncEnumerable<ResourceRef> ListAsync(Scope scope, [EnumeratorCancellation] CancellationToken cancel)
    {
        var central = options.Central;
        var logstore = new LogstoreName($"actiontrail_{central.Trail}");
        var wanted = trails.Wanted(new(central.Account, central.Region, central.Project, logstore));
        if (wanted["organisation"] is "true" && scope.Account != central.Account)
        {
            yield break;
        }

        var name =
            (await trails.ListAsync(scope.Account, central.Region, owner: "", cancel))
                .Where(trail => IsOfKind(trail, wanted) && IsHere(trail, wanted))
                .OrderByDescending(trail => trail.Name.Same(central.Trail))
                .FirstOrDefault()
                ?.Name
            ?? central.Trail;
        yield return new ResourceRef
        {
            Product = Spec.Code,
            Account = scope.Account,
            Region = central.Region,
            Id = name,
            Name = name,
            Properties = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["logstore"] = $"actiontrail_{name}",
                ["adopted"] = name.Same(central.Trail) ? "false" : "true",
            },
        };
    }

    public IAsyncEnumerable<Observed> ObserveAsync(
        LogKind kind,
        IReadOnlyList<ResourceRef> resources,
        LogTarget target,
        CancellationToken cancel
    ) =>
        Observing.EachAsync(
            kind,
            resources,
            // No call tells of a platform trail.
            async (trail, stop) =>
                kind.Route == Routes.Manual
                    ? trail.Is(kind, ByHand.Off(kind, trail))
                    : await JudgeAsync(kind, trail, trails.Wanted(target), stop),
            cancel
        );

    public Task<SettingState?> ReadAsync(SettingRef setting, CancellationToken cancel) =>
        trails.ReadAsync(setting, cancel);

    public Task WriteAsync(SettingChange change, CancellationToken cancel) => trails.WriteAsync(change, cancel);

    private async Task<Observed> JudgeAsync(
        LogKind kind,
        ResourceRef trail,
        SettingState wanted,
        CancellationToken cancel
    )
    {
        var all = await trails.ListAsync(trail.Account, trail.Region, owner: "", cancel);
        var present = all.FirstOrDefault(other => other.Name.Same(trail.Id));
        var against = present is null ? NoRoom(trail, all, wanted) : Foreign(present, wanted);
        return against is not null
            ? trail.Is(kind, new Observation.Disabled(against))
            : await trails.JudgeAsync(kind, trail, all, wanted, cancel)
                ?? trail.IsAsFixed(kind, facts.Delivery!.Making(trail, wanted));
    }

    /// <summary>Why no trail can be made; null when one can.</summary>
    private static string? NoRoom(ResourceRef trail, IReadOnlyList<Delivery> all, SettingState wanted)
    {
        var arn = wanted["slsProjectArn"];
        var same = all.Where(other => IsOfKind(other, wanted)).ToArray();
        return wanted["organisation"] is "true"
            ? same is [var taken, ..]
                ? $"the organisation's one trail is {taken.Name} and delivers to {Destination(taken)}; "
                    + $"make it deliver to {arn}, or delete it and let LogAudit make its own"
                : null
            : same.Count(other => other.Ref.Region == trail.Region) >= MostTrails
                ? $"the account has {MostTrails} trails in {trail.Region} already, and no more fit"
                : null;
    }

    /// <summary>Why a trail of the name wanted is to be left alone; null when it may be brought to deliver what is wanted.</summary>
    private static string? Foreign(Delivery trail, SettingState wanted) =>
        !IsOfKind(trail, wanted)
            ? $"trail {trail.Name} is {(wanted["organisation"] is "true" ? "of one account" : "the organisation's")}, which cannot be changed; "
                + "name another trail under central.trail"
        : IsHere(trail, wanted) || trail.State["slsProjectArn"].Contains(":project/logaudit-", StringComparison.Ordinal)
            ? null
        : $"trail {trail.Name} exists and delivers to {Destination(trail)}; name another trail under central.trail";

    private static bool IsOfKind(Delivery trail, SettingState wanted) =>
        trail.State["organisation"].Same(wanted["organisation"]);

    private static bool IsHere(Delivery trail, SettingState wanted) =>
        trail.State["slsProjectArn"].Same(wanted["slsProjectArn"]);

    private static string Destination(Delivery trail) =>
        trail.State["slsProjectArn"] is { Length: > 0 } arn ? arn : "no SLS project";
}
