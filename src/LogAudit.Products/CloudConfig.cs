using LogAudit.OpenApi;

namespace LogAudit.Products;

/// <summary>Logs of Cloud Config: the recorder of an account, and the delivery channel that writes to a Logstore. Each kind is one notification of that channel.</summary>
internal sealed class CloudConfig(OpenApiClient api, Writing writing, ProductFacts facts) : IProductHandler
{
    private const string RecorderSetting = "cloudconfig.recorder";
    private const string NotificationSetting = "cloudconfig.notification";

    // Source: CreateConfigDeliveryChannel, limits.
    private const int MostChannels = 5;

    private static readonly SettingState On = SettingState.Of(("status", "on"));

    private readonly ConfigAccount config = new(api, facts.Lists["channels"]);

    public ProductSpec Spec => facts.Spec;

    public IReadOnlyCollection<string> SettingKinds => [RecorderSetting, NotificationSetting];

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

    public async Task<SettingState?> ReadAsync(SettingRef setting, CancellationToken cancel)
    {
        var isOn =
            setting.Kind is RecorderSetting
                ? await config.IsRecordingAsync(setting.Account, setting.Region, cancel)
                : (await config.ChannelsAsync(setting.Account, setting.Region, cancel)).Any(
                    Delivery.Of(setting).IsMadeBy
                );
        return isOn ? On : null;
    }

    public Task WriteAsync(SettingChange change, CancellationToken cancel) =>
        Switching.WriteAsync(
            change,
            ReadAsync,
            async (_, wanted) =>
            {
                var setting = change.Setting;
                var call =
                    setting.Kind is RecorderSetting
                        ? ConfigAccount.Call("StartConfigurationRecorder", setting.Account, setting.Region)
                        : await config.SwitchAsync(setting, on: wanted is not null, cancel);
                await writing.SendAsync(
                    call,
                    facts.Errors,
                    async stop => Equals(await ReadAsync(setting, stop), wanted),
                    cancel
                );
            },
            cancel
        );

    private async Task<Observed> JudgeAsync(
        LogKind kind,
        ResourceRef account,
        LogTarget target,
        CancellationToken cancel
    )
    {
        var wanted = Delivery.Of(kind, target);
        var channels = await config.ChannelsAsync(account.Account, account.Region, cancel);
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

        var fixes = new List<SettingChange>();
        if (!await config.IsRecordingAsync(account.Account, account.Region, cancel))
        {
            var recorder = new SettingRef(RecorderSetting, account.Account, account.Region, account.Id);
            var why = $"the configuration recorder of {account.Id} is not started";
            fixes.Add(new SettingChange(recorder, null, On, why) { Reversal = Reversal.Cannot });
        }

        if (!channels.Any(wanted.IsMadeBy))
        {
            var notification = new SettingRef(NotificationSetting, account.Account, account.Region, wanted.Id);
            var why = $"no channel of {account.Id} delivers {kind.Name} records to {wanted.Arn}";
            fixes.Add(new SettingChange(notification, null, On, why));
        }

        return account.Is(
            kind,
            fixes.Count == 0 ? new Observation.Enabled() : new Observation.Disabled(fixes[^1].Why),
            fixes
        );
    }
}
