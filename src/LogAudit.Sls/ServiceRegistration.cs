using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace LogAudit.Sls;

/// <summary>Registers the SLS client.</summary>
public static class ServiceRegistration
{
    /// <summary>Adds <see cref="SlsClients"/>. Composition gives <see cref="IAccountCredentials"/>, <see cref="EndpointOverride"/>, <see cref="HttpMessageHandler"/> and logging.</summary>
    public static IServiceCollection AddLogAuditSls(this IServiceCollection services, SlsOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddLog<SlsClients>();
        services.AddSingleton(options.Checked());
        services.AddSingleton(provider => new SlsClients(
            provider.GetRequiredService<IAccountCredentials>(),
            provider.GetRequiredService<EndpointOverride>(),
            provider.GetRequiredService<HttpMessageHandler>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<SlsOptions>(),
            provider.GetRequiredService<ILogger<SlsClients>>()
        ));
        return services;
    }
}
