using System.Globalization;
using System.Net;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Kernel;

/// <summary>One key of a condition block: operator, key and the values of which one must hold.</summary>
internal sealed record PolicyCondition(string Operator, string Key, IReadOnlyList<string> Values)
{
    private static readonly string[] Operators =
    [
        "StringEquals",
        "StringNotEquals",
        "StringEqualsIgnoreCase",
        "StringNotEqualsIgnoreCase",
        "StringLike",
        "StringNotLike",
        "NumericEquals",
        "NumericNotEquals",
        "NumericLessThan",
        "NumericLessThanEquals",
        "NumericGreaterThan",
        "NumericGreaterThanEquals",
        "DateEquals",
        "DateNotEquals",
        "DateLessThan",
        "DateLessThanEquals",
        "DateGreaterThan",
        "DateGreaterThanEquals",
        "Bool",
        "IpAddress",
        "NotIpAddress",
    ];

    internal static IEnumerable<PolicyCondition> ParseAll(JToken? block)
    {
        if (block is null)
        {
            yield break;
        }
        if (block is not JObject byOperator)
        {
            throw PolicyDocument.Malformed("Condition is not an object.");
        }
        foreach (var entry in byOperator.Properties())
        {
            if (!Operators.Contains(entry.Name, StringComparer.Ordinal) || entry.Value is not JObject keys)
            {
                throw PolicyDocument.Malformed($"condition operator {entry.Name} is unknown.");
            }
            foreach (var key in keys.Properties())
            {
                yield return new(entry.Name, key.Name, PolicyStatement.Strings(key.Value));
            }
        }
    }

    /// <summary>A key that the request does not have fails every operator, except the negated ones.</summary>
    public bool Holds(IReadOnlyDictionary<string, string> request)
    {
        var negated = Operator.Contains("Not", StringComparison.Ordinal);
        if (!request.TryGetValue(Key, out var actual))
        {
            return negated;
        }
        var positive = Operator.Replace("Not", "", StringComparison.Ordinal);
        var any = Values.Any(expected => One(positive, actual, expected));
        return negated ? !any : any;
    }

    private static bool One(string op, string actual, string expected) =>
        op switch
        {
            "StringEquals" => string.Equals(actual, expected, StringComparison.Ordinal),
            "StringEqualsIgnoreCase" => string.Equals(actual, expected, StringComparison.OrdinalIgnoreCase),
            "StringLike" => Wildcard.Matches(expected, actual, ignoreCase: false),
            "Bool" => string.Equals(actual, expected, StringComparison.OrdinalIgnoreCase),
            "IpAddress" => InNetwork(actual, expected),
            _ when op.StartsWith("Numeric", StringComparison.Ordinal) => decimal.TryParse(
                actual,
                NumberStyles.Number,
                CultureInfo.InvariantCulture,
                out var a
            )
                && decimal.TryParse(expected, NumberStyles.Number, CultureInfo.InvariantCulture, out var b)
                && Ordered(op["Numeric".Length..], a.CompareTo(b)),
            _ => TryDate(actual, out var a)
                && TryDate(expected, out var b)
                && Ordered(op["Date".Length..], a.CompareTo(b)),
        };

    private static bool Ordered(string relation, int comparison) =>
        relation switch
        {
            "Equals" => comparison == 0,
            "LessThan" => comparison < 0,
            "LessThanEquals" => comparison <= 0,
            "GreaterThan" => comparison > 0,
            _ => comparison >= 0,
        };

    private static bool TryDate(string text, out DateTimeOffset time) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);

    private static bool InNetwork(string address, string network)
    {
        if (!IPAddress.TryParse(address, out var ip))
        {
            return false;
        }
        ip = ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4() : ip;
        return network.Contains('/', StringComparison.Ordinal)
            ? IPNetwork.TryParse(network, out var range) && range.Contains(ip)
            : IPAddress.TryParse(network, out var one) && one.Equals(ip);
    }
}
