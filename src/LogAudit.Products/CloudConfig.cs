using LogAudit.OpenApi;

namespace LogAudit.Products;

/// <summary>Logs of Cloud Config: the recorder of an account, and the delivery channel that writes to a Logstore. Each kind is one notification of that channel.</summary>
internal sealed class CloudConfig(OpenApiClient api, Writing writing, ProductFacts facts) : IProductHandler
{
    private const string Recorder = "cloudconfig.recorder";
    private const string Notification = "cloudconfig.notification";

    // Source: CreateConfigDeliveryChannel, limits.
    private const int MostChannels = 5;

    private static readonly SettingState On = SettingState.Of(("status", "on"));

    private readonly Switches switches = new(api, writing, facts);

    public ProductSpec Spec => facts.Spec;

    public IReadOnlyCollection<string> SettingKinds => [Recorder, Notification];

    /// <summary>The account itself: it has one recorder, whether started or not. Ids in scope do not narrow it, an event of any channel concerns it.</summary>
    public IAsyncEnumerable<ResourceRef> ListAsync(Scope scope, CancellationToken cancel) =>
        new[]
        {
            new ResourceRef
            {
                Product = Spec.Code,
                Account = scope.Account,
                Region = scope.Region,
                Id = scope.Account.Value,
                Name = scope.Account.Value,
            },
        }.ToAsyncEnumerable();

    public IAsyncEnumerable<Observed> ObserveAsync(
        LogKind kind,
        IReadOnlyList<ResourceRef> resources,
        LogTarget target,
        CancellationToken cancel
    ) => Observing.EachAsync(kind, resources, (account, stop) => JudgeAsync(kind, account, target, stop), cancel);

    public Task<SettingState?> ReadAsync(SettingRef setting, CancellationToken cancel) =>
        setting.Kind is Recorder ? switches.ReadAsync(setting, cancel) : ReadNotificationAsync(setting, cancel);

    public Task WriteAsync(SettingChange change, CancellationToken cancel) =>
        change.Setting.Kind is Recorder
            ? switches.WriteAsync(change, cancel)
            : Switching.WriteAsync(change, ReadAsync, (_, wanted) => SendAsync(change.Setting, wanted, cancel), cancel);

    private async Task<SettingState?> ReadNotificationAsync(SettingRef setting, CancellationToken cancel) =>
        (await ChannelsAsync(setting.Account, setting.Region, cancel)).Any(Delivery.Of(setting).IsMadeBy) ? On : null;

    private async Task SendAsync(SettingRef setting, SettingState? wanted, CancellationToken cancel)
    {
        var channels = await ChannelsAsync(setting.Account, setting.Region, cancel);
        await writing.SendAsync(
            Delivery.Of(setting).Call(setting, channels, on: wanted is not null),
            facts.Errors,
            async stop => Equals(await ReadNotificationAsync(setting, stop), wanted),
            cancel
        );
    }

    private async Task<Observed> JudgeAsync(
        LogKind kind,
        ResourceRef account,
        LogTarget target,
        CancellationToken cancel
    )
    {
        var wanted = Delivery.Of(kind, target);
        var channels = await ChannelsAsync(account.Account, account.Region, cancel);
        if (channels.Count >= MostChannels && !channels.Any(wanted.IsTargetOf))
        {
            return account.Is(
                kind,
                new Observation.Disabled($"{account.Id} has {MostChannels} delivery channels already, and no more fit")
                {
                    Todo = "delete one that nobody needs, in the Cloud Config console under Delivery",
                }
            );
        }

        var recorder = switches.Of(Recorder, account);
        var fixes = new List<SettingChange>();
        if (switches.Fix(recorder, await switches.ReadAsync(recorder, cancel)) is { } start)
        {
            fixes.Add(start);
        }

        if (!channels.Any(wanted.IsMadeBy))
        {
            var notification = new SettingRef(Notification, account.Account, account.Region, wanted.Id);
            var why = $"no channel of {account.Id} delivers {kind.Name} records to {wanted.Arn}";
            fixes.Add(new SettingChange(notification, null, On, why));
        }

        return account.Is(
            kind,
            fixes.Count == 0 ? new Observation.Enabled() : new Observation.Disabled(fixes[^1].Why),
            fixes
        );
    }

    // Every channel, whatever it delivers to.
    private async Task<IReadOnlyList<DeliveryChannel>> ChannelsAsync(
        AccountId account,
        RegionId region,
        CancellationToken cancel
    )
    {
        var list = facts.Lists["channels"];
        return [.. (await api.AllAsync(list.In(account, region), list.Paging, cancel)).Select(DeliveryChannel.Read)];
    }
}
