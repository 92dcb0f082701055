using LogAudit.OpenApi;
using Newtonsoft.Json.Linq;

namespace LogAudit.Products;

/// <summary>SQL audit of PolarDB-X 1.0: a switch of each database of an instance, into a project that the product makes in the account and region.</summary>
/// <remarks>A setting is named by <c>instance id/database</c>.</remarks>
internal sealed class Drds(OpenApiClient api, Writing writing, ProductFacts facts) : IProductHandler
{
    private const string SqlAudit = "drds.sql-audit";
    private static readonly SettingState On = SettingState.Of(("enabled", "true"));

    public ProductSpec Spec => facts.Spec;

    public IReadOnlyCollection<string> SettingKinds => [SqlAudit];

    public IAsyncEnumerable<ResourceRef> ListAsync(Scope scope, CancellationToken cancel) =>
        api.ResourcesAsync(facts, scope, cancel);

    public IAsyncEnumerable<Observed> ObserveAsync(
        LogKind kind,
        IReadOnlyList<ResourceRef> resources,
        LogTarget target,
        CancellationToken cancel
    ) => Observing.EachAsync(kind, resources, (instance, stop) => JudgeAsync(kind, instance, stop), cancel);

    public async Task<SettingState?> ReadAsync(SettingRef setting, CancellationToken cancel)
    {
        const string action = "CheckSqlAuditEnableStatus";
        var answer = await api.CallAsync(Call(action, setting), cancel);
        return answer.Need("Status", "Drds", action) switch
        {
            "enabled" => On,
            "disabled" => null,
            var other => throw Rows.Unreadable("Drds", action, $"Status is {other}, neither enabled nor disabled"),
        };
    }

    public Task WriteAsync(SettingChange change, CancellationToken cancel) =>
        Switching.WriteAsync(
            change,
            ReadAsync,
            (_, wanted) =>
                writing.SendAsync(
                    Call(wanted is null ? "DisableSqlAudit" : "EnableSqlAudit", change.Setting),
                    facts.Errors,
                    async stop => Equals(await ReadAsync(change.Setting, stop), wanted),
                    cancel
                ),
            cancel
        );

    private async Task<Observed> JudgeAsync(LogKind kind, ResourceRef instance, CancellationToken cancel)
    {
        if (instance.Properties["status"] is not "RUN")
        {
            var why = $"{instance.Id} is {instance.Properties["status"]}, not RUN";
            return instance.Is(kind, new Observation.Unknown(why, LookAgain: true));
        }

        var list = facts.Lists["databases"];
        var call = list.In(instance.Account, instance.Region);
        var rows = await api.AllAsync(
            call with
            {
                Parameters = call.Parameters.With("DrdsInstanceId", instance.Id),
            },
            list.Paging,
            cancel
        );
        if (rows.Count == 0)
        {
            return instance.Is(kind, new Observation.NotApplicable("it has no database"));
        }

        var on = rows.Select(row => (Setting: SettingOf(instance, row), IsOn: IsOn(row))).ToLookup(one => one.IsOn);
        var fixes = on[false]
            .Select(one => new SettingChange(one.Setting, null, On, $"SQL audit of {one.Setting.Id} is off"))
            .ToArray();
        var state =
            fixes.Length == 0
                ? (Observation)new Observation.Enabled()
                : new Observation.Disabled(string.Join("; ", fixes.Select(fix => fix.Why)));
        return instance.Is(kind, state, fixes) with
        {
            Lands = await LandingAsync(instance, on[true].Select(one => one.Setting).FirstOrDefault(), cancel),
        };
    }

    /// <summary>Where the audit of a database goes; where it will go when that of none is on.</summary>
    private async Task<LogTarget> LandingAsync(ResourceRef instance, SettingRef? audited, CancellationToken cancel)
    {
        const string action = "DescribeInstDbSlsInfo";
        var (project, logstore) = ($"drds-audit-{instance.Region}-{instance.Account}", facts.Words["logstore"][0]);
        if (audited is not null)
        {
            var answer = await api.CallAsync(Call(action, audited), cancel);
            project = answer.Need("AuditInfo.Project", "Drds", action);
            logstore = answer.Need("AuditInfo.LogStore", "Drds", action);
        }

        return new(instance.Account, instance.Region, new ProjectName(project), new LogstoreName(logstore));
    }

    private SettingRef SettingOf(ResourceRef instance, JObject row) =>
        new(
            SqlAudit,
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

    private static ApiCall Call(string action, SettingRef setting) =>
        new()
        {
            Product = ApiProducts.Drds,
            Action = action,
            Account = setting.Account,
            Region = setting.Region,
            Parameters = setting.Id.Split('/', 2) is [var instance, var database]
                ? ApiParameters.Of(("DrdsInstanceId", instance), ("DbName", database))
                : throw new ArgumentException($"{setting} names no database", nameof(setting)),
        };
}
