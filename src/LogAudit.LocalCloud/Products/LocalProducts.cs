using LogAudit.LocalCloud.Kernel;

namespace LogAudit.LocalCloud.Products;

/// <summary>The products of this cloud, for scenario, coverage and log generation.</summary>
internal sealed class LocalProducts : IPart
{
    private readonly List<ILocalProduct> _all = [];

    /// <summary>The products in the order of registration.</summary>
    public IReadOnlyList<ILocalProduct> All => _all;

    public void Register(Cloud cloud) => cloud.Services.Add(this);

    public void Add(ILocalProduct product) => _all.Add(product);

    /// <summary>A product by code.</summary>
    /// <exception cref="InvalidOperationException">There is none of this code.</exception>
    public ILocalProduct Of(string code) =>
        _all.Find(product => string.Equals(product.Product, code, StringComparison.Ordinal))
        ?? throw new InvalidOperationException($"LocalCloud has no product {code}.");
}
