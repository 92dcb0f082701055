using System.Text;

namespace LogAudit.Forwarding;

/// <summary>A level of the paths that a mapping reads: names at this level, each a source, a deeper level, or both. Flat records have one level.</summary>
internal sealed class PathNode
{
    private readonly FieldTable table;
    private readonly Entry[] entries;

    /// <summary>Takes the source names; a source's number is its position. A name with dots is a path and, as it stands, a flat name.</summary>
    public PathNode(IReadOnlyList<string> sources)
        : this([
            .. sources.Select((source, number) => (Path: (string[])[source], number)),
            .. sources
                .Select((source, number) => (Path: source.Split('.'), number))
                .Where(source => source.Path.Length > 1),
        ]) { }

    private PathNode((string[] Path, int Source)[] sources)
    {
        var levels = sources.GroupBy(source => source.Path[0], StringComparer.Ordinal).ToArray();
        table = new FieldTable([.. levels.Select(level => Encoding.UTF8.GetBytes(level.Key))]);
        entries =
        [
            .. levels.Select(level =>
            {
                var deeper = level.Where(source => source.Path.Length > 1).ToArray();
                var here = level.Where(source => source.Path.Length == 1).ToArray();
                return new Entry(
                    here.Length == 0 ? -1 : here[0].Source,
                    deeper.Length == 0
                        ? null
                        : new PathNode([.. deeper.Select(source => (source.Path[1..], source.Source))])
                );
            }),
        ];
    }

    /// <summary>Finds a name at this level.</summary>
    /// <param name="name">UTF-8.</param>
    /// <param name="hash"><see cref="FieldTable.Hash"/> of the name.</param>
    public Entry Find(ReadOnlySpan<byte> name, ulong hash)
    {
        var number = table.Find(name, hash);
        return number < 0 ? Entry.None : entries[number];
    }

    /// <summary>What a name leads to.</summary>
    /// <param name="Source">Number of the source that ends here; -1 when none does.</param>
    /// <param name="Deeper">Paths that go on below; null without any.</param>
    internal readonly record struct Entry(int Source, PathNode? Deeper)
    {
        public static Entry None { get; } = new(-1, null);
    }
}
