using LogAudit.OpenApi;

namespace LogAudit.Products;

/// <summary>RDS instances and PolarDB clusters. Their logs come by collection policies or are read by API; the audit also needs the paid SQL log, which DAS switches.</summary>
/// <param name="api">Calls the service.</param>
/// <param name="writing">Sends writes.</param>
/// <param name="facts">Facts of the product.</param>
/// <param name="sqlLog">Kind of the setting of its SQL log, for example <c>rds.sql-log</c>.</param>
/// <param name="tags">API and resource type of ListTagResources, where the list call returns no tags.</param>
internal sealed class RelationalDatabase(
    OpenApiClient api,
    Writing writing,
    ProductFacts facts,
    string sqlLog,
    (ApiProduct Api, string Type)? tags = null
) : IProductHandler
{
    private readonly SqlLogSwitch audit = new(api, writing, facts, sqlLog);

    public ProductSpec Spec => facts.Spec;

    public IReadOnlyCollection<string> SettingKinds => [sqlLog];

    public IAsyncEnumerable<ResourceRef> ListAsync(Scope scope, CancellationToken cancel)
    {
        var databases = api.ResourcesAsync(facts, scope, cancel);
        return tags is { } asked ? databases.WithTagsAsync(api, asked.Api, asked.Type, cancel) : databases;
    }

    public IAsyncEnumerable<Observed> ObserveAsync(
        LogKind kind,
        IReadOnlyList<ResourceRef> resources,
        LogTarget target,
        CancellationToken cancel
    ) =>
        Observing.EachAsync(
            kind,
            resources,
            async (database, stop) =>
                DatabaseEligibility.WhyNot(facts, kind, database) is { } obstacle ? database.Is(kind, obstacle)
                : kind.Route.HasFlag(Routes.Switch) ? await audit.JudgeAsync(kind, database, stop)
                : database.Is(kind, new Observation.Enabled()),
            cancel
        );

    public Task<SettingState?> ReadAsync(SettingRef setting, CancellationToken cancel) =>
        audit.ReadAsync(setting, cancel);

    public Task WriteAsync(SettingChange change, CancellationToken cancel) => audit.WriteAsync(change, cancel);
}
