using LogAudit.Sls;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace LogAudit.Forwarding;

/// <summary>Registers the long-lived consumer.</summary>
public static class ConsumerRegistration
{
    /// <summary>Adds <see cref="Consumer"/> to what <see cref="ServiceRegistration.AddLogAuditForwarding"/> added.</summary>
    /// <param name="services">The services.</param>
    /// <param name="sync">Bounds of the engine.</param>
    /// <param name="options">Bounds of the consumer.</param>
    public static IServiceCollection AddLogAuditConsumer(
        this IServiceCollection services,
        SyncOptions sync,
        ConsumerOptions options
    )
    {
        services.AddLog<Consumer>();
        services.TryAddSingleton<IConsumerGroups>(provider => new SlsConsumerGroups(
            provider.GetRequiredService<SlsClients>()
        ));
        return services.AddSingleton(provider => new Consumer(
            provider.GetRequiredService<ILogSource>(),
            provider.GetRequiredService<IConsumerGroups>(),
            provider.GetRequiredService<Ledger>(),
            provider.GetRequiredService<DeadLetters>(),
            provider.GetRequiredService<MappingCatalogue>(),
            provider.GetRequiredService<IReadOnlyList<Destination>>(),
            sync,
            options,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<Consumer>>()
        ));
    }
}
