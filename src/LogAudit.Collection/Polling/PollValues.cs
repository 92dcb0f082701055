using System.Globalization;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LogAudit.Collection;

/// <summary>Values of rows as text.</summary>
internal static class PollValues
{
    /// <summary>The member at a path; null when the row has none.</summary>
    public static string? At(JToken row, string path) =>
        row.SelectToken(path) switch
        {
            null or { Type: JTokenType.Null } => null,
            { Type: JTokenType.Boolean } flag => flag.Value<bool>() ? "true" : "false",
            JValue { Value: { } value } => Convert.ToString(value, CultureInfo.InvariantCulture),
            { } other => other.ToString(Formatting.None),
        };

    /// <summary>A value as the data file writes it: a path in the row, or a word of the resource in braces.</summary>
    public static string? Of(string value, ResourceRef resource, JToken row) =>
        value is ['{', .. var word, '}']
            ? word switch
            {
                "account" => resource.Account.Value,
                "region" => resource.Region.Value,
                "id" => resource.Id,
                "name" => resource.Name,
                _ => resource.Properties.GetValueOrDefault(word),
            }
            : At(row, value);
}
