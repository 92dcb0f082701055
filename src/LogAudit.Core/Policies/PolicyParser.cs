using System.Globalization;
using System.Text.RegularExpressions;

namespace LogAudit;

/// <summary>Reads one line of a policy script by recursive descent: <c>not</c> binds closest, then <c>and</c>, then <c>or</c>.</summary>
internal sealed class PolicyParser
{
    private const int MaxDepth = 64;

    private readonly List<PolicyToken> tokens;
    private readonly int number;
    private int at;
    private int depth;

    private PolicyParser(string line, int number)
    {
        tokens = PolicyLexer.Tokens(line, number);
        this.number = number;
    }

    private PolicyToken Next => tokens[at];

    /// <summary>Reads a line; null when it is empty or a comment.</summary>
    public static PolicyLine? Line(string line, int number)
    {
        var parser = new PolicyParser(line, number);
        return parser.Next.Kind == PolicyTokenKind.End ? null : parser.Rule();
    }

    private PolicyLine Rule()
    {
        var action = Take() switch
        {
            { Kind: PolicyTokenKind.Word, Value: "keep" } => PolicyAction.Keep,
            { Kind: PolicyTokenKind.Word, Value: "drop" } => PolicyAction.Drop,
            { Kind: PolicyTokenKind.Word, Value: "accept" } => PolicyAction.Accept,
            var other => throw Mistake(other, $"a rule begins with keep, drop or accept, not with {other}"),
        };
        var when = Or();
        return Next.Kind == PolicyTokenKind.End
            ? new PolicyLine(action, when)
            : throw Mistake(Next, $"{Next} follows a complete condition; join conditions with and, or");
    }

    private PolicyNode Or()
    {
        var left = And();
        while (TakeIf("or", "||"))
        {
            left = new PolicyNode.Or(left, And());
        }

        return left;
    }

    private PolicyNode And()
    {
        var left = Unary();
        while (TakeIf("and", "&&"))
        {
            left = new PolicyNode.And(left, Unary());
        }

        return left;
    }

    private PolicyNode Unary()
    {
        if (++depth > MaxDepth)
        {
            throw Mistake(Next, $"conditions nest deeper than {MaxDepth}");
        }

        try
        {
            if (TakeIf("not", "!"))
            {
                return new PolicyNode.Not(Unary());
            }

            if (!TakeIf("(", "("))
            {
                return Comparison();
            }

            var inner = Or();
            Expect(")");
            return inner;
        }
        finally
        {
            depth--;
        }
    }

    private PolicyNode Comparison()
    {
        var subject = Take();
        if (subject.Kind == PolicyTokenKind.Text)
        {
            var pattern = new Wildcard(subject.Value);
            return pattern.MatchesAnything ? new PolicyNode.Anything() : new PolicyNode.AnyProperty(pattern);
        }

        if (subject.Kind != PolicyTokenKind.Word)
        {
            throw Mistake(subject, $"a property such as region or tag.env, or a text, is expected, not {subject}");
        }

        var property = subject.Value;
        var symbol = Take();
        return symbol switch
        {
            { Kind: PolicyTokenKind.Symbol, Value: "==" } => new PolicyNode.Like(property, new Wildcard(Text().Value)),
            { Kind: PolicyTokenKind.Symbol, Value: "~=" } => new PolicyNode.Finds(property, Pattern(Text())),
            { Kind: PolicyTokenKind.Symbol, Value: "=" } => Exactly(property, Number(Take())),
            { Kind: PolicyTokenKind.Symbol, Value: ">" } => new PolicyNode.Between(
                property,
                Number(Take()),
                false,
                null,
                false
            ),
            { Kind: PolicyTokenKind.Symbol, Value: ">=" } => new PolicyNode.Between(
                property,
                Number(Take()),
                true,
                null,
                false
            ),
            { Kind: PolicyTokenKind.Symbol, Value: "<" } => new PolicyNode.Between(
                property,
                null,
                false,
                Number(Take()),
                false
            ),
            { Kind: PolicyTokenKind.Symbol, Value: "<=" } => new PolicyNode.Between(
                property,
                null,
                false,
                Number(Take()),
                true
            ),
            { Kind: PolicyTokenKind.Symbol, Value: ":" } => Range(property),
            _ => throw Mistake(symbol, $"one of == ~= > >= = <= < : is expected after {property}, not {symbol}"),
        };
    }

    private static PolicyNode.Between Exactly(string property, decimal value) =>
        new(property, value, true, value, true);

    private PolicyNode.Between Range(string property)
    {
        Expect("[");
        var low = Bound();
        Expect(",");
        var high = Bound();
        Expect("]");
        return new PolicyNode.Between(property, low, true, high, true);
    }

    private decimal? Bound() => TakeIf("*", "*") ? null : Number(Take());

    private decimal Number(PolicyToken token) =>
        token.Kind == PolicyTokenKind.Word
        && decimal.TryParse(token.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw Mistake(token, $"a number is expected, not {token}; compare texts with ==");

    private PolicyToken Text()
    {
        var token = Take();
        return token.Kind == PolicyTokenKind.Text
            ? token
            : throw Mistake(token, $"a text in double quotes is expected, not {token}");
    }

    private Regex Pattern(PolicyToken token) =>
        LinearPattern.Parse(token.Value.Replace("\\\"", "\"", StringComparison.Ordinal), out var problem)
        ?? throw Mistake(token, $"{token} {problem}");

    private PolicyToken Take() => Next.Kind == PolicyTokenKind.End ? Next : tokens[at++];

    private bool TakeIf(string word, string symbol)
    {
        var fits =
            Next.Kind == PolicyTokenKind.Symbol && string.Equals(Next.Value, symbol, StringComparison.Ordinal)
            || Next.Kind == PolicyTokenKind.Word && string.Equals(Next.Value, word, StringComparison.OrdinalIgnoreCase);
        at += fits ? 1 : 0;
        return fits;
    }

    private void Expect(string symbol)
    {
        var token = Take();
        if (token.Kind != PolicyTokenKind.Symbol || !string.Equals(token.Value, symbol, StringComparison.Ordinal))
        {
            throw Mistake(token, $"'{symbol}' is expected, not {token}");
        }
    }

    private PolicyMistakeException Mistake(PolicyToken token, string problem) =>
        new(new PolicyError(number, token.Column, problem));
}
