using System.Globalization;
using System.Net;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Events;

/// <summary>A filter pattern of EventBridge: fields are ANDed, the values of a field are ORed, nesting follows the event.</summary>
/// <remarks>Source: function-compute reference, section 6.3 (EventBridge event patterns).</remarks>
internal sealed class EventPattern
{
    /// <summary>Most operator expressions in one field.</summary>
    public const int MaxExpressionsPerField = 5;

    private readonly List<Field> _fields;

    private EventPattern(List<Field> fields) => _fields = fields;

    /// <summary>Reads a pattern.</summary>
    /// <exception cref="EventPatternException">The text is not a pattern; the message says where.</exception>
    public static EventPattern Parse(string json)
    {
        JObject root;
        try
        {
            root = JObject.Parse(json);
        }
        catch (JsonException e)
        {
            throw new EventPatternException($"The filter pattern is not a JSON object: {e.Message}");
        }
        List<Field> fields = [];
        Collect(root, [], fields);
        return new EventPattern(fields);
    }

    /// <summary>Whether an event matches. Case-sensitive.</summary>
    public bool Matches(JObject subject) => _fields.TrueForAll(field => field.Matches(subject));

    private static void Collect(JObject node, string[] path, List<Field> into)
    {
        foreach (var property in node.Properties())
        {
            string[] here = [.. path, property.Name];
            switch (property.Value)
            {
                case JObject nested:
                    Collect(nested, here, into);
                    break;
                case JArray { Count: > 0 } values:
                    if (values.Count(v => v is JObject) > MaxExpressionsPerField)
                    {
                        throw new EventPatternException(
                            $"'{string.Join('.', here)}' has more than {MaxExpressionsPerField} expressions."
                        );
                    }
                    into.Add(new Field(here, [.. values.Select(v => Condition(v, here))]));
                    break;
                default:
                    throw new EventPatternException(
                        $"'{string.Join('.', here)}' must be an object or a non-empty array of values."
                    );
            }
        }
    }

    private static Func<JToken?, bool> Condition(JToken token, string[] path)
    {
        if (token is not JObject expression)
        {
            return Exact(token);
        }
        if (expression.Count != 1)
        {
            throw new EventPatternException($"An expression of '{string.Join('.', path)}' needs exactly one operator.");
        }
        var (name, operand) = (expression.Properties().First().Name, expression.Properties().First().Value);
        return name switch
        {
            "prefix" => TextTest(operand, path, (value, with) => value.StartsWith(with, StringComparison.Ordinal)),
            "suffix" => TextTest(operand, path, (value, with) => value.EndsWith(with, StringComparison.Ordinal)),
            "contains" => TextTest(operand, path, (value, with) => value.Contains(with, StringComparison.Ordinal)),
            "anything-but" => AnythingBut(operand, path),
            "numeric" => Numeric(operand, path),
            "cidr" => Cidr(operand, path),
            "exists" when operand.Type == JTokenType.Boolean => value => (value is not null) == operand.Value<bool>(),
            _ => throw new EventPatternException($"'{name}' in '{string.Join('.', path)}' is not an operator."),
        };
    }

    private static Func<JToken?, bool> Exact(JToken wanted) =>
        value =>
            value is not null
            && (
                JToken.DeepEquals(value, wanted)
                || (IsNumber(value) && IsNumber(wanted) && Number(value) == Number(wanted))
            );

    private static Func<JToken?, bool> TextTest(JToken operand, string[] path, Func<string, string, bool> test)
    {
        var with = operand.Type == JTokenType.String ? operand.Value<string>()! : throw NeedsText(path);
        return value => value is { Type: JTokenType.String } && test(value.Value<string>()!, with);
    }

    private static Func<JToken?, bool> AnythingBut(JToken operand, string[] path)
    {
        Func<JToken?, bool>[] barred = operand switch
        {
            JArray list => [.. list.Select(v => Condition(v, path))],
            _ => [Condition(operand, path)],
        };
        return value => value is not null && !Array.Exists(barred, condition => condition(value));
    }

    private static Func<JToken?, bool> Numeric(JToken operand, string[] path)
    {
        if (operand is not JArray { Count: > 0 } pairs || pairs.Count % 2 != 0)
        {
            throw new EventPatternException(
                $"'numeric' of '{string.Join('.', path)}' is a list of operator and number, for example [\">\",0,\"<=\",5]."
            );
        }
        List<Func<double, bool>> tests = [];
        for (var i = 0; i < pairs.Count; i += 2)
        {
            if (!IsNumber(pairs[i + 1]))
            {
                throw new EventPatternException($"'numeric' of '{string.Join('.', path)}' compares with numbers only.");
            }
            var bound = Number(pairs[i + 1]);
            tests.Add(
                pairs[i].ToString() switch
                {
                    "=" => v => v == bound,
                    "!=" => v => v != bound,
                    ">" => v => v > bound,
                    ">=" => v => v >= bound,
                    "<" => v => v < bound,
                    "<=" => v => v <= bound,
                    var other => throw new EventPatternException(
                        $"'{other}' in '{string.Join('.', path)}' is not a numeric operator."
                    ),
                }
            );
        }
        return value => IsNumber(value) && tests.TrueForAll(test => test(Number(value!)));
    }

    private static Func<JToken?, bool> Cidr(JToken operand, string[] path)
    {
        if (operand.Type != JTokenType.String || !IPNetwork.TryParse(operand.Value<string>()!, out var network))
        {
            throw new EventPatternException(
                $"'cidr' of '{string.Join('.', path)}' needs a network, for example 10.0.0.0/24."
            );
        }
        return value =>
            value is { Type: JTokenType.String }
            && IPAddress.TryParse(value.Value<string>(), out var address)
            && network.Contains(address);
    }

    private static EventPatternException NeedsText(string[] path) =>
        new($"The operator of '{string.Join('.', path)}' needs a text.");

    private static bool IsNumber(JToken? token) => token is { Type: JTokenType.Integer or JTokenType.Float };

    private static double Number(JToken token) => Convert.ToDouble(((JValue)token).Value, CultureInfo.InvariantCulture);

    private sealed record Field(string[] Path, Func<JToken?, bool>[] Conditions)
    {
        public bool Matches(JObject subject)
        {
            JToken? value = subject;
            foreach (var name in Path)
            {
                value = (value as JObject)?[name];
            }
            return value is JArray many
                ? many.Any(element => Array.Exists(Conditions, condition => condition(element)))
                : Array.Exists(Conditions, condition => condition(value));
        }
    }
}

/// <summary>A filter pattern that EventBridge refuses.</summary>
internal sealed class EventPatternException(string message) : Exception(message);
