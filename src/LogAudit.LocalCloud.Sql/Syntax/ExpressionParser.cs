namespace LogAudit.LocalCloud.Sql.Syntax;

/// <summary>Reads expressions, in the order of precedence of Presto: or, and, not, comparison, sum, product, sign, element.</summary>
internal sealed class ExpressionParser(TokenReader reader, Func<SqlQuery> subquery)
{
    /// <summary>Bounds the recursion of one statement.</summary>
    private const int DeepestNesting = 200;

    private int depth;

    public SqlExpression Read()
    {
        if (++depth > DeepestNesting)
            throw Refusal.Syntax(reader.At, "the expression is nested too deeply");
        var read = Or();
        depth--;
        return read;
    }

    private SqlExpression Or()
    {
        var left = And();
        while (reader.IsNext("or"))
            left = new BinaryExpression(reader.Take().At, "or", left, And());
        return left;
    }

    private SqlExpression And()
    {
        var left = Not();
        while (reader.IsNext("and"))
            left = new BinaryExpression(reader.Take().At, "and", left, Not());
        return left;
    }

    private SqlExpression Not()
    {
        var at = reader.At;
        var times = 0;
        while (reader.Take("not"))
            times++;
        var inner = Comparison();
        return times % 2 == 0 ? inner : new UnaryExpression(at, "not", inner);
    }

    private SqlExpression Comparison()
    {
        var left = Sum();
        var at = reader.At;
        foreach (var sign in (string[])["=", "<>", "!=", "<=", ">=", "<", ">"])
        {
            if (reader.Take(sign))
                return new BinaryExpression(at, sign == "!=" ? "<>" : sign, left, Sum());
        }

        if (reader.Take("is"))
        {
            var isNot = reader.Take("not");
            reader.Need("null");
            return new IsNullExpression(at, left, isNot);
        }

        var not = reader.Take("not");
        if (reader.Take("between"))
        {
            var low = Sum();
            reader.Need("and");
            return new BetweenExpression(at, left, low, Sum(), not);
        }

        if (reader.Take("like"))
        {
            var pattern = Sum();
            return reader.IsNext("escape")
                ? throw Refusal.Outside(reader.At, "ESCAPE")
                : new LikeExpression(at, left, pattern, not);
        }

        if (reader.Take("in"))
            return In(at, left, not);
        return not ? throw reader.Wrong(", expecting between, like or in") : left;
    }

    private SqlExpression In(int at, SqlExpression left, bool not)
    {
        reader.Need("(");
        if (reader.IsNext("select"))
        {
            var query = subquery();
            reader.Need(")");
            return new InQueryExpression(at, left, query, not);
        }

        return new InExpression(at, left, List(), not);
    }

    private SqlExpression Sum()
    {
        var left = Product();
        while (reader.IsNext("+") || reader.IsNext("-") || reader.IsNext("||"))
        {
            var sign = reader.Take();
            left = new BinaryExpression(sign.At, sign.Text, left, Product());
        }

        return left;
    }

    private SqlExpression Product()
    {
        var left = Signed();
        while (reader.IsNext("*") || reader.IsNext("/") || reader.IsNext("%"))
        {
            var sign = reader.Take();
            left = new BinaryExpression(sign.At, sign.Text, left, Signed());
        }

        return left;
    }

    private SqlExpression Signed()
    {
        var at = reader.At;
        var times = 0;
        while (reader.IsNext("-") || reader.IsNext("+"))
            times += reader.Take().Text == "-" ? 1 : 0;
        var inner = Element();
        return times % 2 == 0 ? inner : new UnaryExpression(at, "-", inner);
    }

    private SqlExpression Element()
    {
        var inner = Primary();
        while (reader.IsNext("["))
        {
            var at = reader.Take().At;
            inner = new ElementExpression(at, inner, Read());
            reader.Need("]");
        }

        return inner;
    }

    private SqlExpression Primary()
    {
        var (kind, at) = (reader.Next.Kind, reader.At);
        if (kind == TokenKind.Text)
            return new TextExpression(at, reader.Take().Text);
        if (kind == TokenKind.Number)
            return new NumberExpression(at, reader.Take().Text);
        if (reader.Take("("))
            return Parenthesised(at);
        if (reader.Take("null"))
            return new NullExpression(at);
        if (reader.IsNext("true") || reader.IsNext("false"))
            return new TruthExpression(at, reader.Take().Is("true"));
        if (reader.IsNext("case"))
            return Case();
        if (reader.IsNext("cast", "(") || reader.IsNext("try_cast", "("))
            return Cast();
        if (reader.IsNext("current_timestamp") || reader.IsNext("localtimestamp"))
            return new CallExpression(at, reader.Take().Text.ToLowerInvariant(), [], false, false);
        foreach (var word in (string[])["exists", "interval", "array", "extract", "row", "unnest"])
        {
            if (reader.IsNext(word, "(") || reader.IsNext(word, "["))
                throw Refusal.Outside(at, word.ToUpperInvariant());
        }

        return Named(at);
    }

    private SqlExpression Parenthesised(int at)
    {
        if (reader.IsNext("select"))
            throw Refusal.Outside(at, "a subquery as a value");
        var inner = Read();
        reader.Need(")");
        return inner;
    }

    private SqlExpression Named(int at)
    {
        var quoted = reader.Next.Kind == TokenKind.QuotedName;
        var name = reader.Name();
        if (!quoted && reader.Take("("))
            return Call(at, name.ToLowerInvariant());
        return reader.Take(".") ? new NameExpression(at, name, reader.Name()) : new NameExpression(at, null, name);
    }

    private CallExpression Call(int at, string name)
    {
        CallExpression call;
        if (reader.Take("*"))
        {
            reader.Need(")");
            call = new(at, name, [], false, true);
        }
        else
        {
            var distinct = reader.Take("distinct");
            call = reader.Take(")") ? new(at, name, [], false, false) : new(at, name, List(), distinct, false);
        }

        foreach (var word in (string[])["over", "filter", "within"])
        {
            if (reader.IsNext(word, "(") || reader.IsNext(word, "group"))
                throw Refusal.Outside(reader.At, word.ToUpperInvariant());
        }

        return call;
    }

    private List<SqlExpression> List()
    {
        List<SqlExpression> list = [];
        do
        {
            list.Add(Read());
        } while (reader.Take(","));
        reader.Need(")");
        return list;
    }

    private CaseExpression Case()
    {
        var at = reader.Take().At;
        var of = reader.IsNext("when") ? null : Read();
        List<(SqlExpression, SqlExpression)> branches = [];
        while (reader.Take("when"))
        {
            var when = Read();
            reader.Need("then");
            branches.Add((when, Read()));
        }

        if (branches.Count == 0)
            throw reader.Wrong(", expecting 'when'");
        var otherwise = reader.Take("else") ? Read() : null;
        reader.Need("end");
        return new(at, of, branches, otherwise);
    }

    private CastExpression Cast()
    {
        var word = reader.Take();
        reader.Need("(");
        var inner = Read();
        reader.Need("as");
        var type = reader.Name().ToLowerInvariant();
        reader.Need(")");
        return new(word.At, inner, type, word.Is("try_cast"));
    }
}
