using LogAudit.Sls;

namespace LogAudit.Collection;

/// <summary>Indexes, field by field: only what a change adds or takes away is touched, everything else in the index stays as somebody set it.</summary>
internal sealed class IndexSettings(SlsAccess sls) : ISettingHandler
{
    private const string Line = "line";
    private const string Key = "key:";

    public IReadOnlyCollection<string> SettingKinds => [Collection.SettingKinds.Index];

    public async Task<SettingState?> ReadAsync(SettingRef setting, CancellationToken cancel)
    {
        var (project, name) = SlsAccess.Split(setting);
        return await sls.For(setting).GetIndexAsync(project, new LogstoreName(name), cancel) is { } index
            ? State(index)
            : null;
    }

    public async Task WriteAsync(SettingChange change, CancellationToken cancel)
    {
        var (project, name) = SlsAccess.Split(change.Setting);
        var logstore = new LogstoreName(name);
        var client = sls.For(change.Setting);
        var present = await client.GetIndexAsync(project, logstore, cancel);
        if (change.To is null)
        {
            await client.DeleteIndexAsync(project, logstore, cancel);
        }
        else if (present is null)
        {
            await SlsAccess.CreateAsync(
                client.CreateIndexAsync(project, logstore, Meet(new IndexConfig(), null, change.To), cancel)
            );
        }
        else
        {
            await client.UpdateIndexAsync(project, logstore, Meet(present, change.From, change.To), cancel);
        }
    }

    internal static SettingState State(IndexConfig index) =>
        new([
            .. index.FullText is null ? [] : new[] { new KeyValuePair<string, string>(Line, "yes") },
            .. index.Keys.SelectMany(key =>
                key.Value.JsonKeys.Select(inner => new KeyValuePair<string, string>(
                        $"{Key}{key.Key}.{inner.Key}",
                        inner.Value.Type
                    ))
                    .Prepend(new($"{Key}{key.Key}", key.Value.Type))
            ),
        ]);

    /// <summary>An index with what <paramref name="to"/> has more than <paramref name="from"/>, and without what it has less.</summary>
    internal static IndexConfig Meet(IndexConfig index, SettingState? from, SettingState to)
    {
        var keys = new Dictionary<string, IndexKey>(index.Keys, StringComparer.Ordinal);
        foreach (
            var gone in (from?.Keys ?? []).Where(name =>
                !to.ContainsKey(name) && name.StartsWith(Key, StringComparison.Ordinal)
            )
        )
        {
            Remove(keys, gone[Key.Length..]);
        }

        // Parents come before what is inside them, because the shorter name sorts first.
        foreach (var (name, type) in to.Where(member => member.Key.StartsWith(Key, StringComparison.Ordinal)))
        {
            Add(keys, name[Key.Length..], type);
        }

        return index with
        {
            FullText = to.ContainsKey(Line) ? index.FullText ?? new FullTextIndex() : null,
            Keys = keys,
        };
    }

    private static void Add(Dictionary<string, IndexKey> keys, string name, string type)
    {
        if (Parent(keys, name) is { } parent)
        {
            var inner = new Dictionary<string, IndexKey>(keys[parent].JsonKeys, StringComparer.Ordinal);
            inner.TryAdd(name[(parent.Length + 1)..], new IndexKey { Type = type });
            keys[parent] = keys[parent] with { JsonKeys = inner };
        }
        else
        {
            keys.TryAdd(name, new IndexKey { Type = type });
        }
    }

    private static void Remove(Dictionary<string, IndexKey> keys, string name)
    {
        if (!keys.Remove(name) && Parent(keys, name) is { } parent)
        {
            var inner = new Dictionary<string, IndexKey>(keys[parent].JsonKeys, StringComparer.Ordinal);
            inner.Remove(name[(parent.Length + 1)..]);
            keys[parent] = keys[parent] with { JsonKeys = inner };
        }
    }

    private static string? Parent(Dictionary<string, IndexKey> keys, string name) =>
        name.Contains('.', StringComparison.Ordinal)
        && keys.TryGetValue(name.Split('.', 2)[0], out var parent)
        && parent.Type is "json"
            ? name.Split('.', 2)[0]
            : null;
}
