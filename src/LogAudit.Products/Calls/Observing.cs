using System.Runtime.CompilerServices;
using LogAudit.OpenApi;

namespace LogAudit.Products;

/// <summary>What every product's observing has in common: regions that do not offer the log, and failures that become "could not tell".</summary>
internal static class Observing
{
    /// <summary>Observes resources of one account and region together, from a few list calls. A failure makes all of them unknown.</summary>
    public static async IAsyncEnumerable<Observed> TogetherAsync(
        LogKind kind,
        IReadOnlyList<ResourceRef> resources,
        Func<IReadOnlyList<ResourceRef>, Task<IReadOnlyList<Observed>>> observe,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        cancel.ThrowIfCancellationRequested();
        if (kind.Ended.Length > 0)
        {
            foreach (var resource in resources)
            {
                yield return resource.Is(
                    kind,
                    new Observation.NotApplicable(
                        $"its delivery ended on {kind.Ended}; what was stored stays searchable"
                    )
                );
            }

            yield break;
        }

        foreach (var elsewhere in resources.Where(resource => !kind.Regions.Contains(resource.Region)))
        {
            yield return elsewhere.Is(kind, new Observation.NotApplicable($"{elsewhere.Region} does not offer it"));
        }

        var offered = resources.Where(resource => kind.Regions.Contains(resource.Region)).ToArray();
        foreach (var observed in offered.Length == 0 ? [] : await TryAsync(kind, offered, observe))
        {
            yield return observed;
        }
    }

    /// <summary>Observes resources one by one, for a product whose state is read per resource. A failure makes only its own resource unknown.</summary>
    public static IAsyncEnumerable<Observed> EachAsync(
        LogKind kind,
        IReadOnlyList<ResourceRef> resources,
        Func<ResourceRef, CancellationToken, Task<Observed>> observe,
        CancellationToken cancel
    ) =>
        TogetherAsync(
            kind,
            resources,
            async offered =>
            {
                var answers = new Observed[offered.Count];
                var bounds = new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancel };
                await Parallel.ForEachAsync(
                    Enumerable.Range(0, offered.Count),
                    bounds,
                    async (index, stop) =>
                        answers[index] = (
                            await TryAsync(kind, [offered[index]], async one => [await observe(one[0], stop)])
                        )[0]
                );
                return answers;
            },
            cancel
        );

    /// <summary>Observes resources whose properties tell everything.</summary>
    public static IAsyncEnumerable<Observed> OfPropertiesAsync(
        LogKind kind,
        IReadOnlyList<ResourceRef> resources,
        Func<ResourceRef, Observed> judge,
        CancellationToken cancel
    ) =>
        TogetherAsync(
            kind,
            resources,
            offered => Task.FromResult<IReadOnlyList<Observed>>([.. offered.Select(judge)]),
            cancel
        );

    /// <summary>An observation of one resource, with the changes that mend it.</summary>
    public static Observed Is(
        this ResourceRef resource,
        LogKind kind,
        Observation state,
        params IReadOnlyList<SettingChange> fixes
    ) => new(resource, kind.Name, state, fixes);

    /// <summary>Off, for the reason of the first change that mends it; on where there is none.</summary>
    public static Observed IsAsFixed(this ResourceRef resource, LogKind kind, params IEnumerable<SettingChange?> fixes)
    {
        SettingChange[] needed = [.. fixes.OfType<SettingChange>()];
        return resource.Is(
            kind,
            needed.Length == 0 ? new Observation.Enabled() : new Observation.Disabled(needed[0].Why),
            needed
        );
    }

    private static async Task<IReadOnlyList<Observed>> TryAsync(
        LogKind kind,
        ResourceRef[] resources,
        Func<IReadOnlyList<ResourceRef>, Task<IReadOnlyList<Observed>>> observe
    )
    {
        try
        {
            return await observe(resources);
        }
        catch (OpenApiException failure)
        {
            var why = failure.In(resources[0].Account, resources[0].Region).Message;
            return [.. resources.Select(resource => resource.Is(kind, new Observation.Unknown(why)))];
        }
    }
}
