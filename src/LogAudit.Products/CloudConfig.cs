using LogAudit.OpenApi;

namespace LogAudit.Products;

/// <summary>Logs of Cloud Config: the recorder of an account, and the delivery channel that writes to a Logstore. Each kind is one notification of that channel.</summary>
/// <remarks>A setting of a channel is named by <c>ARN of the Logstore#notification</c>; the notification is also the value that marks its records.</remarks>
internal sealed class CloudConfig(OpenApiClient api, Writing writing, ProductFacts facts) : IProductHandler
{
    private const string Recorder = "cloudconfig.recorder";
    private const string Notification = "cloudconfig.notification";

    // Source: CreateConfigDeliveryChannel, limits.
    private const int MostChannels = 5;

    private static readonly SettingState On = SettingState.Of(("status", "on"));

    private readonly Switches switches = new(api, writing, facts);
    private readonly Deliveries channels = new(api, writing, facts);

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

    public async Task<SettingState?> ReadAsync(SettingRef setting, CancellationToken cancel) =>
        setting.Kind is Recorder ? await switches.ReadAsync(setting, cancel)
        : (await channels.ListAsync(setting.Account, setting.Region, Arn(setting), cancel)).Any(Delivers(setting)) ? On
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
        var setting = new SettingRef(Notification, account.Account, account.Region, $"{arn}#{kind.Topics[0]}");
        var present = await channels.ListAsync(account.Account, account.Region, owner: "", cancel);
        if (present.Count >= MostChannels && !present.Any(channel => channel.Ref.Owner.Same(arn)))
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
        var start = switches.Fix(recorder, await switches.ReadAsync(recorder, cancel));
        var why = $"no channel of {account.Id} delivers {kind.Name} records to {arn}";
        var notify = present.Any(Delivers(setting)) ? null : new SettingChange(setting, null, On, why);
        return account.IsAsFixed(kind, start, notify);
    }

    // Changes the channel that is there, or makes one, or takes one of ours away that brings nothing any more.
    private async Task NotifyAsync(SettingRef setting, bool on, CancellationToken cancel)
    {
        var shape = facts.Delivery!;
        var arn = Arn(setting);
        var all = await channels.ListAsync(setting.Account, setting.Region, arn, cancel);
        var present = all is [var first, ..] ? first : null;
        var to = (present?.State ?? new(shape.Wanted)).With(Member(setting), on ? "true" : "false");
        var isIdle = shape.NameFor(arn).Same(present?.Name) && !to.Values.Contains("true", StringComparer.Ordinal);
        // A channel that is switched on delivers again whoever stopped it.
        await channels.BringAsync(
            new(setting.Account, setting.Region, arn, present?.Ref.Id ?? ""),
            present,
            isIdle ? null
                : on ? to.With(shape.Status.Member, shape.Status.On)
                : to,
            cancel
        );
    }

    private static Func<Delivery, bool> Delivers(SettingRef setting) =>
        channel =>
            channel.Ref.Owner.Same(Arn(setting))
            && channel.State["status"] is "1"
            && channel.State[Member(setting)] is "true";

    private static string Arn(SettingRef setting) => setting.Id.Split('#')[0];

    private static string Member(SettingRef setting) =>
        setting.Id.Split('#') is [_, var notification]
            ? notification
            : throw new FormatException(
                $"'{setting.Id}' is not the ARN of a Logstore and a notification with # between."
            );
}
