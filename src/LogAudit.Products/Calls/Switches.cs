using LogAudit.OpenApi;
using Newtonsoft.Json.Linq;

namespace LogAudit.Products;

/// <summary>Reads and writes the settings that the data file of a product tells whole: see <see cref="SwitchShape"/>.</summary>
internal sealed class Switches(OpenApiClient api, Writing writing, ProductFacts facts)
{
    /// <summary>Their kinds, in the order of the data file.</summary>
    public IReadOnlyCollection<string> Kinds { get; } =
    [.. facts.Switches.Select(one => one.Kind).Distinct(StringComparer.Ordinal)];

    /// <summary>The setting of a resource.</summary>
    public SettingRef Of(string kind, ResourceRef resource, LogKind? log = null) =>
        new(kind, resource.Account, resource.Region, Holes.Fill(Shape(kind).Id, Holes.Of(resource, log)));

    /// <summary>What switches the setting of a resource on; null when it is on.</summary>
    public SettingChange? Fix(string kind, ResourceRef resource, SettingState? present, LogKind? log = null) =>
        Fix(Of(kind, resource, log), present, Holes.Of(resource, log));

    /// <summary>What switches a setting on; null when it is on.</summary>
    /// <param name="setting">The setting.</param>
    /// <param name="present">Its state.</param>
    /// <param name="holes">What else fills the reason, beside the parts of its id and its state.</param>
    public SettingChange? Fix(SettingRef setting, SettingState? present, Func<string, string?>? holes = null)
    {
        var shape = Shape(setting);
        var on = shape.OnOf(setting);
        if (on.Equals(present))
        {
            return null;
        }

        var parts = shape.Parts(setting);
        var why = Holes.Fill(
            shape.IsOff(present) || shape.WhyPartly.Length == 0 ? shape.Why : shape.WhyPartly,
            name => present?.GetValueOrDefault(name) ?? holes?.Invoke(name) ?? parts.GetValueOrDefault(name)
        );
        return new SettingChange(setting, present, on, why)
        {
            Reversal = shape.OneWay.Length > 0 ? Reversal.Cannot : Reversal.Restores,
        };
    }

    /// <summary>The state of a setting that is off.</summary>
    public SettingState? Off(string kind) => Shape(kind).Off;

    /// <summary>Whether a state is the one that is wanted.</summary>
    public bool IsOn(string kind, SettingState? state) => Shape(kind).On!.Equals(state);

    /// <summary>The state that a row tells, for a product that reads it with something else.</summary>
    public SettingState? StateOf(string kind, JObject row) => Shape(kind).Read.StateOf(row);

    /// <summary>The present state; null when there is no such setting.</summary>
    public async Task<SettingState?> ReadAsync(SettingRef setting, CancellationToken cancel)
    {
        try
        {
            return (await RowAsync(setting, cancel)).State;
        }
        catch (OpenApiException failure) when (facts.Errors.IsGone(failure))
        {
            return null;
        }
    }

    /// <summary>The states of several resources of one account, region and owner by their ids, with the rows that told them; one that the answer leaves out is left out.</summary>
    public Task<IReadOnlyDictionary<string, SwitchRow>> ReadAsync(
        string kind,
        IReadOnlyList<ResourceRef> resources,
        CancellationToken cancel
    )
    {
        var shape = Shape(kind);
        return ReadAsync(shape, shape.ReadAll, Of(kind, resources[0]), [.. resources.Select(one => one.Id)], cancel);
    }

    /// <summary>Writes a planned change.</summary>
    public Task WriteAsync(SettingChange change, CancellationToken cancel) =>
        Switching.WriteAsync(
            change,
            ReadAsync,
            (present, wanted) => SendAsync(change.Setting, present, wanted, cancel),
            cancel
        );

    private async Task<SwitchRow> RowAsync(SettingRef setting, CancellationToken cancel)
    {
        var shape = Shape(setting);
        IReadOnlyList<string> ids = [shape.Parts(setting).Values.Last()];
        return (await ReadAsync(shape, shape.Read, setting, ids, cancel)).Values.SingleOrDefault();
    }

    private async Task SendAsync(
        SettingRef setting,
        SettingState? present,
        SettingState? wanted,
        CancellationToken cancel
    )
    {
        var shape = Shape(setting);
        var goesOver = !shape.IsOff(present) && !shape.IsOff(wanted);
        if (shape.IsOff(wanted) || (goesOver && shape.SwitchOver is null))
        {
            var off = shape.SwitchOff ?? throw new InvalidOperationException($"{setting}: {shape.OneWay}");
            await BringAsync(shape, off, setting, present, shape.IsOff(wanted) ? wanted : shape.Off, cancel);
        }

        if (!shape.IsOff(wanted))
        {
            var on = goesOver && shape.SwitchOver is { } over ? over : shape.SwitchOn;
            await BringAsync(shape, on, setting, wanted, wanted, cancel);
        }
    }

    private async Task BringAsync(
        SwitchShape shape,
        CallShape call,
        SettingRef setting,
        SettingState? named,
        SettingState? becomes,
        CancellationToken cancel
    )
    {
        var parts = shape.Parts(setting);
        var edited = shape.Read.Inside.Length > 0 ? await EditedAsync() : null;
        var filled = call.In(
            setting.Account,
            setting.Region,
            name =>
                parts.GetValueOrDefault(name)
                ?? named?.GetValueOrDefault(name)
                ?? (name.Same(shape.Read.Inside) ? edited : null)
        );
        await writing.SendAsync(filled, facts.Errors, IsSoAsync, cancel);
        if (shape.Waits)
        {
            await writing.WaitAsync(IsSoAsync, cancel);
        }

        async Task<string> EditedAsync() =>
            shape.Read.Edited(
                (await RowAsync(setting, cancel)).Row,
                becomes ?? throw new InvalidOperationException($"{setting} cannot be removed, only emptied.")
            );

        async Task<bool> IsSoAsync(CancellationToken stop) => Equals(await ReadAsync(setting, stop), becomes);
    }

    private async Task<IReadOnlyDictionary<string, SwitchRow>> ReadAsync(
        SwitchShape shape,
        SwitchRead read,
        SettingRef setting,
        IReadOnlyList<string> ids,
        CancellationToken cancel
    )
    {
        var found = new Dictionary<string, SwitchRow>(StringComparer.Ordinal);
        var wanted = ids.ToHashSet(StringComparer.Ordinal);
        var call = read.Call.In(setting.Account, setting.Region, shape.Parts(setting).GetValueOrDefault);
        var paging = read.Paging is { } list
            ? list with
            {
                RowsPath = Holes.Fill(list.RowsPath, shape.Parts(setting).GetValueOrDefault),
            }
            : null;
        foreach (var one in read.ById?.Narrowed(call, ids) ?? [call])
        {
            foreach (
                var row in paging is null ? [await api.CallAsync(one, cancel)] : await api.AllAsync(one, paging, cancel)
            )
            {
                var id = read.Row.Length == 0 ? ids[0] : row.Need(read.Row, one.Product.Code, one.Action);
                if (wanted.Contains(id))
                {
                    var told = read.Told(row);
                    found.TryAdd(id, new SwitchRow(read.StateOf(told), told));
                }
            }
        }

        return found;
    }

    private SwitchShape Shape(string kind) => facts.Switches.First(one => one.Kind.Same(kind));

    // Of several shapes of a kind the one with the most parts that an id fills: the last part may hold slashes itself.
    private SwitchShape Shape(SettingRef setting) =>
        facts.Switches.Where(one => one.Kind.Same(setting.Kind) && one.Fits(setting)).MaxBy(one => one.Slashes)
        ?? Shape(setting.Kind);
}

/// <summary>A state and what told it, which may tell more.</summary>
internal readonly record struct SwitchRow(SettingState? State, JObject Row);
