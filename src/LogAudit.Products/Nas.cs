using LogAudit.OpenApi;

namespace LogAudit.Products;

/// <summary>Access logs of File Storage NAS: log analysis, on or off for each file system, into a project that the product makes in the account and region.</summary>
internal sealed class Nas(OpenApiClient api, Writing writing, ProductFacts facts) : IProductHandler
{
    private const string LogAnalysis = "nas.log-analysis";
    private static readonly SettingState On = SettingState.Of(("enabled", "true"));

    public ProductSpec Spec => facts.Spec;

    public IReadOnlyCollection<string> SettingKinds => [LogAnalysis];

    public IAsyncEnumerable<ResourceRef> ListAsync(Scope scope, CancellationToken cancel) =>
        api.ResourcesAsync(facts, scope, cancel);

    public IAsyncEnumerable<Observed> ObserveAsync(
        LogKind kind,
        IReadOnlyList<ResourceRef> resources,
        LogTarget target,
        CancellationToken cancel
    ) =>
        Observing.TogetherAsync(
            kind,
            resources,
            async offered =>
            {
                var analysed = await AnalysedAsync(offered[0].Account, offered[0].Region, cancel);
                return [.. offered.Select(files => Judge(kind, files, analysed.GetValueOrDefault(files.Id)))];
            },
            cancel
        );

    public async Task<SettingState?> ReadAsync(SettingRef setting, CancellationToken cancel) =>
        (await AnalysedAsync(setting.Account, setting.Region, cancel)).ContainsKey(setting.Id) ? On : null;

    public Task WriteAsync(SettingChange change, CancellationToken cancel) =>
        Switching.WriteAsync(
            change,
            ReadAsync,
            (_, wanted) =>
                writing.SendAsync(
                    Call(wanted is null ? "DeleteLogAnalysis" : "CreateLogAnalysis", change.Setting),
                    facts.Errors,
                    async stop => Equals(await ReadAsync(change.Setting, stop), wanted),
                    cancel
                ),
            cancel
        );

    private Observed Judge(LogKind kind, ResourceRef files, (string Project, string Logstore)? analysis)
    {
        var (type, status) = (files.Properties["type"], files.Properties["status"]);
        if (facts.Words["parallelTypes"].Contains(type, StringComparer.Ordinal))
        {
            return files.Is(kind, new Observation.NotApplicable($"a file system of the type {type} has no access log"));
        }

        if (analysis is var (project, logstore))
        {
            return files.Is(kind, new Observation.Enabled()) with { Lands = Landing(files, project, logstore) };
        }

        if (status is not "Running")
        {
            return facts.Words["restingStates"].Contains(status, StringComparer.Ordinal)
                ? files.Is(kind, new Observation.NotApplicable($"it is {status}"))
                : files.Is(kind, new Observation.Unknown($"{files.Id} is {status}, not Running", LookAgain: true));
        }

        var why = $"log analysis of {files.Id} is off";
        var setting = new SettingRef(LogAnalysis, files.Account, files.Region, files.Id);
        return files.Is(kind, new Observation.Disabled(why), new SettingChange(setting, null, On, why)) with
        {
            Lands = Landing(files, $"nas-{files.Account}-{files.Region}", Expected(files, type)),
        };
    }

    /// <summary>The Logstore that the product will write to, by kind of file system.</summary>
    private string Expected(ResourceRef files, string type) =>
        facts.Words[
            type is "extreme" ? "extremeLogstore"
            : files.Properties["protocol"] is "SMB" ? "smbLogstore"
            : "nfsLogstore"
        ][0];

    private static LogTarget Landing(ResourceRef files, string project, string logstore) =>
        new(files.Account, files.Region, new ProjectName(project), new LogstoreName(logstore));

    // The list has no filter by file system: it is read whole, once for all file systems of a region.
    private async Task<Dictionary<string, (string Project, string Logstore)?>> AnalysedAsync(
        AccountId account,
        RegionId region,
        CancellationToken cancel
    )
    {
        var list = facts.Lists["analyses"];
        var rows = await api.AllAsync(list.In(account, region), list.Paging, cancel);
        return rows.ToDictionary(
            row => row.Need("MetaKey", list.Product.Code, list.Action),
            row =>
                ((string, string)?)
                    (
                        row.Need("MetaValue.Project", list.Product.Code, list.Action),
                        row.Need("MetaValue.Logstore", list.Product.Code, list.Action)
                    ),
            StringComparer.Ordinal
        );
    }

    private static ApiCall Call(string action, SettingRef setting) =>
        new()
        {
            Product = ApiProducts.Nas,
            Action = action,
            Account = setting.Account,
            Region = setting.Region,
            Parameters = ApiParameters.Of(("RegionId", setting.Region.Value), ("FileSystemId", setting.Id)),
        };
}
