using System.Globalization;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Kernel;

/// <summary>Refuses unknown, missing and ill-typed parameters.</summary>
internal static class ApiParameterCheck
{
    /// <exception cref="CloudError">
    /// 400 <c>Missing{Name}</c>, <c>InvalidParameter</c> or <c>UnknownParameter</c>. Assumed: the real gateway ignores an
    /// unknown name; LocalCloud refuses it, since a misspelt parameter must not pass a test.
    /// </exception>
    public static void Demand(ApiAction action, IReadOnlyDictionary<string, string> parameters, JObject body)
    {
        foreach (var (name, value) in parameters)
        {
            var known = action.Parameters.FirstOrDefault(parameter => Covers(parameter, name));
            if (known is null)
            {
                if (name is "RegionId")
                {
                    continue;
                }
                throw new CloudError(
                    400,
                    "UnknownParameter",
                    $"{action.Product} {action.Name} has no parameter {name}."
                );
            }
            if (!Fits(known, name, value))
            {
                throw new CloudError(
                    400,
                    "InvalidParameter",
                    $"The specified parameter {name} is not valid: a value of type {known.Type} was expected."
                );
            }
        }
        var wholeBody = action.Parameters.Any(p => p.Position == ApiPosition.Body && p.Name == "body");
        foreach (var property in body.Properties())
        {
            if (!wholeBody && !action.Parameters.Any(p => p.Position == ApiPosition.Body && p.Name == property.Name))
            {
                throw new CloudError(
                    400,
                    "UnknownParameter",
                    $"{action.Product} {action.Name} has no body member {property.Name}."
                );
            }
        }
        foreach (var needed in action.Parameters.Where(parameter => parameter.Required))
        {
            var there =
                needed.Position == ApiPosition.Body
                    ? needed.Name == "body"
                        ? body.HasValues
                        : body.ContainsKey(needed.Name) || parameters.ContainsKey(needed.Name)
                    : parameters.Any(given => Covers(needed, given.Key) && given.Value.Length > 0);
            if (!there)
            {
                throw new CloudError(400, $"Missing{needed.Name}", $"{needed.Name} is mandatory for this action.");
            }
        }
    }

    private static bool Covers(ApiParameter parameter, string name) =>
        string.Equals(parameter.Name, name, StringComparison.Ordinal)
        || (
            parameter.Type is ApiType.RepeatList or ApiType.Array or ApiType.Struct or ApiType.Json
            && name.StartsWith(parameter.Name, StringComparison.Ordinal)
            && name.Length > parameter.Name.Length
            && name[parameter.Name.Length] == '.'
        );

    private static bool Fits(ApiParameter parameter, string name, string value) =>
        value.Length == 0
        || parameter.Type switch
        {
            ApiType.Integer => int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out _),
            ApiType.Long => long.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out _),
            ApiType.Boolean => value is "true" or "false" or "True" or "False",
            ApiType.Json when name == parameter.Name => IsJson(value),
            _ => true,
        };

    private static bool IsJson(string text)
    {
        try
        {
            WireJson.Token(text);
            return true;
        }
        catch (Newtonsoft.Json.JsonException)
        {
            return false;
        }
    }
}
