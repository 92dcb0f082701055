using Microsoft.Extensions.Logging;

namespace LogAudit.Collection;

/// <summary>What is in scope: the products that are asked for and the units that accounts and regions make with them.</summary>
internal sealed class Estate(
    CollectSettings collect,
    Layout layout,
    IEnumerable<IProductHandler> handlers,
    IArrivals arrivals,
    ReconcileOptions options,
    TimeProvider time
)
{
    private readonly Dictionary<string, IProductHandler> products = handlers.ToDictionary(
        handler => handler.Spec.Code,
        StringComparer.Ordinal
    );

    /// <summary>The products whose logs are asked for.</summary>
    public IReadOnlyList<ProductSpec> Products =>
        [
            .. products
                .Values.Select(handler => handler.Spec)
                .Where(spec => collect.Of(spec.Code).Count > 0)
                .OrderBy(spec => spec.Code, StringComparer.Ordinal),
        ];

    /// <summary>Every unit of a full run, in the order that positions refer to.</summary>
    public IReadOnlyList<Unit> Units(AccountList accounts) =>
        [
            .. accounts.Accounts.SelectMany(account =>
                Products.SelectMany(product =>
                    Regions(product, account.Account).Select(region => new Unit(account.Account, region, product.Code))
                )
            ),
        ];

    /// <summary>The units of one product in one account; of one region or, where the region is not known, of all.</summary>
    public IReadOnlyList<Unit> Units(AccountId account, RegionId? region, string product, IReadOnlyList<string>? ids) =>
        Products.FirstOrDefault(spec => string.Equals(spec.Code, product, StringComparison.Ordinal)) is not { } spec
            ? []
            :
            [
                .. Regions(spec, account)
                    .Where(one =>
                        !spec.ListsPerRegion
                        || region is not { } told
                        || (spec.BySite ? one.IsOfSameSite(told) : one == told)
                    )
                    .Select(one => new Unit(account, one, product, ids)),
            ];

    public Surveyor Surveyor(IPolicyBook policies, ILoggerFactory logs) =>
        new(collect, layout, products, policies, arrivals, options, time, logs.CreateLogger<Surveyor>());

    /// <summary>The regions to look at; none where the central account's own setting serves the account (an organisation trail).</summary>
    private IEnumerable<RegionId> Regions(ProductSpec product, AccountId account)
    {
        var kinds = collect.Of(product.Code);
        return kinds.All(kind => kind.Kind.ServesOrganisation) && !layout.ServesItself(account) ? []
            : !product.ListsPerRegion ? [layout.CentralRegion]
            : layout.Regions.Count > 0 && !product.BySite ? layout.Regions
            : kinds
                .SelectMany(kind => kind.Kind.Regions)
                .Distinct()
                .Where(region => layout.InScope(product, region))
                .OrderBy(region => region.Value, StringComparer.Ordinal);
    }
}
