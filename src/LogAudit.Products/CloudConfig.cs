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

    public async Task<SettingState?> ReadAsync(SettingRef setting, CancellationToken cancel) =>
        setting.Kind is RecorderSetting
            ? await IsRecordingAsync(setting.Account, setting.Region, cancel)
                ? On
                : null
            : (await ChannelsAsync(setting.Account, setting.Region, cancel)).Any(channel => Delivers(channel, setting))
                ? On
                : null;

    public Task WriteAsync(SettingChange change, CancellationToken cancel) =>
        Switching.WriteAsync(
            change,
            ReadAsync,
            async (_, wanted) =>
                await writing.SendAsync(
                    change.Setting.Kind is RecorderSetting
                        ? Call("StartConfigurationRecorder", change.Setting.Account, change.Setting.Region)
                        : (await ChannelAsync(change.Setting, on: wanted is not null, cancel)).Call(change.Setting),
                    facts.Errors,
                    async stop => Equals(await ReadAsync(change.Setting, stop), wanted),
                    cancel
                ),
            cancel
        );

    private async Task<Observed> JudgeAsync(
        LogKind kind,
        ResourceRef account,
        LogTarget target,
        CancellationToken cancel
    )
    {
        var fixes = new List<SettingChange>();
        if (!await IsRecordingAsync(account.Account, account.Region, cancel))
        {
            var recorder = new SettingRef(RecorderSetting, account.Account, account.Region, account.Id);
            fixes.Add(
                new SettingChange(recorder, null, On, $"the configuration recorder of {account.Id} is not started")
                {
                    Reversal = Reversal.Cannot,
                }
            );
        }

        var arn = DeliveryChannel.ArnOf(target);
        var channels = await ChannelsAsync(account.Account, account.Region, cancel);
        // The value that marks the records of a kind is the name of its notification.
        var setting = new SettingRef(NotificationSetting, account.Account, account.Region, $"{arn}#{kind.Topics[0]}");
        if (!channels.Any(channel => Delivers(channel, setting)))
        {
            if (channels.Count >= MostChannels && !channels.Any(channel => channel.Target.Same(arn)))
            {
                return account.Is(
                    kind,
                    new Observation.Disabled(
                        $"{account.Id} has {MostChannels} delivery channels already, and no more fit"
                    )
                    {
                        Todo = Spec.Prerequisites.First(one => one.Step.Length > 0).Step,
                    }
                );
            }

            fixes.Add(
                new SettingChange(
                    setting,
                    null,
                    On,
                    $"no channel of {account.Id} delivers {kind.Name} records to {arn}"
                )
            );
        }

        return account.Is(
            kind,
            fixes.Count == 0 ? new Observation.Enabled() : new Observation.Disabled(fixes[^1].Why),
            fixes
        );
    }

    /// <summary>The channel to the target as it should be: the one that is there with one kind switched, or a new one.</summary>
    private async Task<DeliveryChannel> ChannelAsync(SettingRef setting, bool on, CancellationToken cancel)
    {
        var (arn, notification) = Parts(setting);
        return (await ChannelsAsync(setting.Account, setting.Region, cancel))
                .FirstOrDefault(channel => channel.Target.Same(arn))
                ?.With(notification, on)
            ?? DeliveryChannel.Wanted(arn, notification);
    }

    private static bool Delivers(DeliveryChannel channel, SettingRef setting) =>
        Parts(setting) is var (arn, notification) && channel.Target.Same(arn) && channel.Delivers(notification);

    private static (string Arn, string Notification) Parts(SettingRef setting) =>
        setting.Id.Split('#') is [var arn, var notification]
            ? (arn, notification)
            : throw new FormatException(
                $"'{setting.Id}' is not the ARN of a Logstore and a notification with # between."
            );

    // What is being built is started; only REGISTRABLE was never started.
    private async Task<bool> IsRecordingAsync(AccountId account, RegionId region, CancellationToken cancel) =>
        (await api.CallAsync(Call("GetConfigurationRecorder", account, region), cancel)).Need(
            "ConfigurationRecorder.ConfigurationRecorderStatus",
            "Config",
            "GetConfigurationRecorder"
        )
            is not "REGISTRABLE";

    private async Task<IReadOnlyList<DeliveryChannel>> ChannelsAsync(
        AccountId account,
        RegionId region,
        CancellationToken cancel
    )
    {
        var list = facts.Lists["channels"];
        return [.. (await api.AllAsync(list.In(account, region), list.Paging, cancel)).Select(DeliveryChannel.Read)];
    }

    private static ApiCall Call(string action, AccountId account, RegionId region) =>
        new()
        {
            Product = ApiProducts.Config,
            Action = action,
            Account = account,
            Region = region,
        };
}
