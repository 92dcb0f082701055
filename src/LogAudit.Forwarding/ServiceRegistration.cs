using LogAudit.Sls;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace LogAudit.Forwarding;

/// <summary>Registers forwarding.</summary>
public static class ServiceRegistration
{
    /// <summary>Adds <see cref="SyncFunction"/>, <see cref="SyncEngine"/> and <see cref="StatusReader"/>. Composition adds <see cref="SlsClients"/> and logging.</summary>
    /// <param name="services">The services.</param>
    /// <param name="settings">The settings file.</param>
    /// <param name="file">Its name, for messages.</param>
    /// <param name="kinds">Every log kind of the product catalogue; looked at by the sweep only.</param>
    /// <param name="kindsIn">The log kinds that share a Logstore.</param>
    /// <param name="options">Bounds.</param>
    /// <param name="secrets">Resolves secret references.</param>
    /// <remarks>The destinations are made when they are first needed; a mistake in them is a <see cref="SettingsException"/> then. <see cref="Destinations.Check"/> finds it earlier.</remarks>
    public static IServiceCollection AddLogAuditForwarding(
        this IServiceCollection services,
        Settings settings,
        string file,
        IReadOnlyList<LogKind> kinds,
        Func<string, IReadOnlyList<LogKind>> kindsIn,
        SyncOptions options,
        SecretReferences secrets
    )
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddLog<SyncEngine>().AddLog<CanaryWatch>();

        // Reading and state
        services.TryAddSingleton<ILogSource>(provider => new SlsLogSource(provider.GetRequiredService<SlsClients>()));
        services.TryAddSingleton<IStateStore>(provider => new SlsStateStore(
            provider.GetRequiredService<SlsClients>(),
            settings.Central,
            provider.GetRequiredService<TimeProvider>()
        ));
        services.AddSingleton<Ledger>();
        services.AddSingleton<DeadLetters>();

        // Shaping and sending
        services.AddSingleton(new MappingCatalogue(kindsIn, new UserMappings(settings.Mappings, file)));
        services.AddSingleton(provider =>
            Destinations.Make(
                settings.Destinations,
                file,
                secrets.In(new CloudServices(provider.GetService<ISecretStore>(), provider.GetService<IObjectStore>())),
                provider.GetRequiredService<TimeProvider>()
            )
        );

        // Canaries
        services.AddSingleton(settings.Canary);
        services.AddSingleton<CanaryWatch>();
        services.AddSingleton<CanaryReader>();

        // Entry points
        services.AddSingleton(provider => new SyncEngine(
            provider.GetRequiredService<ILogSource>(),
            provider.GetRequiredService<Ledger>(),
            provider.GetRequiredService<DeadLetters>(),
            provider.GetRequiredService<MappingCatalogue>(),
            provider.GetRequiredService<IReadOnlyList<Destination>>(),
            options,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<SyncEngine>>()
        ));
        services.AddSingleton(provider => new SyncFunction(
            provider.GetRequiredService<SyncEngine>(),
            settings.Central,
            new LateList<LogstoreName>(() => LogstoresOf(settings, kinds)),
            settings.Canary.IsOn ? provider.GetRequiredService<CanaryWatch>() : null
        ));
        services.AddSingleton<StatusReader>();
        services.AddSingleton(provider => new Replay(
            provider.GetRequiredService<ILogSource>(),
            provider.GetRequiredService<IStateStore>(),
            provider.GetRequiredService<MappingCatalogue>(),
            settings.Central,
            options,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<SyncEngine>>()
        ));
        services.AddSingleton(provider => new Backfill(
            provider.GetRequiredService<ILogSource>(),
            provider.GetRequiredService<IStateStore>(),
            provider.GetRequiredService<DeadLetters>(),
            provider.GetRequiredService<MappingCatalogue>(),
            options,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<SyncEngine>>()
        ));
        return services;
    }

    /// <summary>Central Logstores that may hold records: those of the log kinds, with the trail's own name, and those to which listed members' records are carried instead. Metricstores hold no records.</summary>
    public static IReadOnlyList<LogstoreName> LogstoresOf(Settings settings, IEnumerable<LogKind> kinds) =>
        [
            .. kinds
                .Where(kind => !kind.Metricstore)
                .SelectMany(kind =>
                    new[]
                    {
                        kind.Logstore.Replace("{trail}", settings.Central.Trail, StringComparison.Ordinal),
                        settings.Accounts.Mode == AccountsMode.List ? kind.CopyLogstore : "",
                    }
                )
                .Where(name => name.Length > 0)
                .Distinct(StringComparer.Ordinal)
                .Select(name => new LogstoreName(name)),
        ];

    /// <summary>The same Logstores with their central account, region and project.</summary>
    public static IReadOnlyList<LogTarget> TargetsOf(Settings settings, IEnumerable<LogKind> kinds) =>
        [
            .. LogstoresOf(settings, kinds)
                .Select(logstore => new LogTarget(
                    settings.Central.Account,
                    settings.Central.Region,
                    settings.Central.Project,
                    logstore
                )),
        ];
}
