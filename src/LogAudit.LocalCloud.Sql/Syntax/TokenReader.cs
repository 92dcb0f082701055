using LogAudit.LocalCloud.Kernel;

namespace LogAudit.LocalCloud.Sql.Syntax;

/// <summary>Steps through the tokens of a statement.</summary>
internal sealed class TokenReader(string text)
{
    /// <summary>Words that cannot be names without quotes. Source: Presto, reserved keywords.</summary>
    private static readonly HashSet<string> Reserved = new(
        (
            "alter and as between by case cast constraint create cross cube current_date current_time current_timestamp current_user "
            + "deallocate delete describe distinct drop else end escape except execute exists extract false for from full group grouping having in inner "
            + "insert intersect into is join left like localtime localtimestamp natural normalize not null on or order outer prepare "
            + "recursive right rollup select table then true uescape union unnest using values when where with"
        ).Split(' '),
        StringComparer.OrdinalIgnoreCase
    );

    private readonly IReadOnlyList<SqlToken> tokens = SqlToken.Split(text);
    private int at;

    public SqlToken Next => tokens[at];

    public int At => tokens[at].At;

    public bool IsNext(string word) => tokens[at].Is(word);

    public bool IsNext(string word, string then) =>
        tokens[at].Is(word) && tokens[Math.Min(at + 1, tokens.Count - 1)].Is(then);

    public SqlToken Take() => tokens[at].Kind == TokenKind.End ? throw Wrong() : tokens[at++];

    public bool Take(string word)
    {
        if (!IsNext(word))
            return false;
        at++;
        return true;
    }

    public void Need(string word)
    {
        if (!Take(word))
            throw Wrong($", expecting '{word}'");
    }

    public bool IsName =>
        Next.Kind == TokenKind.QuotedName || (Next.Kind == TokenKind.Word && !Reserved.Contains(Next.Text));

    public string Name() => IsName ? Take().Text : throw Wrong(", expecting a name");

    public SqlRefusedException Wrong(string more = "") => Refusal.Syntax(At, $"mismatched input '{Next.Text}'{more}");
}
