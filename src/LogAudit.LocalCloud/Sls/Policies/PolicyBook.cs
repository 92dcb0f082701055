using LogAudit.LocalCloud.Kernel;

namespace LogAudit.LocalCloud.Sls.Policies;

/// <summary>
/// The collection policies of all accounts. What was written can be read a little later, and acts later still.
/// </summary>
internal sealed class PolicyBook(Cloud cloud)
{
    private readonly Lock gate = new();
    private readonly Dictionary<(string Account, string Name), List<Version>> policies = [];

    /// <summary>Lag of a read after a write. Source: the Terraform provider polls, 5 s a time, up to 5 min.</summary>
    public NamedDelay ReadLag { get; } =
        cloud.Delays.Declare(
            "collection policy readable",
            TimeSpan.FromSeconds(5),
            "collection policy API, section 5: Terraform polls Get 5 s apart"
        );

    /// <summary>Time until a written policy acts. Source: CloudLens for RDS shows new instances within one minute.</summary>
    public NamedDelay Effect { get; } =
        cloud.Delays.Declare(
            "collection policy acts",
            TimeSpan.FromMinutes(1),
            "collection policy API, section 5: new instances within one minute"
        );

    /// <summary>The newest state of a policy, whatever can be read yet.</summary>
    public CollectionPolicy? Newest(string account, string name)
    {
        lock (gate)
            return policies.GetValueOrDefault((account, name))?[^1].Policy;
    }

    /// <summary>Writes a policy; null deletes it.</summary>
    public void Write(string account, string name, CollectionPolicy? policy)
    {
        var now = cloud.Clock.GetUtcNow();
        lock (gate)
        {
            if (!policies.TryGetValue((account, name), out var versions))
                policies[(account, name)] = versions = [];
            versions.RemoveAll(old => old.Superseded(versions, now));
            versions.Add(new Version(policy, now + cloud.Delays.Of(ReadLag), now + cloud.Delays.Of(Effect)));
        }
    }

    /// <summary>The policies of an account that can be read now, by name.</summary>
    public IReadOnlyList<CollectionPolicy> Readable(string account)
    {
        var now = cloud.Clock.GetUtcNow();
        lock (gate)
        {
            return
            [
                .. policies
                    .Where(pair => pair.Key.Account == account)
                    .Select(pair => pair.Value.LastOrDefault(version => version.ReadableAt <= now)?.Policy)
                    .OfType<CollectionPolicy>()
                    .OrderBy(policy => policy.Name, StringComparer.Ordinal),
            ];
        }
    }

    /// <summary>The enabled policies of all accounts that act now.</summary>
    public IReadOnlyList<CollectionPolicy> Acting()
    {
        var now = cloud.Clock.GetUtcNow();
        lock (gate)
        {
            return
            [
                .. policies
                    .Values.Select(versions => versions.LastOrDefault(version => version.ActsAt <= now)?.Policy)
                    .OfType<CollectionPolicy>()
                    .Where(policy => policy.Enabled),
            ];
        }
    }

    private sealed record Version(CollectionPolicy? Policy, DateTimeOffset ReadableAt, DateTimeOffset ActsAt)
    {
        /// <summary>Whether a later version has taken over for readers and for the collection alike.</summary>
        public bool Superseded(List<Version> all, DateTimeOffset now) =>
            all.Exists(other =>
                !ReferenceEquals(other, this) && all.IndexOf(other) > all.IndexOf(this) && other.ActsAt <= now
            );
    }
}
