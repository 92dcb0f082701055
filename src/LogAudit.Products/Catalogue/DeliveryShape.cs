using System.Collections.Frozen;
using LogAudit.OpenApi;
using Newtonsoft.Json.Linq;

namespace LogAudit.Products;

/// <summary>Objects of a product that bring its log to a place (a flow log, a trail, a delivery channel), as the data file tells them.</summary>
/// <param name="Kind">Kind of their settings, <c>vpc.flow-log</c>.</param>
/// <param name="Name">Name of ours, with <c>{owner}</c>; it makes one whose creation was not answered findable.</param>
/// <param name="List">The list that shows them; <c>{owner}</c> in it is empty where all are wanted.</param>
/// <param name="State">Member of the state → how it is read.</param>
internal sealed record DeliveryShape(
    string Kind,
    string Name,
    ListCall List,
    IReadOnlyDictionary<string, Reading> State
)
{
    /// <summary>Where the parts of one stand in a row.</summary>
    public required DeliveryParts At { get; init; }

    /// <summary>State of a new one, with the holes of a target; a member that is not named is as in a row that does not tell it.</summary>
    public required IReadOnlyDictionary<string, string> Wanted { get; init; }

    /// <summary>Members that one must share with the state wanted to serve.</summary>
    public required IReadOnlyList<string> Serves { get; init; }

    /// <summary>Members that the cloud never changes: for another value it is deleted and made anew.</summary>
    public required IReadOnlyList<string> Fixed { get; init; }

    /// <summary>The member that says whether it runs.</summary>
    public required DeliveryStatus Status { get; init; }

    /// <summary>What a plan says where there is none; holes are <c>{owner}</c>, <c>{account}</c> and the members of the state wanted. Empty where the handler judges.</summary>
    public required string None { get; init; }

    /// <summary>What a plan says of one of ours that does not serve; holes are <c>{id}</c> and the members of its state. Empty likewise.</summary>
    public required string Misfit { get; init; }

    /// <summary>Makes one. Holes of this and the other calls are <c>{id}</c>, <c>{name}</c>, <c>{owner}</c> and the members of the state wanted.</summary>
    public required CallShape Create { get; init; }

    /// <summary>Gives one other members.</summary>
    public required CallShape Change { get; init; }

    /// <summary>Deletes one.</summary>
    public required CallShape Delete { get; init; }

    /// <summary>Starts one; null where <see cref="Change"/> does.</summary>
    public CallShape? Start { get; init; }

    /// <summary>Stops one, likewise.</summary>
    public CallShape? Stop { get; init; }

    /// <summary>Tells what the delivery of one that runs fails with; null where the rows tell it.</summary>
    public CallShape? Tell { get; init; }

    /// <summary>Reads a row.</summary>
    public Delivery Read(AccountId account, RegionId region, JObject row)
    {
        var home = At.Region.Length == 0 ? "" : row.TextOf(At.Region);
        return new Delivery(
            new(account, RegionId.IsValid(home) ? new(home) : region, Need(At.Owner), Need(At.Id)),
            row.TextOf(At.Name),
            new(State.Select(one => KeyValuePair.Create(one.Key, one.Value.Of(row, List.Call))))
        )
        {
            Error = Tell is null && At.Error.Length > 0 ? row.TextOf(At.Error) : "",
        };

        string Need(string path) => row.Need(path, List.Product.Code, List.Action);
    }

    /// <summary>The state of a new one.</summary>
    public SettingState New(Func<string, string?> holes) =>
        new(
            State.Select(one =>
                KeyValuePair.Create(
                    one.Key,
                    Wanted.TryGetValue(one.Key, out var text) ? Holes.Fill(text, holes) : one.Value.Missing ?? ""
                )
            )
        );

    /// <summary>What a person calls one: flow log.</summary>
    public string Noun => Kind.Split('.')[^1].Replace('-', ' ');

    /// <summary>The name of ours.</summary>
    public string NameFor(string owner) => Holes.Fill(Name, hole => hole is "owner" ? owner : null);

    /// <summary>Those of an owner that have our name, the one that stays first: two runs at once must choose the same.</summary>
    public IReadOnlyList<Delivery> Ours(string owner, IEnumerable<Delivery> all) =>
        [
            .. all.Where(one => one.Ref.Owner.Same(owner) && one.Name.Same(NameFor(owner)))
                .OrderBy(one => one.Ref.Id, StringComparer.Ordinal),
        ];

    /// <summary>What makes one of ours for a resource.</summary>
    public SettingChange Making(ResourceRef resource, SettingState wanted)
    {
        var setting = new SettingRef(Kind, resource.Account, resource.Region, resource.Id);
        var why = Holes.Fill(
            None,
            hole =>
                hole is "owner" ? resource.Id
                : hole is "account" ? resource.Account.Value
                : wanted.GetValueOrDefault(hole)
        );
        return new(setting, null, wanted, why);
    }

    /// <summary>The calls that bring one from a state to another, null for none, each with the state that the cloud shows then.</summary>
    /// <exception cref="InvalidOperationException">A fixed member would have to change.</exception>
    public IEnumerable<(CallShape Call, SettingState? Becomes)> Steps(SettingState? from, SettingState? to)
    {
        if (from is null)
        {
            from = But(to!, Status.RestsAtEnds ? Status.Off : Status.On);
            yield return (Create, from);
        }
        else if (to is not null && But(to, from[Status.Member]) is var changed && !changed.Equals(from))
        {
            if (Fixed.FirstOrDefault(member => !from[member].Same(to[member])) is { } member)
            {
                throw new InvalidOperationException(
                    $"A {Noun} cannot be brought from [{from}] to [{to}]: {member} is fixed; delete it and create it anew, as two changes."
                );
            }

            from = changed;
            yield return (Change, from);
        }

        var status = to?[Status.Member] ?? (Status.RestsAtEnds ? Status.Off : from[Status.Member]);
        if (!from[Status.Member].Same(status))
        {
            yield return (status.Same(Status.On) ? Start! : Stop!, from.With(Status.Member, status));
        }

        if (to is null)
        {
            yield return (Delete, null);
        }

        // Where no call starts one, its making and its changing bring the status with them.
        SettingState But(SettingState state, string status) =>
            Start is null ? state : state.With(Status.Member, status);
    }
}

/// <summary>Where the parts of a delivery object stand in a row.</summary>
/// <param name="Id">Path of its id.</param>
/// <param name="Name">Path of its name.</param>
/// <param name="Owner">Path of what it is for: the VPC of a flow log, the destination of a channel.</param>
/// <param name="Region">Path of the region in which its calls are made; empty where it is the one asked.</param>
/// <param name="Error">Path of what its delivery fails with, in the row or the answer of the call that tells it; empty where nothing does.</param>
internal sealed record DeliveryParts(string Id, string Name, string Owner, string Region, string Error);

/// <summary>The member of a delivery object's state that says whether it runs.</summary>
/// <param name="Member">Its name.</param>
/// <param name="On">Its value while it runs.</param>
/// <param name="Off">Its value while it is stopped.</param>
internal sealed record DeliveryStatus(string Member, string On, string Off)
{
    /// <summary>Value while it is on the way → the value that it comes to.</summary>
    public IReadOnlyDictionary<string, string> Coming { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>Values of one that is as good as deleted.</summary>
    public IReadOnlyList<string> Gone { get; init; } = [];

    /// <summary>Whether it is made stopped, and stopped before it is deleted.</summary>
    public bool RestsAtEnds { get; init; }

    /// <summary>Whether the cloud shows a state, or is already on the way to it.</summary>
    public bool IsOrComesTo(SettingState? shown, SettingState? state) =>
        Equals(shown, state)
        || (
            shown is not null
            && state?[Member].Same(Coming.GetValueOrDefault(shown[Member])) is true
            && IsButFor(shown, state)
        );

    /// <summary>Whether what a change is to make was made and not started yet: its creation was cut short.</summary>
    public bool IsHalfMade(SettingChange change, SettingState? present) =>
        RestsAtEnds && change is { From: null, To: { } to } && to.With(Member, Off).Equals(present);

    // Whether two states are the same but for whether it runs.
    private bool IsButFor(SettingState one, SettingState other) => one.With(Member, other[Member]).Equals(other);
}

/// <summary>Names one delivery object.</summary>
/// <param name="Account">Its account.</param>
/// <param name="Region">Region in which its calls are made.</param>
/// <param name="Owner">What it is for.</param>
/// <param name="Id">Its id; empty for ours, whatever its id.</param>
internal readonly record struct DeliveryRef(AccountId Account, RegionId Region, string Owner, string Id);

/// <summary>A delivery object as its list shows it.</summary>
/// <param name="Ref">What names it.</param>
/// <param name="Name">Its name.</param>
/// <param name="State">Its state.</param>
internal sealed record Delivery(DeliveryRef Ref, string Name, SettingState State)
{
    /// <summary>What its delivery fails with, although it runs; empty when the list tells nothing.</summary>
    public string Error { get; init; } = "";
}
