using LogAudit.OpenApi;

namespace LogAudit.Products;

/// <summary>Access logs of File Storage NAS: log analysis, on or off for each file system, into a project that the product makes in the account and region.</summary>
internal sealed class Nas(OpenApiClient api, Writing writing, ProductFacts facts) : IProductHandler
{
    private const string LogAnalysis = "nas.log-analysis";

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
    ) =>
        Observing.TogetherAsync(
            kind,
            resources,
            async offered =>
            {
                var analysed = await switches.ReadAsync(LogAnalysis, offered, cancel);
                return
                [
                    .. offered.Select(files =>
                        analysed.TryGetValue(files.Id, out var row)
                            ? files.Is(kind, new Observation.Enabled()) with
                            {
                                Lands = Landing(files, Need(row, "Project"), Need(row, "Logstore")),
                            }
                            : JudgeOff(kind, files)
                    ),
                ];
            },
            cancel
        );

    public Task<SettingState?> ReadAsync(SettingRef setting, CancellationToken cancel) =>
        switches.ReadAsync(setting, cancel);

    public Task WriteAsync(SettingChange change, CancellationToken cancel) => switches.WriteAsync(change, cancel);

    private Observed JudgeOff(LogKind kind, ResourceRef files) =>
        facts.Against(kind, files) is { } obstacle
            ? files.Is(kind, obstacle)
            : files.IsAsFixed(kind, switches.Fix(LogAnalysis, files, present: null)) with
            {
                Lands = Landing(files, $"nas-{files.Account}-{files.Region}", Expected(files)),
            };

    /// <summary>The Logstore that the product will write to, by kind of file system.</summary>
    private string Expected(ResourceRef files) =>
        facts.Words[
            files.Properties["type"] is "extreme" ? "extremeLogstore"
            : files.Properties["protocol"] is "SMB" ? "smbLogstore"
            : "nfsLogstore"
        ][0];

    private static string Need(SwitchRow row, string name) =>
        row.Row.Need($"MetaValue.{name}", "NAS", "DescribeLogAnalysis");

    private static LogTarget Landing(ResourceRef files, string project, string logstore) =>
        new(files.Account, files.Region, new ProjectName(project), new LogstoreName(logstore));
}
