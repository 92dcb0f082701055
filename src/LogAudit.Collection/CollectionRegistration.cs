using LogAudit.OpenApi;
using LogAudit.Sls;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace LogAudit.Collection;

/// <summary>Registers the reconcile engine.</summary>
public static class CollectionRegistration
{
    /// <summary>Adds <see cref="IReconciler"/>, <see cref="IUndo"/>, <see cref="IBootstrap"/>, <see cref="DiscoverFunction"/>, <see cref="OnChangeFunction"/> and <see cref="PollFunction"/>.</summary>
    /// <remarks>Composition has called <c>AddLogAuditOpenApi</c>, <c>AddLogAuditSls</c> and <c>AddLogAuditProducts</c> and registered <see cref="Settings"/> and logging. <see cref="ReconcileOptions"/> may be registered before.</remarks>
    public static IServiceCollection AddLogAuditCollection(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<CurrentInvocation>();
        services.TryAddSingleton(new ReconcileOptions());

        // What is asked for, and where it stands.
        services.AddSingleton<Layout>();
        services.AddSingleton(given =>
            CollectSettings.Resolve(
                given.GetRequiredService<Settings>(),
                [.. given.GetServices<IProductHandler>().Select(handler => handler.Spec)]
            )
        );
        services.AddSingleton<SlsAccess>();
        services.AddSingleton<Estate>();
        services.AddSingleton<IArrivals, Arrivals>();
        services.AddSingleton<CarryingRoles>();
        services.AddSingleton<IAccountDirectory, AccountDirectory>();

        // Settings that Collection itself reads and writes.
        services.AddSingleton<ISettingHandler, ProjectSettings>();
        services.AddSingleton<ISettingHandler, LogstoreSettings>();
        services.AddSingleton<ISettingHandler, MetricstoreSettings>();
        services.AddSingleton<ISettingHandler, IndexSettings>();
        services.AddSingleton<DashboardSettings>();
        services.AddSingleton<ISettingHandler>(given => given.GetRequiredService<DashboardSettings>());
        services.AddSingleton<IDashboardNames>(given => given.GetRequiredService<DashboardSettings>());
        services.AddSingleton<ISettingHandler, EtlSettings>();
        services.AddSingleton<ISettingHandler, RoleSettings>();
        services.AddSingleton<CollectionPolicySettings>();
        services.AddSingleton<ISettingHandler>(given => given.GetRequiredService<CollectionPolicySettings>());
        services.AddSingleton<IPolicyBook>(given => given.GetRequiredService<CollectionPolicySettings>());
        services.AddSingleton(given => new SettingHandlers(
            [.. given.GetServices<ISettingHandler>(), .. given.GetServices<IProductHandler>()],
            code => given.GetKeyedService<IProductHandler>(code)
        ));

        // State in the central project.
        services.AddSingleton<IJournal>(given => new SlsJournal(
            State(given, Layout.Journal),
            given.GetRequiredService<ILogger<SlsJournal>>()
        ));
        services.AddSingleton<IRunStore>(given => new SlsRunStore(
            State(given, Layout.Run),
            given.GetRequiredService<TimeProvider>(),
            given.GetRequiredService<ILogger<SlsRunStore>>()
        ));

        // The engine.
        services.AddSingleton<DashboardTurns>();
        services.AddSingleton<Planner>();
        services.AddSingleton<Applier>();
        services.AddSingleton<JournalMender>();
        services.AddSingleton<IReconciler, Reconciler>();
        services.AddSingleton<IUndo, Undo>();
        services.AddSingleton<IBootstrap, Bootstrap>();
        services.AddSingleton(given => new RunHistory(given.GetRequiredService<IRunStore>()));

        // Logs that are read by API.
        services.AddSingleton(given => new PollCursors(
            State(given, Layout.Run),
            given.GetRequiredService<TimeProvider>(),
            given.GetRequiredService<ILogger<PollCursors>>()
        ));
        services.AddSingleton(given => new PollNotes(
            State(given, Layout.Run),
            given.GetRequiredService<TimeProvider>()
        ));
        services.AddSingleton<PollQuota>();
        services.AddSingleton<PollPages>();
        services.AddSingleton<Poller>();
        services.AddSingleton<PolicyAvailability>();
        services.AddSingleton<PollTargets>();

        // Logs.
        services
            .AddLog<AccountDirectory>()
            .AddLog<Applier>()
            .AddLog<DelayedLooks>()
            .AddLog<JournalMender>()
            .AddLog<OnChangeFunction>()
            .AddLog<Planner>()
            .AddLog<PollCursors>()
            .AddLog<PollFunction>()
            .AddLog<SlsJournal>()
            .AddLog<SlsRunStore>()
            .AddLog<TrailFeed>()
            .AddLog<Undo>();

        // The functions.
        services.AddSingleton<DelayedLooks>();
        services.AddSingleton<TrailFeed>();
        services.AddSingleton(given => new ChangeReader(
            given.GetRequiredService<Estate>().Products,
            given.GetRequiredService<Layout>().InScope,
            new OwnSessions(given.GetRequiredService<Settings>().Accounts.MemberRole)
        ));
        services.AddSingleton(given => new DiscoverFunction(given.GetRequiredService<IReconciler>()));
        services.AddSingleton(given => new PollFunction(
            given.GetRequiredService<PollTargets>(),
            given.GetRequiredService<PollCursors>(),
            given.GetRequiredService<PollNotes>(),
            given.GetRequiredService<Poller>(),
            given.GetRequiredService<ReconcileOptions>(),
            given.GetRequiredService<TimeProvider>(),
            given.GetRequiredService<ILogger<PollFunction>>()
        ));
        services.AddSingleton(given => new OnChangeFunction(
            given.GetRequiredService<IReconciler>(),
            given.GetRequiredService<Estate>(),
            given.GetRequiredService<ChangeReader>(),
            given.GetRequiredService<TrailFeed>(),
            given.GetRequiredService<DelayedLooks>(),
            given.GetRequiredService<Layout>(),
            given.GetRequiredService<ILogger<OnChangeFunction>>()
        ));
        return services;
    }

    private static StateLog State(IServiceProvider given, LogstoreName logstore) =>
        new(
            given.GetRequiredService<SlsAccess>(),
            given.GetRequiredService<Layout>(),
            logstore,
            given.GetRequiredService<TimeProvider>()
        );
}
