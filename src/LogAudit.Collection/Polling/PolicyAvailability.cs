using System.Collections.Concurrent;

namespace LogAudit.Collection;

/// <summary>Tells whether a collection policy that is missing may still come: reconciling makes it within minutes, unless the service refuses it.</summary>
/// <remarks>It is not to be expected any more when the last full run could not make it, or when it has been missing for <see cref="Patience"/>, which is three full runs.</remarks>
internal sealed class PolicyAvailability(Layout layout, IRunStore store, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    private readonly ConcurrentDictionary<(string Policy, string Resource), DateTimeOffset> missingSince = new();
    private IReadOnlyList<string> failures = [];

    /// <summary>Reads what the last full run could not do.</summary>
    public async Task RecallAsync(CancellationToken cancel) =>
        failures = (await store.RecallAsync(cancel)).LastFull?.Errors ?? [];

    /// <summary>Whether a policy is missing and may still come.</summary>
    public bool MayStillCome(Look look)
    {
        if (look.Collect.Kind.Policy is not { } codes || !look.Collect.Kind.Route.HasFlag(Routes.Policy))
        {
            return false;
        }

        var policy = PolicySide.RefOf(codes, layout.PolicyOwner(look.Resource.Account), layout).ToString();
        var key = (policy, look.Resource.ToString());
        if (!look.PolicyMissing)
        {
            missingSince.TryRemove(key, out _);
            return false;
        }

        var now = time.GetUtcNow();
        return !failures.Any(failure => failure.StartsWith($"{policy}:", StringComparison.Ordinal))
            && now - missingSince.GetOrAdd(key, now) < Patience;
    }
}
