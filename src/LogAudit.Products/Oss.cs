using System.Runtime.CompilerServices;
using LogAudit.OpenApi;

namespace LogAudit.Products;

/// <summary>Access logs and metering of Object Storage Service: a collection policy does all; here buckets are only listed.</summary>
internal sealed class Oss(OssClient oss, ProductFacts facts) : IProductHandler
{
    public ProductSpec Spec => facts.Spec;

    public IReadOnlyCollection<string> SettingKinds => [];

    public async IAsyncEnumerable<ResourceRef> ListAsync(Scope scope, [EnumeratorCancellation] CancellationToken cancel)
    {
        var only = scope.ResourceIds?.ToHashSet(StringComparer.Ordinal);
        await foreach (var bucket in oss.ListBucketsAsync(scope.Account, scope.Region, cancel))
        {
            if (only is null || only.Contains(bucket.Name))
            {
                yield return new ResourceRef
                {
                    Product = Spec.Code,
                    Account = scope.Account,
                    Region = bucket.Region,
                    Id = bucket.Name,
                    Name = bucket.Name,
                    Properties = new Dictionary<string, string>(StringComparer.Ordinal)
                    {
                        ["instance.id"] = bucket.Name,
                        ["instance.name"] = bucket.Name,
                        ["bucket.storage_class"] = bucket.StorageClass,
                    },
                };
            }
        }
    }

    public IAsyncEnumerable<Observed> ObserveAsync(
        LogKind kind,
        IReadOnlyList<ResourceRef> resources,
        LogTarget target,
        CancellationToken cancel
    ) =>
        Observing.TogetherAsync(
            kind,
            resources,
            buckets =>
                Task.FromResult<IReadOnlyList<Observed>>([
                    .. buckets.Select(bucket => bucket.Is(kind, new Observation.Enabled())),
                ]),
            cancel
        );

    public Task<SettingState?> ReadAsync(SettingRef setting, CancellationToken cancel) => throw Foreign(setting);

    public Task WriteAsync(SettingChange change, CancellationToken cancel) => throw Foreign(change.Setting);

    private static InvalidOperationException Foreign(SettingRef setting) =>
        new($"{setting} is no setting of OSS: its logs are collected by a collection policy alone.");
}
