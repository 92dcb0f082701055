using System.Globalization;
using LogAudit.OpenApi;
using Newtonsoft.Json.Linq;

namespace LogAudit.Products;

/// <summary>Reads members of a row. What must be there and is not makes the answer unreadable: never an empty text, never "off".</summary>
internal static class Rows
{
    /// <summary>A member that must be there.</summary>
    /// <exception cref="OpenApiException">It is not; the code is <see cref="ClientErrorCodes.UnreadableAnswer"/>.</exception>
    public static string Need(this JToken row, string path, string product, string action) =>
        row.TextOf(path) is { Length: > 0 } text ? text : throw Unreadable(product, action, $"it has no {path}");

    /// <summary>An answer that is not what the reference says. Who made the call names its account and region: <see cref="OpenApiException.In"/>.</summary>
    public static OpenApiException Unreadable(string product, string action, string problem) =>
        OpenApiException.Create(product, action, ClientErrorCodes.UnreadableAnswer, 200, problem);

    /// <summary>A member as text, <c>true</c> and <c>false</c> in small letters; empty when it is not there.</summary>
    public static string TextOf(this JToken row, string path) =>
        row.SelectToken(path) switch
        {
            null or { Type: JTokenType.Null } => "",
            { Type: JTokenType.Boolean } flag => flag.Value<bool>() ? "true" : "false",
            JValue { Value: { } value } => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
            { } other => other.ToString(Newtonsoft.Json.Formatting.None),
        };
}
