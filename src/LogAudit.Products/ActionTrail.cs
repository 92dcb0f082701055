using System.Runtime.CompilerServices;
using LogAudit.OpenApi;

namespace LogAudit.Products;

/// <summary>The trail of an account: one that delivers all its events to the central project. In a resource directory the organisation's one trail stands for all members.</summary>
/// <remarks>A trail delivers only to a Logstore of its own, <c>actiontrail_&lt;trail&gt;</c>. One that exists and delivers to the central project is
/// adopted under its own name: the resource says so in <c>logstore</c>.</remarks>
internal sealed class ActionTrail(OpenApiClient api, Writing writing, ProductFacts facts, ProductOptions options)
    : IProductHandler
{
    private const string TrailSetting = "actiontrail.trail";

    // Source: ActionTrail limits, single-account trails per region and account.
    private const int MostTrails = 5;

    public ProductSpec Spec => facts.Spec;

    public IReadOnlyCollection<string> SettingKinds => [TrailSetting];

    private bool Organisation => options.Accounts == AccountsMode.Directory;

    /// <summary>The account's one trail, whether it exists or not: there is always one to ask for. Ids in scope do not narrow it, an event of any trail concerns it.</summary>
    public async IAsyncEnumerable<ResourceRef> ListAsync(Scope scope, [EnumeratorCancellation] CancellationToken cancel)
    {
        if (Organisation && scope.Account != options.Central.Account)
        {
            yield break;
        }

        var trails = await TrailsAsync(scope.Account, options.Central.Region, null, cancel);
        var arn = Trail.ProjectArn(options.Central.Account, options.Central.Region, options.Central.Project);
        var trail =
            trails.FirstOrDefault(trail =>
                trail.DeliversTo(arn, Organisation) && trail.Name.Same(options.Central.Trail)
            ) ?? trails.FirstOrDefault(trail => trail.DeliversTo(arn, Organisation));
        var name = trail?.Name ?? options.Central.Trail;
        yield return new ResourceRef
        {
            Product = Spec.Code,
            Account = scope.Account,
            Region = options.Central.Region,
            Id = name,
            Name = name,
            Properties = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["logstore"] = $"actiontrail_{name}",
                ["adopted"] = name.Same(options.Central.Trail) ? "false" : "true",
            },
        };
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
            // No call tells of a platform trail.
            async (trail, stop) =>
                kind.Route == Routes.Manual
                    ? trail.Is(kind, ByHand.Off(kind, trail))
                    : await JudgeAsync(kind, trail, target, stop),
            cancel
        );

    public async Task<SettingState?> ReadAsync(SettingRef setting, CancellationToken cancel) =>
        (await TrailsAsync(setting.Account, setting.Region, setting.Id, cancel))
            .FirstOrDefault(trail => trail.Name.Same(setting.Id))
            ?.State;

    public async Task WriteAsync(SettingChange change, CancellationToken cancel)
    {
        var present = await ReadAsync(change.Setting, cancel);
        if (Equals(present, change.To))
        {
            return;
        }

        // A trail is made stopped: one that is only not started yet is a create that was cut short.
        var isHalfMade = change is { From: null, To: { } made } && Equals(present, made.With("logging", "false"));
        if (!isHalfMade)
        {
            SettingMovedException.ThrowUnlessFrom(change, present);
        }

        if (change.To is not { } to)
        {
            await LogAsync(change.Setting, on: false, cancel);
            await SendAsync(Trail.Call(change.Setting, "DeleteTrail"), change.Setting, state => state is null, cancel);
            return;
        }

        if (present is null || !present.With("logging", to["logging"]).Equals(to))
        {
            await SendAsync(
                Trail.Describing(change.Setting, to, isNew: present is null),
                change.Setting,
                state => state is not null && state.With("logging", to["logging"]).Equals(to),
                cancel
            );
        }

        if (!to["logging"].Same(present?["logging"] ?? "false"))
        {
            await LogAsync(change.Setting, to["logging"] is "true", cancel);
        }
    }

    private async Task<Observed> JudgeAsync(LogKind kind, ResourceRef trail, LogTarget target, CancellationToken cancel)
    {
        var arn = Trail.ProjectArn(target.Account, target.Region, target.Project);
        var trails = await TrailsAsync(trail.Account, trail.Region, null, cancel);
        var present = trails.FirstOrDefault(other => other.Name.Same(trail.Id));
        if (present is null)
        {
            return JudgeAbsent(kind, trail, target, trails);
        }

        var (verdict, needsUpdate) = present.Judge(arn, Organisation);
        if (verdict is not null)
        {
            return trail.Is(kind, new Observation.Disabled(verdict));
        }

        var setting = new SettingRef(TrailSetting, trail.Account, present.HomeRegion ?? trail.Region, trail.Id);
        if (needsUpdate || !present.IsLogging)
        {
            var why = $"trail {trail.Id} {(present.IsLogging ? "does not record every event" : "is stopped")}";
            var to = present.State.With("slsProjectArn", arn).With("eventRW", "All").With("trailRegion", "All");
            return trail.Is(
                kind,
                new Observation.Disabled(why),
                new SettingChange(setting, present.State, to.With("logging", "true"), why)
            );
        }

        return trail.Is(kind, await DeliveryAsync(setting, cancel));
    }

    private Observed JudgeAbsent(LogKind kind, ResourceRef trail, LogTarget target, IReadOnlyList<Trail> trails)
    {
        var arn = Trail.ProjectArn(target.Account, target.Region, target.Project);
        if (Organisation && trails.FirstOrDefault(other => other.IsOrganisation) is { } taken)
        {
            return trail.Is(
                kind,
                new Observation.Disabled(
                    $"the organisation's one trail is {taken.Name} and delivers to {taken.Destination}; "
                        + $"make it deliver to {arn}, or delete it and let LogAudit make its own"
                )
            );
        }

        if (
            !Organisation
            && trails.Count(other => !other.IsOrganisation && other.HomeRegion == trail.Region) >= MostTrails
        )
        {
            return trail.Is(
                kind,
                new Observation.Disabled(
                    $"the account has {MostTrails} trails in {trail.Region} already, and no more fit"
                )
            );
        }

        var why = $"no trail of account {trail.Account} delivers to {arn}";
        var wanted = Trail.Wanted(arn, Organisation);
        var setting = new SettingRef(TrailSetting, trail.Account, trail.Region, trail.Id);
        return trail.Is(kind, new Observation.Disabled(why), new SettingChange(setting, null, wanted, why));
    }

    // A trail that runs can still fail to deliver, which only its status tells.
    private async Task<Observation> DeliveryAsync(SettingRef setting, CancellationToken cancel)
    {
        var call = Trail.Call(setting, "GetTrailStatus");
        if (Organisation)
        {
            call = call with { Parameters = call.Parameters.With("IsOrganizationTrail", Organisation) };
        }

        var error = (await api.CallAsync(call, cancel)).TextOf("LatestDeliveryLogServiceError");
        return error.Length == 0
            ? new Observation.Enabled()
            : new Observation.Disabled($"trail {setting.Id} runs, but its delivery fails: {error}");
    }

    private async Task LogAsync(SettingRef setting, bool on, CancellationToken cancel)
    {
        var call = Trail.Call(setting, on ? "StartLogging" : "StopLogging");
        await SendAsync(call, setting, IsSo, cancel);
        await writing.WaitAsync(async stop => IsSo(await ReadAsync(setting, stop)), cancel);

        bool IsSo(SettingState? state) => (state?["logging"] ?? "false").Same(on ? "true" : "false");
    }

    private Task SendAsync(
        ApiCall call,
        SettingRef setting,
        Func<SettingState?, bool> isSo,
        CancellationToken cancel
    ) => writing.SendAsync(call, facts.Errors, async stop => isSo(await ReadAsync(setting, stop)), cancel);

    private async Task<IReadOnlyList<Trail>> TrailsAsync(
        AccountId account,
        RegionId region,
        string? name,
        CancellationToken cancel
    )
    {
        var list = facts.Lists["trails"];
        var call = list.In(account, region);
        call = call with
        {
            Parameters = call
                .Parameters.With("IncludeOrganizationTrail", Organisation ? true : null)
                .With("NameList", name),
        };
        return [.. (await api.AllAsync(call, list.Paging, cancel)).Select(Trail.Read)];
    }
}
