using LogAudit.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace LogAudit.Products;

/// <summary>Registers the products.</summary>
public static class ProductRegistration
{
    /// <summary>Adds <see cref="ProductCatalogue"/> and an <see cref="IProductHandler"/> for each of some products; by its code, every product's handler can be had.</summary>
    /// <param name="services">The services.</param>
    /// <param name="codes">The products that are worked on: those that the settings name, or all.</param>
    /// <remarks>Composition has called <c>AddLogAuditOpenApi</c> and registered <see cref="Settings"/> or <see cref="ProductOptions"/>.</remarks>
    public static IServiceCollection AddLogAuditProducts(
        this IServiceCollection services,
        IReadOnlyCollection<string> codes
    )
    {
        services.TryAddSingleton<ProductCatalogue>();
        services.TryAddSingleton(given => ProductOptions.From(given.GetRequiredService<Settings>()));
        services.TryAddSingleton(given => new HandlerParts(
            given.GetRequiredService<OpenApiClient>(),
            given.GetRequiredService<OssClient>(),
            new Writing(
                given.GetRequiredService<OpenApiClient>(),
                given.GetRequiredService<CurrentInvocation>(),
                given.GetRequiredService<TimeProvider>()
            ),
            given.GetRequiredService<ProductOptions>()
        ));
        foreach (var code in ProductCatalogue.Codes)
        {
            services.AddKeyedSingleton(
                code,
                (given, _) =>
                    given.GetRequiredService<ProductCatalogue>().Handler(code, given.GetRequiredService<HandlerParts>())
            );
        }

        foreach (var code in codes)
        {
            services.AddSingleton(given => given.GetRequiredKeyedService<IProductHandler>(code));
        }

        return services;
    }
}
