using LogAudit.OpenApi;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LogAudit.Products;

/// <summary>Access and attack logs of Web Application Firewall: a log service per instance, and a switch per protected object (3.0) or domain (2.0).</summary>
internal sealed class Waf(OpenApiClient api, Writing writing, ProductFacts facts) : IProductHandler
{
    private readonly Switches switches = new(api, writing, facts);

    public ProductSpec Spec => facts.Spec;

    public IReadOnlyCollection<string> SettingKinds => switches.Kinds;

    // Neither list can be asked for one object, so an event about one reads the list of its site.
    public IAsyncEnumerable<ResourceRef> ListAsync(Scope scope, CancellationToken cancel) =>
        api.ResourcesAsync(facts, "objects", scope, cancel).Concat(api.ResourcesAsync(facts, "domains", scope, cancel));

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
                var answers = new List<Observed>();
                foreach (var instance in offered.GroupBy(one => one.Properties["instance.id"], StringComparer.Ordinal))
                {
                    var ready = instance.Where(one => IsOpen(one) && facts.Against(kind, one) is null).ToArray();
                    var told = ready.Length > 0 ? await switches.ReadAsync(SwitchOf(ready[0]), ready, cancel) : null;
                    answers.AddRange(instance.Select(one => Judge(kind, one, told)));
                }

                return answers;
            },
            cancel
        );

    public Task<SettingState?> ReadAsync(SettingRef setting, CancellationToken cancel) =>
        switches.ReadAsync(setting, cancel);

    public Task WriteAsync(SettingChange change, CancellationToken cancel) => switches.WriteAsync(change, cancel);

    private Observed Judge(LogKind kind, ResourceRef one, IReadOnlyDictionary<string, SwitchRow>? told)
    {
        if (facts.Against(kind, one) is { } obstacle)
        {
            return one.Is(kind, obstacle);
        }

        SwitchRow row = default;
        if (IsOpen(one) && told?.TryGetValue(one.Id, out row) is not true)
        {
            return one.Is(kind, new Observation.Unknown($"the answer does not tell whether {one.Id} logs"));
        }

        const string service = "waf.log-service";
        var answer = one.IsAsFixed(
            kind,
            IsOpen(one) ? null : switches.Fix(service, one, switches.Off(service)),
            switches.Fix(SwitchOf(one), one, row.State ?? switches.Off(SwitchOf(one)))
        );
        return (answer.Fixes.Count == 0 && Sampled(one) is { } sampled ? one.Is(kind, sampled) : answer) with
        {
            Lands = OwnProject.Lands(kind, one),
        };
    }

    private static bool IsOpen(ResourceRef one) => one.Properties["logs"] is "on";

    private static string SwitchOf(ResourceRef one) =>
        one.Properties["generation"] is "2.0" ? "waf.domain-log" : "waf.object-log";

    /// <summary>Off in part, when only a share of the requests is logged; null when all are.</summary>
    private static Observation.Disabled? Sampled(ResourceRef one)
    {
        var strategy = one.Properties.GetValueOrDefault("strategy", "");
        try
        {
            var rates = JArray
                .Parse(strategy.Length == 0 ? "[]" : strategy)
                .Where(row => row.TextOf("rate") is { Length: > 0 } rate and not "100")
                .Select(row => $"{row.TextOf("logType")} {row.TextOf("rate")} %")
                .ToArray();
            return rates.Length == 0
                ? null
                : new Observation.Disabled($"WAF logs only a share of the requests: {string.Join(", ", rates)}")
                {
                    Todo = "WAF console > Log Service > Log Settings: set every log type to 100 %",
                };
        }
        catch (JsonException)
        {
            throw Rows.Unreadable("waf-openapi", "DescribeUserLogFieldConfig", "LogDeliveryStrategy is no JSON list");
        }
    }
}
