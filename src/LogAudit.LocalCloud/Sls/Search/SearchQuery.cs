using System.Globalization;
using LogAudit.LocalCloud.Kernel;

namespace LogAudit.LocalCloud.Sls.Search;

/// <summary>A search condition.</summary>
internal abstract record SearchQuery
{
    /// <summary>Everything.</summary>
    public sealed record All : SearchQuery;

    /// <summary>Words, in any field or in one.</summary>
    /// <param name="Key">The field, null for any.</param>
    /// <param name="Text">The words; <c>*</c> and <c>?</c> stand for letters.</param>
    public sealed record Words(string? Key, string Text) : SearchQuery;

    /// <summary>A number between two bounds.</summary>
    public sealed record Range(string Key, double Low, bool LowInside, double High, bool HighInside) : SearchQuery
    {
        public bool Holds(double value) =>
            (value > Low || (LowInside && value == Low)) && (value < High || (HighInside && value == High));
    }

    /// <summary>Both.</summary>
    public sealed record Both(SearchQuery Left, SearchQuery Right) : SearchQuery;

    /// <summary>Either.</summary>
    public sealed record Either(SearchQuery Left, SearchQuery Right) : SearchQuery;

    /// <summary>The opposite.</summary>
    public sealed record Not(SearchQuery Inner) : SearchQuery;

    /// <summary>Reads a query of SLS search syntax, without an analytic statement.</summary>
    /// <exception cref="CloudError">It is not a query.</exception>
    public static SearchQuery Parse(string? text)
    {
        var words = SearchWord.Split(text ?? "");
        if (words.Any(word => word is { Quoted: false, Text: "|" }))
        {
            throw SlsRefusal.Parameter("an analytic statement cannot be used here, only a search");
        }
        return words.Count == 0 ? new All() : new Reader(words).Whole();
    }

    private sealed class Reader(IReadOnlyList<SearchWord> words)
    {
        private int at;

        public SearchQuery Whole()
        {
            var query = Or();
            return at == words.Count ? query : throw Wrong();
        }

        private SearchQuery Or()
        {
            var left = And();
            while (Take("or"))
                left = new Either(left, And());
            return left;
        }

        private SearchQuery And()
        {
            var left = Unary();
            while (at < words.Count && !IsNext("or") && !IsNext(")"))
            {
                Take("and");
                left = new Both(left, Unary());
            }
            return left;
        }

        private SearchQuery Unary()
        {
            if (Take("not"))
                return new Not(Unary());
            if (!Take("("))
                return Primary();
            var inner = Or();
            return Take(")") ? inner : throw Wrong();
        }

        private SearchQuery Primary()
        {
            var word = Next();
            if (word.IsSign)
                throw Wrong();
            if (Take(":"))
                return new Words(word.Text, Next() is { IsSign: false } value ? value.Text : throw Wrong());
            if (Take(">="))
                return new Range(word.Text, Number(), true, double.PositiveInfinity, true);
            if (Take(">"))
                return new Range(word.Text, Number(), false, double.PositiveInfinity, true);
            if (Take("<="))
                return new Range(word.Text, double.NegativeInfinity, true, Number(), true);
            if (Take("<"))
                return new Range(word.Text, double.NegativeInfinity, true, Number(), false);
            if (Take("="))
                return Number() is var number ? new Range(word.Text, number, true, number, true) : throw Wrong();
            if (Take("in"))
                return Between(word.Text);
            return word is { Quoted: false, Text: "*" } ? new All() : new Words(null, word.Text);
        }

        private Range Between(string key)
        {
            var lowInside = Take("[") || (Take("(") ? false : throw Wrong());
            var (low, high) = (Number(), Number());
            var highInside = Take("]") || (Take(")") ? false : throw Wrong());
            return new Range(key, low, lowInside, high, highInside);
        }

        private double Number() =>
            double.TryParse(Next().Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw Wrong();

        private SearchWord Next() => at < words.Count ? words[at++] : throw Wrong();

        private bool IsNext(string sign) =>
            at < words.Count
            && !words[at].Quoted
            && string.Equals(words[at].Text, sign, StringComparison.OrdinalIgnoreCase);

        private bool Take(string sign)
        {
            if (!IsNext(sign))
                return false;
            at++;
            return true;
        }

        private CloudError Wrong() =>
            SlsRefusal.Parameter(
                $"query syntax error near word {at.ToString(CultureInfo.InvariantCulture)}: "
                    + (at > 0 && at <= words.Count ? words[at - 1].Text : "")
            );
    }
}
