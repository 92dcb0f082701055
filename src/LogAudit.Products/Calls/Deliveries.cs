using LogAudit.OpenApi;

namespace LogAudit.Products;

/// <summary>Lists, judges and writes the objects that bring a product's log to a place: see <see cref="DeliveryShape"/>.</summary>
/// <remarks>A setting is named by its owner when it is ours, and by <c>owner/id</c> when it is another that serves as well.</remarks>
/// <param name="api">Calls the service.</param>
/// <param name="writing">Sends writes.</param>
/// <param name="facts">The product.</param>
/// <param name="given">What fills holes beside the parts of an object: what only the settings tell.</param>
internal sealed class Deliveries(
    OpenApiClient api,
    Writing writing,
    ProductFacts facts,
    Func<string, string?>? given = null
)
{
    private readonly DeliveryShape shape = facts.Delivery!;

    /// <summary>Those of an account and region; only those of one owner unless it is empty.</summary>
    public async Task<IReadOnlyList<Delivery>> ListAsync(
        AccountId account,
        RegionId region,
        string owner,
        CancellationToken cancel
    )
    {
        var call = shape.List.Call.In(account, region, name => name is "owner" ? owner : given?.Invoke(name));
        var rows = await api.AllAsync(call, shape.List.Paging, cancel);
        return
        [
            .. rows.Select(row => shape.Read(account, region, row))
                .Where(one => owner.Length == 0 || one.Ref.Owner.Same(owner))
                .Where(one => !shape.Status.Gone.Contains(one.State[shape.Status.Member], StringComparer.Ordinal)),
        ];
    }

    /// <summary>State of a new one that delivers to a target.</summary>
    public SettingState Wanted(LogTarget target) =>
        shape.New(name =>
            name switch
            {
                "account" => target.Account.Value,
                "region" => target.Region.Value,
                "project" => target.Project.Value,
                "logstore" => target.Logstore.Value,
                _ => given?.Invoke(name),
            }
        );

    /// <summary>What those of a resource say about its log; null when none of them is ours or serves.</summary>
    public Task<Observed?> JudgeAsync(
        LogKind kind,
        ResourceRef resource,
        IEnumerable<Delivery> all,
        SettingState wanted,
        CancellationToken cancel
    ) => new DeliveryJudgement(shape, kind, resource, wanted).OfAsync(all, one => ErrorAsync(one, cancel));

    /// <summary>The present state of a setting; null when there is no such object.</summary>
    public async Task<SettingState?> ReadAsync(SettingRef setting, CancellationToken cancel) =>
        (await FindAsync(RefOf(setting), cancel))?.State;

    /// <summary>Writes a planned change and waits until the cloud shows it.</summary>
    /// <exception cref="SettingMovedException">Somebody changed the setting since it was planned; nothing was sent.</exception>
    public async Task WriteAsync(SettingChange change, CancellationToken cancel)
    {
        var one = RefOf(change.Setting);
        var all = await FindAllAsync(one, cancel);
        var present = all is [var first, ..] ? first : null;
        if (shape.Status.IsOrComesTo(present?.State, change.To))
        {
            // It is so, or another run asked for the same and there is only the end to wait for.
            await WaitAsync(one, change.To, cancel);
            return;
        }

        if (!shape.Status.IsHalfMade(change, present?.State))
        {
            SettingMovedException.ThrowUnlessFrom(change, present?.State);
        }

        foreach (var twin in change.To is null ? all.Skip(1) : [])
        {
            await BringAsync(twin.Ref, twin, null, cancel);
        }

        await BringAsync(one, present, change.To, cancel);
    }

    /// <summary>Brings one from the state found to another and waits until the cloud shows it: the calls are only accepted.</summary>
    /// <param name="one">What names it.</param>
    /// <param name="present">It as it is; null when it must be made.</param>
    /// <param name="to">The state wanted; null to delete it.</param>
    /// <param name="cancel">Ends the work.</param>
    public async Task BringAsync(DeliveryRef one, Delivery? present, SettingState? to, CancellationToken cancel)
    {
        foreach (var (call, becomes) in shape.Steps(present?.State, to))
        {
            present ??= await FindAsync(one, cancel);
            var shown = present ?? new Delivery(one, shape.NameFor(one.Owner), becomes!);
            await writing.SendAsync(
                Filled(call, shown with { State = becomes ?? shown.State }),
                facts.Errors,
                stop => IsSoAsync(becomes, shape.Status.IsOrComesTo, stop),
                cancel
            );
            await writing.WaitAsync(stop => IsSoAsync(becomes, Equals, stop), cancel);
        }

        // Another run at once may be ahead of this one.
        async Task<bool> IsSoAsync(
            SettingState? becomes,
            Func<SettingState?, SettingState?, bool> are,
            CancellationToken stop
        )
        {
            var found = (await FindAsync(one, stop))?.State;
            return are(found, becomes) || Equals(found, to);
        }
    }

    private Task<bool> WaitAsync(DeliveryRef one, SettingState? state, CancellationToken cancel) =>
        writing.WaitAsync(async stop => Equals((await FindAsync(one, stop))?.State, state), cancel);

    private ApiCall Filled(CallShape call, Delivery one) =>
        call.In(
            one.Ref.Account,
            one.Ref.Region,
            name =>
                name switch
                {
                    "id" => one.Ref.Id,
                    "name" => one.Name,
                    "owner" => one.Ref.Owner,
                    _ => one.State.GetValueOrDefault(name) ?? given?.Invoke(name),
                }
        );

    private async Task<string> ErrorAsync(Delivery one, CancellationToken cancel) =>
        shape.Tell is null ? one.Error : (await api.CallAsync(Filled(shape.Tell, one), cancel)).TextOf(shape.At.Error);

    private async Task<Delivery?> FindAsync(DeliveryRef one, CancellationToken cancel) =>
        await FindAllAsync(one, cancel) is [var first, ..] ? first : null;

    private async Task<IReadOnlyList<Delivery>> FindAllAsync(DeliveryRef one, CancellationToken cancel)
    {
        var all = await ListAsync(one.Account, one.Region, one.Owner, cancel);
        return one.Id.Length == 0 ? shape.Ours(one.Owner, all) : [.. all.Where(other => other.Ref.Id.Same(one.Id))];
    }

    private static DeliveryRef RefOf(SettingRef setting)
    {
        var parts = setting.Id.Split('/', 2);
        return new(setting.Account, setting.Region, parts[0], parts.Length == 2 ? parts[1] : "");
    }
}
