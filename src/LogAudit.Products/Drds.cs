using LogAudit.OpenApi;
using Newtonsoft.Json.Linq;

namespace LogAudit.Products;

/// <summary>SQL audit of PolarDB-X 1.0: a switch of each database of an instance, into a project that the product makes in the account and region.</summary>
/// <remarks>A setting is named by <c>instance id/database</c>.</remarks>
internal sealed class Drds(OpenApiClient api, Writing writing, ProductFacts facts) : IProductHandler
{
    private readonly Switches switches = new(api, writing, facts);

    public ProductSpec Spec => facts.Spec;

    public IReadOnlyCollection<string> SettingKinds => switches.Kinds;

    public IAsyncEnumerable<ResourceRef> ListAsync(Scope scope, CancellationToken cancel) =>
        api.ResourcesAsync(facts, scope, cancel);

    public IAsyncEnumerable<Observed> ObserveAsync(
        LogKind kind,
        IReadOnlyList<ResourceRef> resources,
        LogTarget target,
        CancellationToken cancel
    ) => Observing.EachAsync(kind, resources, (instance, stop) => JudgeAsync(kind, instance, stop), cancel);

    public Task<SettingState?> ReadAsync(SettingRef setting, CancellationToken cancel) =>
        switches.ReadAsync(setting, cancel);

    public Task WriteAsync(SettingChange change, CancellationToken cancel) => switches.WriteAsync(change, cancel);

    private async Task<Observed> JudgeAsync(LogKind kind, ResourceRef instance, CancellationToken cancel)
    {
        if (facts.Against(kind, instance) is { } obstacle)
        {
            return instance.Is(kind, obstacle);
        }

        var list = facts.Lists["databases"];
        var call = list.In(instance.Account, instance.Region);
        var parameters = call.Parameters.With("DrdsInstanceId", instance.Id);
        var rows = await api.AllAsync(call with { Parameters = parameters }, list.Paging, cancel);
        if (rows.Count == 0)
        {
            return instance.Is(kind, new Observation.NotApplicable("it has no database"));
        }

        var on = rows.ToLookup(IsOn, row => SettingOf(instance, row));
        var fixes = on[false].Select(setting => switches.Fix(setting, present: null)!).ToArray();
        var state =
            fixes.Length == 0
                ? (Observation)new Observation.Enabled()
                : new Observation.Disabled(string.Join("; ", fixes.Select(fix => fix.Why)));
        return instance.Is(kind, state, fixes) with
        {
            Lands = await LandingAsync(instance, on[true].FirstOrDefault(), cancel),
        };
    }

    /// <summary>Where the audit of a database goes; where it will go when that of none is on.</summary>
    private async Task<LogTarget> LandingAsync(ResourceRef instance, SettingRef? audited, CancellationToken cancel)
    {
        var (project, logstore) = ($"drds-audit-{instance.Region}-{instance.Account}", facts.Words["logstore"][0]);
        if (audited is not null)
        {
            const string action = "DescribeInstDbSlsInfo";
            var database = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["DrdsInstanceId"] = instance.Id,
                ["DbName"] = audited.Id[(instance.Id.Length + 1)..],
            };
            var call = new CallShape(ApiProducts.Drds, action) { With = database };
            var answer = await api.CallAsync(call.In(instance.Account, instance.Region), cancel);
            project = answer.Need("AuditInfo.Project", "Drds", action);
            logstore = answer.Need("AuditInfo.LogStore", "Drds", action);
        }

        return new(instance.Account, instance.Region, new ProjectName(project), new LogstoreName(logstore));
    }

    private SettingRef SettingOf(ResourceRef instance, JObject row) =>
        new(
            "drds.sql-audit",
            instance.Account,
            instance.Region,
            $"{instance.Id}/{row.Need("DbName", "Drds", facts.Lists["databases"].Action)}"
        );

    private bool IsOn(JObject row) =>
        row.Need("Enabled", "Drds", facts.Lists["databases"].Action) switch
        {
            "true" => true,
            "false" => false,
            var other => throw Rows.Unreadable("Drds", facts.Lists["databases"].Action, $"Enabled is {other}"),
        };
}
