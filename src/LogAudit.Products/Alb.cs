using LogAudit.OpenApi;
using Newtonsoft.Json.Linq;

namespace LogAudit.Products;

/// <summary>Access logs of Application Load Balancer: one place per load balancer, told by the list itself and switched by jobs of the service.</summary>
internal sealed class Alb(OpenApiClient api, Writing writing, ProductFacts facts, ProductOptions options)
    : IProductHandler
{
    private const string AccessLog = "alb.access-log";
    private const string Get = "GetLoadBalancerAttribute";

    public ProductSpec Spec => facts.Spec;

    public IReadOnlyCollection<string> SettingKinds => [AccessLog];

    public IAsyncEnumerable<ResourceRef> ListAsync(Scope scope, CancellationToken cancel) =>
        api.ResourcesAsync(facts, scope, cancel);

    public IAsyncEnumerable<Observed> ObserveAsync(
        LogKind kind,
        IReadOnlyList<ResourceRef> resources,
        LogTarget target,
        CancellationToken cancel
    ) =>
        Observing.EachAsync(
            kind,
            resources,
            (balancer, _) => Task.FromResult(Judge(kind, balancer, LogPlace.Of(target))),
            cancel
        );

    public async Task<SettingState?> ReadAsync(SettingRef setting, CancellationToken cancel)
    {
        try
        {
            var answer = await api.CallAsync(Call(Get, setting), cancel);
            _ = answer.Need("LoadBalancerId", "Alb", Get);
            return LogPlace.Read(
                answer.TextOf("AccessLogConfig.LogProject"),
                answer.TextOf("AccessLogConfig.LogStore"),
                "Alb",
                Get
            );
        }
        catch (OpenApiException failure) when (facts.Errors.IsGone(failure))
        {
            return null;
        }
    }

    public Task WriteAsync(SettingChange change, CancellationToken cancel) =>
        Switching.WriteAsync(
            change,
            ReadAsync,
            async (present, wanted) =>
            {
                // The place cannot be overwritten: what is there goes first.
                if (present is not null)
                {
                    var off = Call("DisableLoadBalancerAccessLog", change.Setting);
                    await SendAsync(off, change.Setting, becomes: null, cancel);
                }

                if (wanted is not null)
                {
                    var on = Call("EnableLoadBalancerAccessLog", change.Setting);
                    var place = on
                        .Parameters.With("LogProject", wanted["project"])
                        .With("LogStore", wanted["logstore"]);
                    await SendAsync(on with { Parameters = place }, change.Setting, wanted, cancel);
                }
            },
            cancel
        );

    private Observed Judge(LogKind kind, ResourceRef balancer, SettingState wanted)
    {
        var told = balancer.Properties;
        return told["status"] switch
        {
            "CreateFailed" => balancer.Is(kind, new Observation.NotApplicable("its creation failed")),
            "Provisioning" => balancer.Is(
                kind,
                new Observation.Unknown($"{balancer.Id} is still being created", LookAgain: true)
            ),
            _ => LogPlace.OfBalancer(
                kind,
                balancer,
                AccessLog,
                LogPlace.Read(told["log.project"], told["log.logstore"], "Alb", "ListLoadBalancers"),
                wanted,
                options.MayRedirect(Spec.Code)
            ),
        };
    }

    private async Task SendAsync(ApiCall call, SettingRef setting, SettingState? becomes, CancellationToken cancel)
    {
        await writing.SendAsync(call, facts.Errors, IsSoAsync, cancel);
        // The answer only names a job; the load balancer shows the place when the job has ended.
        await writing.WaitAsync(IsSoAsync, cancel);

        async Task<bool> IsSoAsync(CancellationToken stop) => Equals(await ReadAsync(setting, stop), becomes);
    }

    private static ApiCall Call(string action, SettingRef setting) =>
        new()
        {
            Product = ApiProducts.Alb,
            Action = action,
            Account = setting.Account,
            Region = setting.Region,
            Parameters = ApiParameters.Of(("LoadBalancerId", setting.Id)),
        };
}
