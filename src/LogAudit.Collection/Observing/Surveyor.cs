using LogAudit.OpenApi;
using Microsoft.Extensions.Logging;

namespace LogAudit.Collection;

/// <summary>Looks at one unit: lists, applies the policy expression, observes switches in bulk, evaluates collection policies locally. Changes nothing.</summary>
internal sealed partial class Surveyor(
    CollectSettings collect,
    Layout layout,
    IReadOnlyDictionary<string, IProductHandler> products,
    IPolicyBook policies,
    IArrivals arrivals,
    ReconcileOptions options,
    TimeProvider time,
    ILogger<Surveyor> log
)
{
    /// <summary>Looks at a unit. What cannot be read is a problem of the unit, never "no resources".</summary>
    public Task<UnitSurvey> LookAsync(Unit unit, CancellationToken cancel) => LookAsync(unit, _ => true, cancel);

    /// <summary>Looks at some log kinds of a unit.</summary>
    public async Task<UnitSurvey> LookAsync(Unit unit, Func<LogKind, bool> wanted, CancellationToken cancel)
    {
        try
        {
            var handler = products[unit.Product];
            var all = new List<ResourceRef>();
            await foreach (
                var resource in handler.ListAsync(new Scope(unit.Account, unit.Region, unit.ResourceIds), cancel)
            )
            {
                all.Add(resource);
            }

            var inRegions = all.Where(resource => layout.InScope(handler.Spec, resource.Region)).ToList();
            var looks = new List<Look>();
            foreach (var kind in collect.Of(unit.Product).Where(kind => wanted(kind.Kind)))
            {
                looks.AddRange(await LookAsync(handler, kind, [.. inRegions.Where(kind.Policy.Takes)], cancel));
            }

            var seen = looks.Select(look => look.Resource.Id).ToHashSet(StringComparer.Ordinal);
            return new(unit, looks, all.Count(resource => !seen.Contains(resource.Id)));
        }
        catch (Exception exception) when (!cancel.IsCancellationRequested)
        {
            UnitUnreadable(log, exception, unit.ToString());
            return new(
                unit,
                [],
                0,
                (exception as OpenApiException)?.In(unit.Account, unit.Region).Message ?? exception.Message
            );
        }
    }

    private async Task<IReadOnlyList<Look>> LookAsync(
        IProductHandler handler,
        CollectKind kind,
        IReadOnlyList<ResourceRef> resources,
        CancellationToken cancel
    )
    {
        var offered = resources
            .Where(resource => kind.Kind.Regions.Count == 0 || kind.Kind.Regions.Contains(resource.Region))
            .ToList();
        var switches = await SwitchesAsync(handler, kind.Kind, offered, cancel);
        var looks = new List<Look>();
        foreach (var resource in resources)
        {
            looks.Add(
                !offered.Contains(resource)
                    ? new(
                        resource,
                        kind,
                        new Observation.NotApplicable($"{kind.Kind.Name} logs are not offered in {resource.Region}"),
                        [],
                        false
                    )
                    : await CombineAsync(resource, kind, switches.GetValueOrDefault(resource.Id), cancel) with
                    {
                        KeptBy = switches.GetValueOrDefault(resource.Id)?.KeptBy,
                    }
            );
        }

        return looks;
    }

    private async Task<Dictionary<string, Observed>> SwitchesAsync(
        IProductHandler handler,
        LogKind kind,
        List<ResourceRef> resources,
        CancellationToken cancel
    )
    {
        var answers = new Dictionary<string, Observed>(StringComparer.Ordinal);
        // Of a log without a switch the handler says only who cannot have it, and calls nothing for that.
        var asked = HasNoSwitch(kind.Route) ? resources : Share(resources);
        foreach (var group in asked.GroupBy(resource => (resource.Account, resource.Region)))
        {
            var target = layout.Delivery(kind, group.Key.Account, group.Key.Region);
            await foreach (var observed in handler.ObserveAsync(kind, [.. group], target, cancel))
            {
                answers[observed.Resource.Id] = observed;
            }
        }

        return answers;
    }

    /// <summary>The share of a large unit whose turn it is; the turns go round with the hours.</summary>
    private IEnumerable<ResourceRef> Share(List<ResourceRef> resources)
    {
        if (resources.Count <= options.SwitchesPerUnit)
        {
            return resources;
        }

        var shares = (resources.Count + options.SwitchesPerUnit - 1) / options.SwitchesPerUnit;
        var turn = (int)(time.GetUtcNow().ToUnixTimeSeconds() / 3600 % shares);
        return resources
            .OrderBy(resource => resource.Id, StringComparer.Ordinal)
            .Skip(turn * options.SwitchesPerUnit)
            .Take(options.SwitchesPerUnit);
    }

    private async Task<Look> CombineAsync(
        ResourceRef resource,
        CollectKind kind,
        Observed? observed,
        CancellationToken cancel
    )
    {
        var route = kind.Kind.Route;
        var product =
            observed?.State
            ?? (
                HasNoSwitch(route)
                    ? new Observation.Enabled()
                    : new Observation.Unknown("its switch was not read in this run; its turn comes")
            );
        if (product is Observation.Disabled off && (off.RecordsTell || route == Routes.Manual))
        {
            product = await ArrivedAsync(kind.Kind, resource, off, cancel);
        }

        if (
            product is Observation.NotApplicable or Observation.Unknown
            || !route.HasFlag(Routes.Policy)
            || observed?.Lands is not null
        )
        {
            return new(resource, kind, product, observed?.Fixes ?? [], false)
            {
                Stuck = product is Observation.Disabled && observed?.Fixes is not { Count: > 0 },
                Lands = observed?.Lands,
            };
        }

        var stuck = product is Observation.Disabled && observed?.Fixes is not { Count: > 0 };
        if (await ReachedAsync(resource, kind.Kind, cancel))
        {
            return new(resource, kind, product, observed?.Fixes ?? [], false) { Stuck = stuck };
        }

        var why = product is Observation.Disabled missing
            ? $"{missing.Why}; no collection policy reaches it"
            : "no collection policy reaches it";
        // The missing policy does not take away what a person must do in the product.
        var todo = product is Observation.Disabled { Todo: var step } ? step : "";
        return new(resource, kind, new Observation.Disabled(why) { Todo = todo }, observed?.Fixes ?? [], true)
        {
            Stuck = stuck,
        };
    }

    /// <summary>Where no call tells whether a person has switched a log on, its records do.</summary>
    private async Task<Observation> ArrivedAsync(
        LogKind kind,
        ResourceRef resource,
        Observation.Disabled off,
        CancellationToken cancel
    )
    {
        try
        {
            return await arrivals.AnyAsync(kind, resource, cancel) ? new Observation.Enabled() : off;
        }
        catch (Exception exception) when (!cancel.IsCancellationRequested)
        {
            ArrivalsUnreadable(log, exception, kind.Product, kind.Name);
            return new Observation.Unknown(
                $"whether {kind.Name} records arrive could not be read: {exception.Message}"
            );
        }
    }

    private static bool HasNoSwitch(Routes route) =>
        route != Routes.Manual && (route & ~(Routes.Policy | Routes.Poll)) == Routes.Manual;

    private async Task<bool> ReachedAsync(ResourceRef resource, LogKind kind, CancellationToken cancel)
    {
        var owner = layout.PolicyOwner(resource.Account);
        var target = layout.Delivery(kind, owner, layout.CentralRegion);
        return kind.Policy is { } codes
            && (await policies.ListAsync(owner, cancel)).Values.Any(policy =>
                PolicyReach.Collects(policy, owner, codes, resource, target)
            );
    }

    [LoggerMessage(
        5035,
        LogLevel.Warning,
        "Whether records of {Product} {Kind} arrive could not be read; the log counts as unknown"
    )]
    private static partial void ArrivalsUnreadable(ILogger log, Exception exception, string product, string kind);

    [LoggerMessage(
        5001,
        LogLevel.Warning,
        "{Unit} could not be looked at; it counts as unknown and nothing is planned for it"
    )]
    private static partial void UnitUnreadable(ILogger log, Exception exception, string unit);
}
