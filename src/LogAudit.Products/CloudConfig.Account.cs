using LogAudit.OpenApi;

namespace LogAudit.Products;

/// <summary>Asks Cloud Config about one account: its recorder and its delivery channels.</summary>
internal sealed class ConfigAccount(OpenApiClient api, ListCall channels)
{
    /// <summary>Whether the recorder was started. What is being built is started; only REGISTRABLE never was.</summary>
    public async Task<bool> IsRecordingAsync(AccountId account, RegionId region, CancellationToken cancel)
    {
        const string action = "GetConfigurationRecorder";
        var answer = await api.CallAsync(Call(action, account, region), cancel);
        return answer.Need("ConfigurationRecorder.ConfigurationRecorderStatus", "Config", action) is not "REGISTRABLE";
    }

    /// <summary>Every channel, whatever it delivers to.</summary>
    public async Task<IReadOnlyList<DeliveryChannel>> ChannelsAsync(
        AccountId account,
        RegionId region,
        CancellationToken cancel
    ) => [.. (await api.AllAsync(channels.In(account, region), channels.Paging, cancel)).Select(DeliveryChannel.Read)];

    /// <summary>The call that brings a kind to a Logstore, or ends it: it changes the channel that is there, or makes one.</summary>
    public async Task<ApiCall> SwitchAsync(SettingRef setting, bool on, CancellationToken cancel)
    {
        var wanted = Delivery.Of(setting);
        var present = (await ChannelsAsync(setting.Account, setting.Region, cancel)).FirstOrDefault(wanted.IsTargetOf);
        return (present?.With(wanted.Notification, on) ?? DeliveryChannel.Wanted(wanted)).Call(setting);
    }

    /// <summary>A call without parameters.</summary>
    public static ApiCall Call(string action, AccountId account, RegionId region) =>
        new()
        {
            Product = ApiProducts.Config,
            Action = action,
            Account = account,
            Region = region,
        };
}

/// <summary>One kind of record on its way to one Logstore: what a setting of a channel names.</summary>
/// <param name="Arn">ARN of the Logstore.</param>
/// <param name="Notification">Parameter of the kind, which is also the value that marks its records.</param>
internal readonly record struct Delivery(string Arn, string Notification)
{
    /// <summary>The id of its setting.</summary>
    public string Id => $"{Arn}#{Notification}";

    /// <summary>A kind on its way to a Logstore.</summary>
    public static Delivery Of(LogKind kind, LogTarget target) =>
        new(
            $"acs:log:{target.Region}:{target.Account}:project/{target.Project}/logstore/{target.Logstore}",
            kind.Topics[0]
        );

    /// <summary>What a setting names.</summary>
    public static Delivery Of(SettingRef setting) =>
        setting.Id.Split('#') is [var arn, var notification]
            ? new(arn, notification)
            : throw new FormatException(
                $"'{setting.Id}' is not the ARN of a Logstore and a notification with # between."
            );

    /// <summary>Whether a channel goes to the Logstore.</summary>
    public bool IsTargetOf(DeliveryChannel channel) => channel.Target.Same(Arn);

    /// <summary>Whether a channel brings the kind there.</summary>
    public bool IsMadeBy(DeliveryChannel channel) => IsTargetOf(channel) && channel.Delivers(Notification);
}
