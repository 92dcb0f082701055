using System.Globalization;
using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Sls.Storage;
using LogAudit.LocalCloud.Sls.Wire;

namespace LogAudit.LocalCloud.Sls.Search;

/// <summary>Finds records of a Logstore by time and query, through its index only.</summary>
/// <remarks>Data that came before the index is not found. Source: SLS protocol 7.5.</remarks>
internal static class SearchEngine
{
    /// <summary>Finds records in the order of their time.</summary>
    /// <param name="logstore">Where.</param>
    /// <param name="query">What.</param>
    /// <param name="topic">Topic, empty for any.</param>
    /// <param name="from">First second.</param>
    /// <param name="to">Second after the last.</param>
    public static IReadOnlyList<FoundRecord> Find(
        SlsLogstore logstore,
        SearchQuery query,
        string? topic,
        uint from,
        uint to
    )
    {
        var index = logstore.Index ?? throw SlsRefusal.NoIndex();
        var since = index.ActiveFrom.ToUnixTimeSeconds();
        List<FoundRecord> found = [];
        foreach (var stored in logstore.Shards.SelectMany(shard => shard.Search(from, to)))
        {
            if (stored.Mark.ReceivedAt < since)
                continue;
            var group = LogGroup.Parser.ParseFrom(stored.Bytes.Span);
            if (!string.IsNullOrEmpty(topic) && group.Topic != topic)
                continue;
            found.AddRange(
                group
                    .Logs.Where(log => log.Time >= from && log.Time < to)
                    .Select(log => new FoundRecord(group, log))
                    .Where(record => Holds(query, record, index))
            );
        }
        return [.. found.OrderBy(record => record.Time)];
    }

    private static bool Holds(SearchQuery query, FoundRecord record, IndexConfig index) =>
        query switch
        {
            SearchQuery.All => true,
            SearchQuery.Not not => !Holds(not.Inner, record, index),
            SearchQuery.Both both => Holds(both.Left, record, index) && Holds(both.Right, record, index),
            SearchQuery.Either either => Holds(either.Left, record, index) || Holds(either.Right, record, index),
            SearchQuery.Range range => Between(range, record, index),
            SearchQuery.Words { Key: null } words => Anywhere(words.Text, record, index),
            SearchQuery.Words { Key: { } key } words => InField(key, words.Text, record, index),
            _ => false,
        };

    private static bool Between(SearchQuery.Range range, FoundRecord record, IndexConfig index) =>
        index.Field(range.Key) is { Type: "long" or "double" }
            ? TryNumber(record.Value(range.Key), out var value) && range.Holds(value)
            : throw SlsRefusal.Parameter($"the key {range.Key} is not indexed as long or double");

    private static bool Anywhere(string words, FoundRecord record, IndexConfig index)
    {
        if (index.Line is { } line)
            return HasAll(
                words,
                line.Delimiters,
                line.CaseSensitive,
                record.Contents.Where(one => line.Covers(one.Key)).Select(one => one.Value)
            );
        return index.TextFields.Any(field =>
            HasAll(words, field.Delimiters, field.CaseSensitive, [record.Value(field.Key) ?? ""])
        );
    }

    private static bool InField(string key, string words, FoundRecord record, IndexConfig index)
    {
        // Topic, source and tags are always indexed. Source: reserved fields of SLS.
        var reserved = key is "__topic__" or "__source__" || key.StartsWith("__tag__:", StringComparison.Ordinal);
        var field =
            index.Field(key) ?? (reserved ? new IndexConfig.FieldIndex(key, "text", " ", CaseSensitive: false) : null);
        if (field is null || record.Value(key) is not { } value)
            return false;
        if (words == "*")
            return true;
        return field.Type is "long" or "double"
            ? TryNumber(value, out var actual) && TryNumber(words, out var wanted) && actual == wanted
            : HasAll(words, field.Delimiters, field.CaseSensitive, [value]);
    }

    /// <summary>Every word of the query is a word of the values; <c>*</c> and <c>?</c> stand for letters.</summary>
    private static bool HasAll(string words, string delimiters, bool caseSensitive, IEnumerable<string> values)
    {
        var cut = delimiters.ToCharArray();
        var actual = values.SelectMany(value => value.Split(cut, StringSplitOptions.RemoveEmptyEntries)).ToArray();
        var wanted = words.Split(cut, StringSplitOptions.RemoveEmptyEntries);
        return wanted.Length > 0 && wanted.All(word => actual.Any(one => Wildcard.Matches(word, one, !caseSensitive)));
    }

    private static bool TryNumber(string? text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);
}
