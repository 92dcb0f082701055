using LogAudit.OpenApi;
using Newtonsoft.Json.Linq;

namespace LogAudit.Products;

/// <summary>A delivery channel as ListConfigDeliveryChannels shows it.</summary>
/// <param name="Id"><c>cdc-…</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="Target">ARN to which it delivers.</param>
/// <param name="IsOn">Whether it delivers at all.</param>
/// <param name="Notifications">What it delivers: the parameter of each kind and whether that kind is on.</param>
internal sealed record DeliveryChannel(
    string Id,
    string Name,
    string Target,
    bool IsOn,
    IReadOnlyDictionary<string, bool> Notifications
)
{
    /// <summary>Name of the channels that LogAudit makes.</summary>
    private const string OwnName = "logaudit";

    // The two logs, and the snapshots that a person may have asked for on the same channel.
    private static readonly string[] Kinds =
    [
        "ConfigurationItemChangeNotification",
        "NonCompliantNotification",
        "ConfigurationSnapshot",
        "CompliantSnapshot",
    ];

    /// <summary>Whether LogAudit made it and it delivers nothing any more.</summary>
    public bool IsOursAndIdle => Name is OwnName && !Notifications.Values.Contains(true);

    /// <summary>Reads a row.</summary>
    public static DeliveryChannel Read(JObject row)
    {
        return new DeliveryChannel(
            Need("DeliveryChannelId"),
            row.TextOf("DeliveryChannelName"),
            Need("DeliveryChannelTargetArn"),
            Need("Status") is "1",
            Kinds.ToDictionary(kind => kind, kind => row.TextOf(kind) is "true", StringComparer.Ordinal)
        );

        string Need(string path) => row.Need(path, "Config", "ListConfigDeliveryChannels");
    }

    /// <summary>Whether it delivers one kind.</summary>
    public bool Delivers(string kind) => IsOn && Notifications[kind];

    /// <summary>A channel of ours that brings one kind to a Logstore, not made yet.</summary>
    public static DeliveryChannel Wanted(Delivery delivery) =>
        new(
            "",
            OwnName,
            delivery.Arn,
            IsOn: true,
            Kinds.ToDictionary(kind => kind, delivery.Notification.Same, StringComparer.Ordinal)
        );

    /// <summary>The same with one kind switched; a channel that is switched on delivers again whoever stopped it.</summary>
    public DeliveryChannel With(string kind, bool on) =>
        this with
        {
            IsOn = IsOn || on,
            Notifications = Notifications.ToDictionary(
                one => one.Key,
                one => one.Key.Same(kind) ? on : one.Value,
                StringComparer.Ordinal
            ),
        };

    /// <summary>The call that makes the cloud's channel look like this one, or takes an idle one of ours away. The target is always said again.</summary>
    public ApiCall Call(SettingRef setting)
    {
        var parameters = ApiParameters.Of(("DeliveryChannelId", Id.Length > 0 ? Id : null));
        if (!IsOursAndIdle)
        {
            parameters = parameters.With("DeliveryChannelTargetArn", Target);
            parameters = Notifications.Aggregate(parameters, (sum, one) => sum.With(one.Key, (bool?)one.Value));
            parameters =
                Id.Length > 0
                    ? parameters.With("Status", IsOn ? "1" : "0")
                    : parameters.With("DeliveryChannelType", "SLS").With("DeliveryChannelName", Name);
        }

        var action =
            Id.Length == 0 ? "CreateConfigDeliveryChannel"
            : IsOursAndIdle ? "DeleteConfigDeliveryChannel"
            : "UpdateConfigDeliveryChannel";
        return new CallShape(ApiProducts.Config, action).In(setting.Account, setting.Region) with
        {
            Parameters = parameters,
        };
    }
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

    /// <summary>The call that brings the kind to the Logstore, or ends it: it changes the channel that is there, or makes one.</summary>
    public ApiCall Call(SettingRef setting, IEnumerable<DeliveryChannel> channels, bool on)
    {
        var present = channels.FirstOrDefault(IsTargetOf);
        return (present?.With(Notification, on) ?? DeliveryChannel.Wanted(this)).Call(setting);
    }
}
