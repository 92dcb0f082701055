using System.Text;

namespace LogAudit.Forwarding;

/// <summary>A level of the names that masking rules name: each is masked itself, leads deeper, or both. A name with dots is a path and, at every level, a name as it stands.</summary>
internal sealed class MaskNames
{
    private readonly FieldTable table;
    private readonly Entry[] entries;

    /// <summary>Takes paths and the rules that name them; the first rule has a name.</summary>
    public MaskNames(IEnumerable<(string Path, MaskRule Rule)> paths)
    {
        var levels = paths
            .SelectMany(path =>
                Heads(path.Path).Select(head => (Head: head, Tail: path.Path[head.Length..].TrimStart('.'), path.Rule))
            )
            .GroupBy(step => step.Head, StringComparer.Ordinal)
            .ToArray();
        table = new FieldTable([.. levels.Select(level => Encoding.UTF8.GetBytes(level.Key))]);
        entries =
        [
            .. levels.Select(level =>
            {
                var deeper = level.Where(step => step.Tail.Length > 0).ToArray();
                return new Entry(
                    level.FirstOrDefault(step => step.Tail.Length == 0).Rule,
                    deeper.Length == 0 ? null : new MaskNames(deeper.Select(step => (step.Tail, step.Rule)))
                );
            }),
        ];
    }

    /// <summary>Whether it names nothing.</summary>
    public bool IsEmpty => entries.Length == 0;

    /// <summary>Finds a name at this level.</summary>
    public Entry Find(ReadOnlySpan<byte> name)
    {
        var number = entries.Length == 0 ? -1 : table.Find(name, FieldTable.Hash(name));
        return number < 0 ? default : entries[number];
    }

    /// <summary>What a path leads to: the rule that names it or something around it, and the names inside.</summary>
    public Entry Descend(string path)
    {
        foreach (var head in Heads(path))
        {
            var found = Find(Encoding.UTF8.GetBytes(head));
            var tail = path[head.Length..].TrimStart('.');
            if (found.Rule is not null || tail.Length == 0)
            {
                return found;
            }

            if (found.Deeper?.Descend(tail) is { IsNothing: false } deeper)
            {
                return deeper;
            }
        }

        return default;
    }

    // a.b.c begins with a, with a.b and with a.b.c.
    private static IEnumerable<string> Heads(string path)
    {
        for (var dot = path.IndexOf('.', StringComparison.Ordinal); dot > 0; dot = path.IndexOf('.', dot + 1))
        {
            if (dot < path.Length - 1)
            {
                yield return path[..dot];
            }
        }

        yield return path;
    }

    /// <summary>What a name leads to.</summary>
    /// <param name="Rule">The rule that names it; null when none does.</param>
    /// <param name="Deeper">Names inside; null without any.</param>
    internal readonly record struct Entry(MaskRule? Rule, MaskNames? Deeper)
    {
        public bool IsNothing => Rule is null && Deeper is null;
    }
}
