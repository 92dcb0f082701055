using System.Globalization;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Kernel;

/// <summary>An authenticated, checked call of an RPC or ROA action.</summary>
internal sealed class ApiCall
{
    public required Cloud Cloud { get; init; }
    public required CloudRequest Request { get; init; }
    public required ApiAction Action { get; init; }
    public required Caller Caller { get; init; }

    /// <summary>Region, account or project that the host names.</summary>
    public required HostMatch Host { get; init; }

    /// <summary>Business parameters by wire name, flattened names included; holes of a ROA path too.</summary>
    public required IReadOnlyDictionary<string, string> Parameters { get; init; }

    /// <summary>JSON body of a ROA call; empty otherwise.</summary>
    public JObject Body { get; init; } = [];

    public string AccountId => Caller.Account.Id;
    public Account Account => Caller.Account;

    /// <summary>Region of the call: the <c>RegionId</c> parameter, else the one in the host; empty for a central host.</summary>
    public string Region => Optional("RegionId") ?? Host.Region;

    public DateTimeOffset Now => Cloud.Clock.GetUtcNow();

    /// <summary>Resources that the call changed, for the audit event.</summary>
    public List<(string Type, string Id)> Touched { get; } = [];

    /// <summary>A required parameter. The gateway has made sure that it is there.</summary>
    public string Text(string name) => Parameters[name];

    /// <summary>A parameter; null when absent or empty.</summary>
    public string? Optional(string name) =>
        Parameters.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    public int? Integer(string name) =>
        Optional(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    public long? Long(string name) =>
        Optional(name) is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : null;

    public bool? Boolean(string name) => Optional(name) is { } text ? bool.Parse(text) : null;

    /// <summary>An integer within bounds, or the default.</summary>
    /// <exception cref="CloudError">400 <c>InvalidParameter</c>.</exception>
    public int Integer(string name, int fallback, int from, int to)
    {
        var value = Integer(name) ?? fallback;
        return value >= from && value <= to
            ? value
            : throw new CloudError(
                400,
                "InvalidParameter",
                $"The specified parameter {name} is not valid: {value} is not within {from} and {to}."
            );
    }

    /// <summary>A list in any of the three wire styles: flattened, JSON text, comma list.</summary>
    public IReadOnlyList<string> List(string name)
    {
        if (Optional(name) is { } text)
        {
            return text.StartsWith('[')
                ? [.. WireJson.Array(text).Select(item => item.ToString())]
                : text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        }
        var items = new List<string>();
        for (var i = 1; Optional(string.Create(CultureInfo.InvariantCulture, $"{name}.{i}")) is { } item; i++)
        {
            items.Add(item);
        }
        return items;
    }

    /// <summary>A flattened list of objects: <c>Tag.1.Key</c>, <c>Tag.1.Value</c>; each row by sub-name.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> Rows(string name)
    {
        var rows = new SortedDictionary<int, Dictionary<string, string>>();
        foreach (var (key, value) in Parameters)
        {
            var parts = key.Split('.', 3);
            if (
                parts.Length == 3
                && string.Equals(parts[0], name, StringComparison.Ordinal)
                && int.TryParse(parts[1], CultureInfo.InvariantCulture, out var index)
            )
            {
                if (!rows.TryGetValue(index, out var row))
                {
                    rows[index] = row = new(StringComparer.Ordinal);
                }
                row[parts[2]] = value;
            }
        }
        return [.. rows.Values];
    }

    /// <summary>Asks RAM a further question, such as <c>ram:PassRole</c>.</summary>
    /// <exception cref="CloudError">403 <c>NoPermission</c>.</exception>
    public void Demand(string action, string resource, params IEnumerable<KeyValuePair<string, string>> keys) =>
        Cloud.Ram.Demand(Caller, action, resource, keys);
}
