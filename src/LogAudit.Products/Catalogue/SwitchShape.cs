using LogAudit.OpenApi;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LogAudit.Products;

/// <summary>A setting that one call reads and one or two calls switch, as the data file tells it.</summary>
/// <param name="Kind">Its kind, <c>area.thing</c>: <c>waf.object-log</c>.</param>
internal sealed record SwitchShape(string Kind)
{
    /// <summary>Its id, made of a resource: <c>{instance.id}/{id}</c>. Holes are parted by slashes, and the last may hold some itself.</summary>
    public required string Id { get; init; }

    /// <summary>The state while it is on, with the parts of its id as holes; null where the state names a place and on is any place.</summary>
    public SettingState? On { get; init; }

    /// <summary>The state while it is off; null where it is absent then.</summary>
    public SettingState? Off { get; init; }

    /// <summary>How it is read.</summary>
    public required SwitchRead Read { get; init; }

    /// <summary>How those of several resources are read at once.</summary>
    public required SwitchRead ReadAll { get; init; }

    /// <summary>The call that switches it on or brings it to a place; holes are the parts of its id, the members of the state wanted, and by the name of <see cref="SwitchRead.Inside"/> the JSON text with that state in it.</summary>
    public required CallShape SwitchOn { get; init; }

    /// <summary>The call that switches it off; holes are the parts of its id and the members of the present state. Null where it cannot be.</summary>
    public CallShape? SwitchOff { get; init; }

    /// <summary>The call that brings it from one place to another; null where it is switched off in between.</summary>
    public CallShape? SwitchOver { get; init; }

    /// <summary>Why it cannot be switched off again; empty where it can.</summary>
    public string OneWay { get; init; } = "";

    /// <summary>Whether the cloud only accepts a write and shows it later.</summary>
    public bool Waits { get; init; }

    /// <summary>What a plan says of one that is off; holes are the resource's and the members of the present state.</summary>
    public string Why { get; init; } = "";

    /// <summary>What it says of one that is neither on nor off, likewise.</summary>
    public string WhyPartly { get; init; } = "";

    /// <summary>Whether a state is the one of a setting that is off.</summary>
    public bool IsOff(SettingState? state) => state is null || state.Equals(Off);

    /// <summary>The state of a setting that is on.</summary>
    public SettingState OnOf(SettingRef setting)
    {
        var parts = Parts(setting);
        return new(On!.Select(one => KeyValuePair.Create(one.Key, Holes.Fill(one.Value, parts.GetValueOrDefault))));
    }

    /// <summary>Slashes between the parts of its id.</summary>
    public int Slashes => Id.Count(letter => letter == '/');

    /// <summary>Whether an id has enough parts.</summary>
    public bool Fits(SettingRef setting) => setting.Id.Count(letter => letter == '/') >= Slashes;

    /// <summary>The parts of a setting's id by name.</summary>
    public IReadOnlyDictionary<string, string> Parts(SettingRef setting)
    {
        var names = Id.Split('/').Select(part => part.Trim('{', '}')).ToArray();
        var values = setting.Id.Split('/', names.Length);
        return values.Length == names.Length
            ? names.Zip(values).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal)
            : throw new InvalidOperationException($"{setting} is not named as {Id}.");
    }
}

/// <summary>How switches are read: from the answer itself, or from the rows of a list.</summary>
/// <param name="Call">The call.</param>
/// <param name="State">Member of the state → how it is read. Where all members are empty there is no such setting.</param>
internal sealed record SwitchRead(CallShape Call, IReadOnlyDictionary<string, Reading> State)
{
    /// <summary>The state of a setting that is off: the one state that may have empty members. Null where it is absent then.</summary>
    public SettingState? Off { get; init; }

    /// <summary>Member of a row that holds a JSON text in which the state stands; no text tells nothing. Empty where the row itself tells the state.</summary>
    public string Inside { get; init; } = "";

    /// <summary>How the list pages, its path with the parts of the id as holes; null where the answer itself tells the state.</summary>
    public Paging? Paging { get; init; }

    /// <summary>Path of the last part of the setting's id in a row; empty where the first row is it.</summary>
    public string Row { get; init; } = "";

    /// <summary>How the list is asked for some only; null where it is always read whole.</summary>
    public IdFilter? ById { get; init; }

    /// <summary>The state that a row tells; null when the row tells that there is none.</summary>
    /// <exception cref="OpenApiException">It tells only a part of it.</exception>
    public SettingState? StateOf(JToken row)
    {
        var members = State.ToDictionary(one => one.Key, one => one.Value.Of(row, Call), StringComparer.Ordinal);
        return Off?.Equals(new SettingState(members)) is true ? Off
            : members.Values.All(value => value.Length == 0) ? null
            : members.FirstOrDefault(one => one.Value.Length == 0) is { Key: { } missing }
                ? throw Rows.Unreadable(Call.Product.Code, Call.Action, $"it tells no {missing}")
            : new SettingState(members);
    }

    /// <summary>What tells the state: the row, or the JSON inside of it.</summary>
    /// <exception cref="OpenApiException">The text is no JSON object.</exception>
    public JObject Told(JObject row)
    {
        if (Inside.Length == 0)
        {
            return row;
        }

        // Dates stay the texts that they are, for they are written back.
        using var text = new StringReader(row.TextOf(Inside) is { Length: > 0 } some ? some : "{}");
        using var reader = new JsonTextReader(text) { DateParseHandling = DateParseHandling.None };
        try
        {
            return JObject.Load(reader);
        }
        catch (JsonException)
        {
            throw Rows.Unreadable(Call.Product.Code, Call.Action, $"{Inside} is no JSON object");
        }
    }

    /// <summary>The text of the JSON that told a state, with the members of another in their places and the rest as it is.</summary>
    public string Edited(JObject told, SettingState state)
    {
        foreach (var (name, reading) in State)
        {
            told[reading.At] = state[name];
        }

        return told.ToString(Formatting.None);
    }
}
