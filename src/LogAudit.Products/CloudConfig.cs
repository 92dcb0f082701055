using LogAudit.OpenApi;

namespace LogAudit.Products;

/// <summary>Logs of Cloud Config: the recorder of an account, and the delivery channel that writes to a Logstore. Each kind is one notification of that channel.</summary>
/// <remarks>A setting of a channel is named by <c>ARN of the Logstore#notification</c>; the notification is also the value that marks its records.</remarks>
internal sealed class CloudConfig(OpenApiClient api, Writing writing, ProductFacts facts) : IProductHandler
{
    private const string Recorder = "cloudconfig.recorder";

    // Source: CreateConfigDeliveryChannel, limits.
    private const int MostChannels = 5;

    private static readonly SettingState On = SettingState.Of(("status", "on"));

    private readonly Switches switches = new(api, writing, facts);
    private readonly Deliveries channels = new(api, writing, facts);
    private readonly DeliveryShape shape = facts.Delivery!;

    public ProductSpec Spec => facts.Spec;

    public IReadOnlyCollection<string> SettingKinds => [Recorder, shape.Kind];

    /// <summary>The account itself: it has one recorder, whether started or not. Ids in scope do not narrow it, an event of any channel concerns it.</summary>
    public IAsyncEnumerable<ResourceRef> ListAsync(Scope scope, CancellationToken cancel)
    {
        var (code, id) = (Spec.Code, scope.Account.Value);
        var account = new ResourceRef
        {
            Product = code,
            Account = scope.Account,
            Region = scope.Region,
            Id = id,
            Name = id,
        };
        return new[] { account }.ToAsyncEnumerable();
    }

    public IAsyncEnumerable<Observed> ObserveAsync(
        LogKind kind,
        IReadOnlyList<ResourceRef> resources,
        LogTarget target,
        CancellationToken cancel
    ) => Observing.EachAsync(kind, resources, (account, stop) => JudgeAsync(kind, account, target, stop), cancel);

    public async Task<SettingState?> ReadAsync(SettingRef setting, CancellationToken cancel) =>
        setting.Kind is Recorder ? await switches.ReadAsync(setting, cancel)
        : (await ChannelsAsync(setting, cancel)).Any(channel => Delivers(channel, setting)) ? On
        : null;

    public Task WriteAsync(SettingChange change, CancellationToken cancel) =>
        change.Setting.Kind is Recorder
            ? switches.WriteAsync(change, cancel)
            : Switching.WriteAsync(
                change,
                ReadAsync,
                (_, wanted) => NotifyAsync(change.Setting, wanted is not null, cancel),
                cancel
            );

    private async Task<Observed> JudgeAsync(
        LogKind kind,
        ResourceRef account,
        LogTarget target,
        CancellationToken cancel
    )
    {
        var arn = $"acs:log:{target.Region}:{target.Account}:project/{target.Project}/logstore/{target.Logstore}";
        var setting = new SettingRef(shape.Kind, account.Account, account.Region, $"{arn}#{kind.Topics[0]}");
        var all = await channels.ListAsync(account.Account, account.Region, owner: "", cancel);
        if (all.Count >= MostChannels && !all.Any(channel => channel.Ref.Owner.Same(arn)))
        {
            var full = $"{account.Id} has {MostChannels} delivery channels already, and no more fit";
            const string step = "delete one that nobody needs, in the Cloud Config console under Delivery";
            return account.Is(kind, new Observation.Disabled(full) { Todo = step });
        }

        var recorder = switches.Of(Recorder, account);
        var start = switches.Fix(recorder, await switches.ReadAsync(recorder, cancel));
        var why = $"no channel of {account.Id} delivers {kind.Name} records to {arn}";
        var isOn = all.Any(channel => Delivers(channel, setting));
        return account.IsAsFixed(kind, start, isOn ? null : new SettingChange(setting, null, On, why));
    }

    // Changes the channel that is there, or makes one, or takes one of ours away that brings nothing any more.
    private async Task NotifyAsync(SettingRef setting, bool on, CancellationToken cancel)
    {
        var (arn, notification) = Parts(setting);
        var present = await ChannelsAsync(setting, cancel) is [var first, ..] ? first : null;
        var to = (present?.State ?? shape.New(_ => null)).With(notification, on ? "true" : "false");
        var isIdle = shape.NameFor(arn).Same(present?.Name) && !to.Values.Contains("true", StringComparer.Ordinal);
        // A channel that is switched on delivers again whoever stopped it.
        var state = on ? to.With(shape.Status.Member, shape.Status.On) : to;
        var one = new DeliveryRef(setting.Account, setting.Region, arn, present?.Ref.Id ?? "");
        await channels.BringAsync(one, present, isIdle ? null : state, cancel);
    }

    private Task<IReadOnlyList<Delivery>> ChannelsAsync(SettingRef setting, CancellationToken cancel) =>
        channels.ListAsync(setting.Account, setting.Region, Parts(setting).Arn, cancel);

    private bool Delivers(Delivery channel, SettingRef setting)
    {
        var (arn, notification) = Parts(setting);
        var isOn = channel.State[shape.Status.Member].Same(shape.Status.On) && channel.State[notification] is "true";
        return isOn && channel.Ref.Owner.Same(arn);
    }

    private static (string Arn, string Notification) Parts(SettingRef setting) =>
        setting.Id.Split('#') is [var arn, var notification]
            ? (arn, notification)
            : throw new FormatException($"'{setting.Id}' is no ARN of a Logstore and a notification with # between.");
}
