using System.Collections;
using System.Globalization;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LogAudit.OpenApi;

/// <summary>An ordered list of parameter names and values, already in the flat form that goes on the wire. Immutable: every <c>With</c> gives a new list.</summary>
/// <remarks>Lists become <c>Name.1</c>, <c>Name.2</c> (from 1), members <c>Name.1.Key</c>; null is left out; booleans are <c>true</c> and <c>false</c>. Source: the official SDKs.</remarks>
public sealed class ApiParameters : IReadOnlyList<KeyValuePair<string, string>>
{
    private readonly KeyValuePair<string, string>[] items;

    private ApiParameters(KeyValuePair<string, string>[] items) => this.items = items;

    /// <summary>No parameters.</summary>
    public static ApiParameters None { get; } = new([]);

    /// <summary>Parameters from pairs; a null value leaves its parameter out.</summary>
    public static ApiParameters Of(params ReadOnlySpan<(string Name, string? Value)> pairs)
    {
        var kept = new List<KeyValuePair<string, string>>(pairs.Length);
        foreach (var (name, value) in pairs)
        {
            if (value is not null)
            {
                kept.Add(new(name, value));
            }
        }

        return new([.. kept]);
    }

    /// <summary>Parameters from a JSON object, flattened.</summary>
    public static ApiParameters Flatten(JObject from)
    {
        var kept = new List<KeyValuePair<string, string>>();
        foreach (var (name, value) in from)
        {
            Flatten(name, value, kept);
        }

        return new([.. kept]);
    }

    /// <inheritdoc/>
    public int Count => items.Length;

    /// <inheritdoc/>
    public KeyValuePair<string, string> this[int index] => items[index];

    /// <summary>Sets a parameter; null leaves the list as it is.</summary>
    public ApiParameters With(string name, string? value) =>
        value is null
            ? this
            : new([.. items.Where(item => !string.Equals(item.Key, name, StringComparison.Ordinal)), new(name, value)]);

    /// <summary>Sets a whole number; null leaves the list as it is.</summary>
    public ApiParameters With(string name, long? value) => With(name, value?.ToString(CultureInfo.InvariantCulture));

    /// <summary>Sets <c>true</c> or <c>false</c>; null leaves the list as it is.</summary>
    public ApiParameters With(string name, bool? value) =>
        With(name, value is { } set ? (set ? "true" : "false") : null);

    /// <summary>Adds a list in the flat style: <c>Name.1</c>, <c>Name.2</c> …</summary>
    public ApiParameters WithList(string name, IEnumerable<string> values) => WithFlat(name, new JArray(values));

    /// <summary>Adds an object or a list in the flat style, nested ones too: <c>Tag.1.Key</c>.</summary>
    public ApiParameters WithFlat(string name, JToken value)
    {
        var kept = new List<KeyValuePair<string, string>>(items);
        Flatten(name, value, kept);
        return new([.. kept]);
    }

    /// <summary>Sets a parameter whose value is JSON text (metadata type <c>Json</c>, and <c>Array</c> in the JSON style).</summary>
    public ApiParameters WithJson(string name, JToken value) => With(name, value.ToString(Formatting.None));

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => items.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static void Flatten(string name, JToken? value, List<KeyValuePair<string, string>> to)
    {
        switch (value)
        {
            case null or { Type: JTokenType.Null }:
                break;
            case JArray list:
                for (var i = 0; i < list.Count; i++)
                {
                    Flatten(string.Create(CultureInfo.InvariantCulture, $"{name}.{i + 1}"), list[i], to);
                }

                break;
            case JObject members:
                foreach (var (member, inner) in members)
                {
                    Flatten($"{name}.{member}", inner, to);
                }

                break;
            case { Type: JTokenType.Boolean }:
                to.Add(new(name, value.Value<bool>() ? "true" : "false"));
                break;
            default:
                to.Add(new(name, Convert.ToString(((JValue)value).Value, CultureInfo.InvariantCulture) ?? ""));
                break;
        }
    }
}
